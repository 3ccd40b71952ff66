import { messageOf } from '@emp/kernel';
import type { Database } from '@emp/database';
import { backOffMs, pause } from '../back-off.ts';
import type { Subscription, SubscriptionRequest } from '../broker/broker.ts';
import { Together } from '../together.ts';
import type { Log } from '../log.ts';
import { Wake } from '../wake.ts';
import type { GroupTable, Partition } from './group-table.ts';
import { readLog, type LoggedEvent, type PartitionPlace, type Place } from './log-table.ts';

export interface SubscriptionSettings {
  /** The most events of one batch. */
  readonly batchSize: number;
  readonly leaseMs: number;
  /** The longest time between two looks at the log when nothing is announced. */
  readonly pollMs: number;
}

interface OwnedPartition extends Partition {
  place: Place;
  /** Another member waits for it. */
  surplus: boolean;
  failures: number;
  readonly revoked: AbortController;
}

/** After an announcement the row may wait for an older transaction to end, mostly for a few milliseconds. */
const FIRST_LOOK_MS = 4;
/** Looks in vain, before it is worth finding out whether some long transaction concerns this log at all. */
const THOROUGH_AFTER = 4;
/**
 * After small batches all partitions rest for a multiple of the time they took: meanwhile events gather, and a large
 * batch costs little more than a small one. So a busy machine has fewer, larger batches, an idle one hardly waits.
 */
const REST = { times: 3, longestMs: 60 };
const REDELIVER = { firstMs: 200, longestMs: 10_000 };

/** One member of a consumer group: owns partitions for a while, reads them, hands over batches, moves the cursors. */
export class PostgresSubscription implements Subscription {
  readonly #database: Database;
  readonly #table: GroupTable;
  readonly #request: SubscriptionRequest;
  readonly #settings: SubscriptionSettings;
  readonly #log: Log;
  readonly #wake = new Wake();
  readonly #stopping = new AbortController();
  readonly #owned = new Map<string, OwnedPartition>();
  readonly #underWay = new Map<string, Promise<void>>();
  /** Batches of several partitions mostly end in the same moment. */
  readonly #advances: Together<PartitionPlace, boolean>;
  #restUntil = 0;
  #leaseEndsAt = 0;
  #emptyLooks = 0;
  #reachable = true;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(parts: { database: Database; table: GroupTable; request: SubscriptionRequest; settings: SubscriptionSettings; log: Log }) {
    this.#database = parts.database;
    this.#table = parts.table;
    this.#request = parts.request;
    this.#settings = parts.settings;
    this.#log = parts.log;
    this.#advances = new Together({ work: (places) => this.#table.advance(places) });
  }

  /** Takes the first partitions before it resolves. */
  async start(): Promise<void> {
    await this.#balance();
    this.#loops = Promise.all([this.#balanceForEver(), this.#readForEver()]);
  }

  /** Something was appended to a topic. */
  notice(topic: string | 'any'): void {
    if (topic === 'any' || this.#request.topics.includes(topic)) this.#wake.ring();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.ring();
    await this.#loops;
    await Promise.all(this.#underWay.values());
    await this.#table.leave().catch((error: unknown) => this.#warn(error, 'partitions not freed, their lease will end'));
  }

  async #readForEver(): Promise<void> {
    let idleMs = FIRST_LOOK_MS;
    while (!this.#stopping.signal.aborted) {
      const restMs = this.#restUntil - Date.now();
      if (restMs > 0) await pause(restMs, this.#stopping.signal);
      const found = await this.#readOnce().catch((error: unknown) => this.#lost(error));
      this.#emptyLooks = found > 0 ? 0 : this.#emptyLooks + 1;
      const rung = await this.#wake.sleep(idleMs);
      idleMs = rung || found > 0 ? FIRST_LOOK_MS : Math.min(idleMs * 2, this.#settings.pollMs);
    }
  }

  async #readOnce(): Promise<number> {
    const ready = [...this.#owned].filter(([key, { surplus }]) => !surplus && !this.#underWay.has(key)).map(([, owned]) => owned);
    if (ready.length === 0) return 0;
    const places = ready.map(({ topic, partition, place }) => ({ topic, partition, ...place }));
    const which = this.#emptyLooks < THOROUGH_AFTER ? 'settled' : 'settled here';
    const events = await readLog(this.#database, { places, limit: this.#settings.batchSize, which });
    for (const batch of batchesOf(events)) {
      const key = keyOf(batch[0]);
      const owned = this.#owned.get(key);
      if (owned && !this.#stopping.signal.aborted) this.#underWay.set(key, this.#handle(owned, batch));
    }
    return events.length;
  }

  async #handle(owned: OwnedPartition, events: Events): Promise<void> {
    const { topic, partition, revoked } = owned;
    const { txid, id } = events.at(-1) ?? events[0];
    const begunAt = Date.now();
    try {
      await this.#request.onBatch({ topic, partition, events, revoked: revoked.signal });
      if (!(await this.#advances.add({ topic, partition, txid, id }))) this.#revoke(owned, 'another member took the partition over');
      // Not `owned`: the partition may have been lost and won again meanwhile.
      const current = this.#owned.get(keyOf(owned));
      if (current) Object.assign(current, { place: { txid, id }, failures: 0 });
      const restMs = events.length < this.#settings.batchSize ? Math.min(REST.longestMs, (Date.now() - begunAt) * REST.times) : 0;
      this.#restUntil = Math.max(this.#restUntil, Date.now() + restMs);
    } catch (error) {
      owned.failures += 1;
      if (this.#stopping.signal.aborted) return;
      this.#warn(error, 'batch failed, it will come again', { topic, partition, position: events[0].position });
      await pause(backOffMs(REDELIVER, owned.failures), AbortSignal.any([this.#stopping.signal, revoked.signal]));
    } finally {
      this.#underWay.delete(keyOf(owned));
      this.#wake.ring();
    }
  }

  async #balanceForEver(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await pause(this.#settings.leaseMs / 3, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      await this.#balance().catch((error: unknown) => {
        this.#lost(error);
        if (Date.now() > this.#leaseEndsAt) for (const owned of this.#owned.values()) this.#revoke(owned, 'the lease ran out');
      });
    }
  }

  async #balance(): Promise<void> {
    const askedAt = Date.now();
    const now = await this.#table.balance((partition) => this.#underWay.has(keyOf(partition)));
    this.#reachable = true;
    this.#leaseEndsAt = askedAt + this.#settings.leaseMs;
    const keys = new Set(now.map(keyOf));
    for (const [key, owned] of this.#owned) {
      if (!keys.has(key)) this.#revoke(owned, 'the partition is no longer ours');
    }
    for (const place of now) this.#own(place, place.surplus);
  }

  #own({ topic, partition, txid, id }: PartitionPlace, surplus: boolean): void {
    const key = keyOf({ topic, partition });
    const known = this.#owned.get(key);
    if (known?.surplus === surplus) return;
    if (known) known.surplus = surplus;
    else this.#owned.set(key, { topic, partition, place: { txid, id }, surplus, failures: 0, revoked: new AbortController() });
    // There may be something to read: most times there is not, and whoever only renews its lease need not look.
    this.#wake.ring();
  }

  #revoke(owned: OwnedPartition, reason: string): void {
    owned.revoked.abort(new Error(reason));
    this.#owned.delete(keyOf(owned));
  }

  /** Tells of an outage once. */
  #lost(error: unknown): 0 {
    if (this.#reachable) this.#warn(error, 'event log not reachable');
    this.#reachable = false;
    return 0;
  }

  #warn(error: unknown, message: string, more: Readonly<Record<string, unknown>> = {}): void {
    this.#log.warn({ group: this.#request.group, ...more, reason: messageOf(error), err: error }, message);
  }
}

type Events = readonly [LoggedEvent, ...LoggedEvent[]];

/** The events of a read, by partition. */
function batchesOf(events: readonly LoggedEvent[]): Events[] {
  const batches = new Map<string, [LoggedEvent, ...LoggedEvent[]]>();
  for (const event of events) {
    const batch = batches.get(keyOf(event));
    if (batch) batch.push(event);
    else batches.set(keyOf(event), [event]);
  }
  return [...batches.values()];
}

const keyOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`;
