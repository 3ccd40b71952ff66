import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { createNoopMeter, type Meter } from '@opentelemetry/api';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Database } from '@emp/database';
import { EmpError, messageOf } from '@emp/kernel';
import { eventDefinition, TOPICS, type EmpEvent, type TopicSettings } from '@emp/events';
import type { BackOff } from '../back-off.ts';
import type { Broker } from '../broker/broker.ts';
import type { Log } from '../log.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { BatchContext } from './batch-context.ts';
import { EVENT_LOG, type Consumption } from './consume-events.ts';
import { observeConsumers, type ConsumerMetrics } from './consumer-metrics.ts';
import { GapWatch } from './gap-watch.ts';
import { GroupConsumer } from './group-consumer.ts';
import { declareGroups } from './group-declaration.ts';
import { forgetSeen } from './inbox-table.ts';
import { Members } from './members.ts';
import { Slots } from './slots.ts';

export interface EventTransportOptions {
  readonly broker: Broker;
  /** The service's own database, with the messaging tables. */
  readonly database: Database;
  readonly log: Log;
  /** Where it asks for the repeat of events that never came; without it, it only tells of them. */
  readonly outbox?: Outbox;
  readonly meter?: Meter;
  /** Attempts at an event before it becomes a dead letter. Default 8. */
  readonly maxAttempts?: number;
  /** Between attempts. Default 100 ms, doubled up to 10 s. */
  readonly retry?: BackOff;
  /** Batches handled at once, each with a connection of the database's pool. Default 4. */
  readonly concurrentBatches?: number;
  /** For how long a repeat is recognised. Default 30 days. */
  readonly keepInboxDays?: number;
  /** Types that are handed to handlers; others are passed over. Those of the event catalogue, if not given. */
  readonly isKnownType?: (type: string) => boolean;
  /** The topics of the event catalogue, if not given. */
  readonly topics?: Readonly<Record<string, TopicSettings>>;
  /** How long a request for missing events may take before it is made again. Default 30 s, doubled up to an hour. */
  readonly askAgainMs?: number;
  /** How soon the process hears that one of its groups is held. Default 1 s. */
  readonly lookEveryMs?: number;
}

const CLEAN_EVERY_MS = 3_600_000;
const CLEAN_CHUNK = 5_000;

/** Nest's transport for methods with `@ConsumeEvents`: feeds them from the event log, each event once. */
export class EventTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = EVENT_LOG;
  /** A failed handler is our business: the events are tried again, and told about then. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: EventTransportOptions;
  readonly #stopping = new AbortController();
  readonly #members: Members;
  #gaps: GapWatch | undefined;
  #metrics: ConsumerMetrics | undefined;
  #cleaner: NodeJS.Timeout | undefined;

  constructor(options: EventTransportOptions) {
    super();
    this.#options = options;
    this.#members = new Members({ database: options.database, log: options.log, lookEveryMs: options.lookEveryMs ?? 1_000 });
  }

  listen(callback: (error?: unknown) => void): void {
    this.#subscribeAll().then(() => callback(), (error: unknown) => callback(error));
  }

  /** Takes no further batch, finishes those under way, frees the partitions. */
  async close(): Promise<void> {
    this.#stopping.abort(new EmpError('consumer-stopping', 'the consumer is shutting down', { retry: 'helps' }));
    clearInterval(this.#cleaner);
    await this.#members.close();
    await this.#gaps?.close();
    this.#metrics?.close();
  }

  override on(): never {
    throw new EmpError('not-supported', 'the event transport has no events of its own', { retry: 'useless' });
  }

  override unwrap<T>(): T {
    return this.#options.broker as T;
  }

  async #subscribeAll(): Promise<void> {
    const { broker, database, outbox, log, meter = createNoopMeter(), topics } = this.#options;
    const declared: Readonly<Record<string, TopicSettings>> = topics ?? TOPICS;
    const slots = new Slots(this.#options.concurrentBatches ?? 4);
    const groups = [...this.messageHandlers.keys()];
    const metrics = observeConsumers(meter, { broker, log, groups });
    this.#metrics = metrics;
    const gaps = new GapWatch({ groups, database, outbox, log, meter, askAgainMs: this.#options.askAgainMs ?? 30_000 });
    this.#gaps = gaps;
    this.#cleaner = setInterval(() => void this.#clean(), CLEAN_EVERY_MS).unref();
    for (const [group, handler] of this.messageHandlers) {
      const { topics } = handler.extras as unknown as Consumption;
      if (handler.next) throw new EmpError('consumer-group-twice', `two methods consume as group ${group}: each would get half of the events`, { retry: 'useless' });
      const consumer = new GroupConsumer({
        group, broker, database, log, slots,
        handler: calling(handler),
        events: metrics.events,
        isKnownType: this.#options.isKnownType ?? ((type) => eventDefinition(type) !== undefined),
        maxAttempts: this.#options.maxAttempts ?? 8,
        retry: this.#options.retry ?? { firstMs: 100, longestMs: 10_000 },
        stopping: this.#stopping.signal,
        keepsLatest: (topic) => declared[topic]?.keep === 'latest-per-key',
        onGap: () => gaps.look(),
      });
      this.#members.add(group, () => broker.subscribe({ group, topics, onBatch: (batch) => consumer.consume(batch) }));
    }
    await declareGroups(database, [...this.messageHandlers].map(([group, { extras }]) => {
      const { topics, rebuildable = false } = extras as unknown as Consumption;
      return { group, topics, rebuildable };
    }));
    await this.#members.start();
    gaps.start();
  }

  async #clean(): Promise<void> {
    const { database, log, keepInboxDays = 30 } = this.#options;
    try {
      while ((await forgetSeen(database, keepInboxDays, CLEAN_CHUNK)) === CLEAN_CHUNK) continue;
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'inbox not cleaned');
    }
  }
}

/** Nest's handlers return a value, a promise or a stream, or a promise of one of these. */
function calling(handler: MessageHandler): (events: readonly EmpEvent[], ctx: BatchContext) => Promise<void> {
  return async (events, ctx) => {
    const result: unknown = await handler(events, ctx);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  };
}
