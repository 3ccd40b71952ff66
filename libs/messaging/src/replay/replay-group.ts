import type { Database } from '@emp/database';
import { TOPICS, type TopicSettings } from '@emp/events';
import { EmpError } from '@emp/kernel';
import { pause } from '../back-off.ts';
import type { Broker } from '../broker/broker.ts';
import { OUTDATED, REPLAY_FOR } from '../dead-letter/dead-letter.ts';
import { withServices, type OpenedService, type ServicePlace } from '../service-databases.ts';
import { declaredGroups, holdGroup, releaseGroup, type GroupDeclaration } from '../inbox/group-declaration.ts';

export interface ReplayRequest {
  readonly broker: Broker;
  /** Of which one has the group. */
  readonly services: readonly ServicePlace[];
  readonly group: string;
  /** From the first event that is kept, or those appended since. */
  readonly from: 'beginning' | Date;
  readonly mode: 'dry-run' | 'replay';
  /** The topics of the event catalogue, if not given. */
  readonly topics?: Readonly<Record<string, TopicSettings>>;
}

export interface ReplayReport {
  /** Events by type that are (or would be) handled again. */
  readonly events: Readonly<Record<string, number>>;
  /** Repeats of which the group had taken note and forgets. */
  readonly forgotten: number;
  /** Topics that keep only the latest event of each key: rows that came of earlier ones are not built again. */
  readonly latestOnly: readonly string[];
}

const HOLD_MS = 60_000;
const PATIENCE_MS = 45_000;
const TRY_EVERY_MS = 250;
const CHUNK = 5_000;
/** The clock of the log and that of the service may differ. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Lets a group that builds a read model handle its events again, while the service runs: its members leave for a moment,
 * what the group has seen is forgotten, its place is moved back, and they go on. Drop the rows of the read model before,
 * unless they tell of a time from which a topic keeps only the latest: `latestOnly` says which, also in a dry run.
 * @throws EmpError `group-unknown`; `group-not-rebuildable`, if a repeat would repeat effects; `group-running`, if the
 * members do not leave (a version of the service that does not listen).
 */
export async function replayGroup(request: ReplayRequest): Promise<ReplayReport> {
  return withServices(request.services, async (services) => {
    const declaration = await rebuildable(services, request.group);
    const events = await countEvents(request.broker, declaration, request.from);
    const { mode } = request;
    const topics: Readonly<Record<string, TopicSettings>> = request.topics ?? TOPICS;
    const latestOnly = declaration.topics.filter((topic) => topics[topic]?.keep === 'latest-per-key');
    if (mode === 'dry-run') return { events, forgotten: 0, latestOnly };
    const { group, database } = declaration;
    await holdGroup(database, group, HOLD_MS);
    try {
      return { events, forgotten: await moveWhenIdle(request, declaration), latestOnly };
    } finally {
      await releaseGroup(database, group);
    }
  });
}

interface Declared extends GroupDeclaration {
  readonly database: Database;
}

async function rebuildable(services: readonly OpenedService[], group: string): Promise<Declared> {
  const declared = (await Promise.all(services.map(async ({ database }) => (await declaredGroups(database)).map((each) => ({ ...each, database }))))).flat();
  const found = declared.find((each) => each.group === group);
  if (found?.rebuildable === true) return found;
  const others = declared.filter((each) => each.rebuildable).map((each) => each.group).join(', ') || 'none';
  if (found === undefined) {
    throw new EmpError('group-unknown', `no service has declared a consumer group ${group}; can be replayed: ${others}`, { retry: 'useless' });
  }
  throw new EmpError(
    'group-not-rebuildable',
    `group ${group} is no read model: to handle its events again would repeat their effects; can be replayed: ${others}`,
    { retry: 'useless' },
  );
}

async function moveWhenIdle({ broker, from }: ReplayRequest, { database, group, topics }: Declared): Promise<number> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  let forgotten = 0;
  for (;;) {
    try {
      // Before the move: what a member handles after this stands, and is passed over when it comes again.
      forgotten += await forget(database, group, from);
      await broker.moveGroup({ group, topics, from });
      return forgotten;
    } catch (error) {
      if (!(error instanceof EmpError && error.slug === 'group-running') || Date.now() > giveUpAt) throw error;
      await pause(TRY_EVERY_MS);
    }
  }
}

/** What the group has seen or given up since; returns how many events it had seen. */
async function forget(database: Database, group: string, from: 'beginning' | Date): Promise<number> {
  const since = from === 'beginning' ? new Date(0) : new Date(from.getTime() - CLOCKS_DIFFER_MS);
  await database.execute('DELETE FROM inbox_failure WHERE consumer_group = $1 AND last_failed_at >= $2', [group, since]);
  for (let total = 0; ;) {
    const deleted = await database.execute(
      'DELETE FROM inbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM inbox WHERE consumer_group = $1 AND received_at >= $2 LIMIT $3))',
      [group, since, CHUNK],
    );
    total += deleted;
    if (deleted < CHUNK) return total;
  }
}

/** Reads the log: it tells what it holds no other way. */
async function countEvents(broker: Broker, { group, topics }: GroupDeclaration, from: 'beginning' | Date): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const topic of topics) {
    for await (const { headers, appendedAt } of broker.read(topic)) {
      if (from !== 'beginning' && appendedAt < from) continue;
      if ((headers[REPLAY_FOR] ?? group) !== group || headers[OUTDATED] !== undefined) continue;
      const type = headers['ce_type'] ?? '(no type)';
      counts[type] = (counts[type] ?? 0) + 1;
    }
  }
  return counts;
}
