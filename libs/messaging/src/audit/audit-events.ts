import { Database } from '@emp/database';
import { TOPICS, type TopicSettings } from '@emp/events';
import type { Broker, GroupLag } from '../broker/broker.ts';
import { declaredGroups, type GroupDeclaration } from '../inbox/group-declaration.ts';
import { openGaps } from '../inbox/sequence-table.ts';
import { Findings, type AuditReport } from './audit-report.ts';
import { InboxAudit } from './inbox-audit.ts';
import { OutboxAudit } from './outbox-audit.ts';

export interface AuditedService {
  /** As it calls itself in `ce_source`. */
  readonly name: string;
  readonly databaseUrl: string;
}

export interface AuditRequest {
  readonly broker: Broker;
  readonly services: readonly AuditedService[];
  /** The topics of the event catalogue, if not given. */
  readonly topics?: Readonly<Record<string, TopicSettings>>;
  /** For how long inboxes know what they have seen. Default 30. */
  readonly inboxDays?: number;
}

interface Opened {
  readonly name: string;
  readonly database: Database;
  readonly groups: readonly GroupDeclaration[];
}

const DAY_MS = 86_400_000;

/**
 * Compares outboxes, log and inboxes and names what differs, while everything runs: what was published must be in the
 * log, what a group has passed must be in its inbox or its dead letters. Reads all of it, topic by topic, a page at a
 * time. (A replay at the same moment looks like events that were not handled.)
 */
export async function auditEvents({ broker, services, topics = TOPICS, inboxDays = 30 }: AuditRequest): Promise<AuditReport> {
  const findings = new Findings();
  const databases = services.map(({ name, databaseUrl }) => ({ name, database: new Database({ url: databaseUrl, applicationName: 'event audit', maxConnections: 2 }) }));
  try {
    const opened = await Promise.all(databases.map(async (each) => ({ ...each, groups: await declaredGroups(each.database) })));
    const since = new Date(Date.now() - (inboxDays - 1) * DAY_MS);
    for (const [topic, { keep }] of Object.entries(topics)) {
      await auditTopic({ broker, topic, keep, services: opened, lag: await broker.lag(), since }, findings);
    }
    for (const { database } of opened) {
      const [row] = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL');
      findings.waiting += row?.count ?? 0;
      for (const gap of await openGaps(database)) findings.add({ kind: 'gap', ...gap });
    }
    return findings.report();
  } finally {
    for (const { database } of databases) await database.close();
  }
}

interface TopicAudit extends Pick<TopicSettings, 'keep'> {
  readonly broker: Broker;
  readonly topic: string;
  readonly services: readonly Opened[];
  readonly lag: readonly GroupLag[];
  readonly since: Date;
}

async function auditTopic({ broker, topic, keep, services, lag, since }: TopicAudit, findings: Findings): Promise<void> {
  const outboxes = await Promise.all(services.map(({ name, database }) => OutboxAudit.begin(name, database, topic)));
  const inboxes = services.flatMap(({ database, groups }) =>
    groups.filter((each) => each.topics.includes(topic)).map(({ group }) => new InboxAudit({ group, database, lag, topic, since })));
  for await (const event of broker.read(topic)) {
    findings.events += 1;
    for (const outbox of outboxes) outbox.see(event, findings);
    for (const inbox of inboxes) await inbox.see(event, findings);
  }
  for (const inbox of inboxes) await inbox.compare(findings);
  for (const outbox of outboxes) await outbox.compare(findings, { mayBeOutdated: keep === 'latest-per-key' });
}
