import { TOPICS, type TopicSettings } from '@emp/events';
import type { Broker, GroupLag } from '../broker/broker.ts';
import { declaredGroups, type GroupDeclaration } from '../inbox/group-declaration.ts';
import { openGaps } from '../inbox/sequence-table.ts';
import { withServices, type OpenedService, type ServicePlace } from '../service-databases.ts';
import { Findings, type AuditReport } from './audit-report.ts';
import { InboxAudit } from './inbox-audit.ts';
import { OutboxAudit } from './outbox-audit.ts';

export interface AuditRequest {
  readonly broker: Broker;
  readonly services: readonly ServicePlace[];
  /** The topics of the event catalogue, if not given. */
  readonly topics?: Readonly<Record<string, TopicSettings>>;
  /** For how long inboxes know what they have seen. Default 30. */
  readonly inboxDays?: number;
}

interface Opened extends OpenedService {
  readonly groups: readonly GroupDeclaration[];
}

const DAY_MS = 86_400_000;

/**
 * Compares outboxes, log and inboxes and names what differs, while everything runs: what was published must be in the
 * log, what a group has passed must be in its inbox or its dead letters. Reads all of it, topic by topic, a page at a
 * time. (A replay at the same moment looks like events that were not handled.)
 */
export async function auditEvents({ broker, services: places, topics = TOPICS, inboxDays = 30 }: AuditRequest): Promise<AuditReport> {
  const findings = new Findings();
  const since = new Date(Date.now() - (inboxDays - 1) * DAY_MS);
  await withServices(places, async (opened) => {
    const services = await Promise.all(opened.map(async (each) => ({ ...each, groups: await declaredGroups(each.database) })));
    for (const [topic, { keep }] of Object.entries(topics)) {
      await auditTopic({ broker, topic, keep, services, lag: await broker.lag(), since }, findings);
    }
    for (const { database } of services) {
      const [row] = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL');
      findings.waiting += row?.count ?? 0;
      for (const gap of await openGaps(database)) findings.add({ kind: 'gap', ...gap });
    }
  });
  return findings.report();
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
