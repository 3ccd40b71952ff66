import { createNoopMeter, type Meter } from '@opentelemetry/api';
import { tryLock, type Connection, type Database } from '@emp/database';
import { TOPICS, type TopicSettings } from '@emp/events';
import { messageOf } from '@emp/kernel';
import { backOffMs, pause } from '../back-off.ts';
import type { Batch, Broker, Subscription } from '../broker/broker.ts';
import { Topics } from '../broker/topics.ts';
import { Slots } from '../inbox/slots.ts';
import type { Log } from '../log.ts';
import { Wake } from '../wake.ts';
import { observeOutbox, type OutboxMetrics } from './outbox-metrics.ts';
import { deletePublished, markPublished, readInterrupted, takeBatch, type NumberedEvent } from './outbox-table.ts';
import type { Outbox } from './outbox.ts';
import { relayGroup, REPEAT_TOPIC, repeatEvents, requestsFor } from './repeat-requests.ts';

export interface OutboxRelayOptions {
  readonly database: Database;
  readonly broker: Broker;
  readonly outbox: Outbox;
  readonly log: Log;
  readonly meter?: Meter;
  /** Events per publish. Default 500. */
  readonly batchSize?: number;
  /** The longest time between two looks at the outbox. Default 500. */
  readonly pollMs?: number;
  /** How long published rows stay, for audits and repeats. Default 7 days. */
  readonly keepPublishedDays?: number;
  /** The topics of the event catalogue, if not given. */
  readonly topics?: Readonly<Record<string, TopicSettings>>;
}

const LOCK = 'outbox-relay';
/** NOTIFY channel by which the other replicas tell the one that relays of their commits. */
const CHANNEL = 'outbox';
const TELL_EVERY_MS = 25;
/**
 * An event that comes alone is published at once. Under load they gather, for a multiple of the time that the last batch
 * took: a large one costs little more than a small one.
 */
const GATHER = { times: 2, shortestMs: 8, longestMs: 50 };
const RETRY = { firstMs: 100, longestMs: 10_000 };
const STANDBY = { firstMs: 1_500, longestMs: 1_500 };
const CLEAN_EVERY_MS = 3_600_000;
const CLEAN_CHUNK = 1_000;

/**
 * Publishes the outbox in order. Of all replicas of a service one does it, the one that holds the session lock; the
 * others stand by and take over when it dies. At least once: what was published and not yet marked when a process died
 * is published again. Numbers the events of each topic's partition without gaps, and publishes again those that a
 * consumer group turns out to lack.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #batchSize: number;
  readonly #metrics: OutboxMetrics;
  readonly #topics: Topics;
  readonly #wake = new Wake();
  /** One publishes at a time: the batches, or a repeat. */
  readonly #turns = new Slots(1);
  readonly #stopping = new AbortController();
  /** Whether a batch may have been taken that is not marked yet: it comes first. */
  #interrupted = true;
  #role: 'standby' | 'relaying' = 'standby';
  #telling: NodeJS.Timeout | undefined;
  #deafen: () => void = () => undefined;
  #cleanAt = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#batchSize = options.batchSize ?? 500;
    this.#topics = new Topics(options.topics ?? TOPICS);
    this.#metrics = observeOutbox(options.meter ?? createNoopMeter(), options.outbox, options.database);
  }

  start(): void {
    this.#deafen = this.#options.outbox.onAppended(() => this.#poke());
    this.#running = this.#run();
  }

  /** Publishes what is committed (as long as the broker takes it), then frees the lock. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#deafen();
    this.#wake.ring();
    await this.#running;
    clearTimeout(this.#telling);
    this.#metrics.close();
  }

  #poke(): void {
    if (this.#role === 'relaying') this.#wake.ring();
    else this.#telling ??= setTimeout(() => this.#tellTheOther(), TELL_EVERY_MS).unref();
  }

  /** Outside of the transactions that appended: NOTIFY makes commits wait for each other. */
  #tellTheOther(): void {
    this.#telling = undefined;
    void this.#options.database.query('SELECT pg_notify($1, $2)', [CHANNEL, '']).catch(() => undefined);
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      let connection: Connection | undefined;
      try {
        connection = await this.#options.database.connect();
        if (await this.#standBy(connection)) await this.#lead(connection);
      } catch (error) {
        this.#warn(error, 'outbox relay interrupted');
      } finally {
        this.#role = 'standby';
        await connection?.close();
      }
      await pause(backOffMs(RETRY, 1), this.#stopping.signal);
    }
  }

  /** Whether the lock is ours at last; `false` if the connection went or we are to stop before. */
  async #standBy(connection: Connection): Promise<boolean> {
    while (!connection.lost.aborted && !this.#stopping.signal.aborted) {
      if (await tryLock(connection, LOCK)) return true;
      await pause(backOffMs(STANDBY, 1), this.#stopping.signal);
    }
    return false;
  }

  async #lead(connection: Connection): Promise<void> {
    await connection.listen(CHANNEL, () => this.#wake.ring());
    this.#interrupted = true;
    const over = new AbortController();
    const repeating = this.#hearRequests(AbortSignal.any([over.signal, connection.lost]));
    try {
      await this.#relay(connection);
    } finally {
      over.abort();
      await (await repeating)?.stop();
    }
  }

  /** Nothing if the lead was over before the broker let us subscribe. */
  async #hearRequests(over: AbortSignal): Promise<Subscription | undefined> {
    const { broker, outbox: { source } } = this.#options;
    for (let attempt = 1; !over.aborted; attempt += 1) {
      try {
        return await broker.subscribe({ group: relayGroup(source), topics: [REPEAT_TOPIC], onBatch: (batch) => this.#repeat(batch) });
      } catch (error) {
        if (attempt === 1) this.#warn(error, 'outbox relay does not hear yet what is to be repeated');
        await pause(backOffMs(RETRY, attempt), over);
      }
    }
    return undefined;
  }

  async #repeat(batch: Batch): Promise<void> {
    const { database, broker, log, outbox: { source } } = this.#options;
    for (const request of requestsFor(source, batch)) {
      await this.#turns.run(() => repeatEvents({ database, broker, log, topics: this.#topics }, request));
    }
  }

  async #relay(connection: Connection): Promise<void> {
    this.#role = 'relaying';
    let failures = 0;
    while (!connection.lost.aborted) {
      // Before the look, not after it: what was committed until `stop()` is still to be published.
      const stopping = this.#stopping.signal.aborted;
      const begunAt = Date.now();
      try {
        const published = await this.#turns.run(() => this.#publishBatch(connection.lost));
        failures = 0;
        if (published === 'full batch') continue;
        if (stopping) return;
        await this.#cleanWhenDue();
        const gathered = published === 'some' ? pause(gatherMs(Date.now() - begunAt)) : undefined;
        await this.#wake.sleep(this.#options.pollMs ?? 500);
        await gathered;
      } catch (error) {
        failures += 1;
        this.#warn(error, 'outbox not published');
        if (stopping) return;
        await pause(backOffMs(RETRY, failures), this.#stopping.signal);
      }
    }
  }

  /** Publishes nothing once the lead is `lost`: another replica may be past this batch already. */
  async #publishBatch(lost: AbortSignal): Promise<'nothing' | 'some' | 'full batch'> {
    const { database, broker } = this.#options;
    const again: readonly NumberedEvent[] = this.#interrupted ? await readInterrupted(database) : [];
    this.#interrupted = true;
    const events = again.length > 0 ? again : await takeBatch(database, {
      limit: this.#batchSize, partitionOf: (topic, key) => this.#topics.partitionOf(topic, key),
    });
    lost.throwIfAborted();
    if (events.length > 0) {
      await broker.publish(events);
      await markPublished(database, events);
      this.#metrics.published.add(events.length);
    }
    this.#interrupted = false;
    if (events.length === 0) return 'nothing';
    return again.length > 0 || events.length === this.#batchSize ? 'full batch' : 'some';
  }

  async #cleanWhenDue(): Promise<void> {
    if (Date.now() < this.#cleanAt) return;
    const deleted = await deletePublished(this.#options.database, this.#options.keepPublishedDays ?? 7, CLEAN_CHUNK);
    if (deleted < CLEAN_CHUNK) this.#cleanAt = Date.now() + CLEAN_EVERY_MS;
  }

  #warn(error: unknown, message: string): void {
    this.#options.log.warn({ reason: messageOf(error), err: error }, message);
  }
}

const gatherMs = (tookMs: number): number => Math.min(GATHER.longestMs, Math.max(GATHER.shortestMs, tookMs * GATHER.times));
