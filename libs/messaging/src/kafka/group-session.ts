import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { pause } from '../back-off.ts';
import type { SubscriptionRequest } from '../broker/broker.ts';
import type { Log } from '../log.ts';
import type { Deliveries } from './deliveries.ts';
import type { KafkaClient } from './kafka-client.ts';
import type { Outcome, PartitionDelivery } from './partition-delivery.ts';
import { protocolErrorOf } from './protocol-error.ts';
import { fromRecord } from './record.ts';

export interface KafkaConsumerSettings {
  /** The most events of one batch. */
  readonly batchSize: number;
  /** How long the others leave a silent member its partitions. */
  readonly sessionMs: number;
  /** The longest wait of one question for new events, and about the time that a stop takes. */
  readonly waitMs: number;
  /** How long a batch may keep a rebalance and the other partitions waiting; then it goes on beside them. */
  readonly holdMs: number;
}

export interface GroupSessionParts {
  /** The session's own: its end is the client's end. */
  readonly client: KafkaClient;
  readonly request: SubscriptionRequest;
  /** How many batches may be handled side by side: the partitions of all topics. */
  readonly partitions: number;
  readonly settings: KafkaConsumerSettings;
  readonly deliveries: Deliveries;
  readonly log: Log;
  readonly stopping: AbortSignal;
}

const FAREWELL_MS = 5_000;
const TICK_MS = 250;
const SESSION_LOST = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID']);

/** The life of one kafkajs consumer, from its joining of the group to its crash or its leaving. */
export class GroupSession {
  readonly #parts: GroupSessionParts;
  readonly #consumer: Consumer;
  #memberId: string | undefined;
  #starting: Promise<void> = Promise.resolve();
  #end: (reason: unknown) => void = () => undefined;

  constructor(parts: GroupSessionParts) {
    this.#parts = parts;
    const { sessionMs, waitMs } = parts.settings;
    this.#consumer = parts.client.kafka.consumer({
      groupId: parts.request.group,
      allowAutoTopicCreation: false,
      sessionTimeout: sessionMs,
      heartbeatInterval: Math.floor(sessionMs / 4),
      rebalanceTimeout: 2 * sessionMs,
      maxWaitTimeInMs: waitMs,
      // Few: kafkajs looks for the group's new coordinator only when it begins anew. That is done by us, not by it.
      retry: { initialRetryTime: 100, maxRetryTime: 500, retries: 4, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  /** Resolves when the session is over: with the reason of a crash, or nothing if it was closed. */
  async run(): Promise<unknown> {
    const ended = new Promise<unknown>((resolve) => { this.#end = resolve; });
    const { CRASH, GROUP_JOIN } = this.#consumer.events;
    this.#consumer.on(CRASH, ({ payload }) => this.#end(payload.error));
    this.#consumer.on(GROUP_JOIN, ({ payload }) => this.#joined(payload.memberId, payload.memberAssignment));
    this.#starting = this.#start();
    this.#starting.catch((error: unknown) => this.#end(error));
    return ended;
  }

  /** Leaves the group, so that the others need not wait until the silence is noticed. */
  async close(): Promise<void> {
    const farewell = this.#starting.then(() => this.#consumer.disconnect());
    await Promise.race([farewell, delay(FAREWELL_MS, undefined, { ref: false })]).catch(() => undefined);
    this.#parts.client.close();
    this.#end(undefined);
  }

  async #start(): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...this.#parts.request.topics], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.#parts.partitions,
      eachBatch: (payload) => this.#eachBatch(payload),
    });
  }

  #joined(memberId: string, assignment: Readonly<Record<string, readonly number[]>>): void {
    const { deliveries, log, request: { group } } = this.#parts;
    if (this.#memberId !== undefined && this.#memberId !== memberId) deliveries.revokeAll('the group had given this member up');
    this.#memberId = memberId;
    deliveries.assign(assignment);
    log.info({ group, partitions: assignment }, 'partitions assigned');
  }

  /** Never throws: what kafkajs takes for a programming error would stop the consumer for good. */
  async #eachBatch({ batch, resolveOffset, heartbeat, pause: pausePartition }: EachBatchPayload): Promise<void> {
    const { topic, partition } = batch;
    const delivery = this.#parts.deliveries.of(topic, partition);
    if (this.#parts.stopping.aborted) return void pausePartition();
    // Left over from before a rebalance: one batch of a partition at a time.
    if (delivery.underWay) return this.#resumeAfter(delivery.underWay, delivery, pausePartition());
    const events = delivery.unpassed(batch.messages.map((message) => fromRecord(topic, partition, message)));
    const delivering = delivery.deliver(events, (next) => this.#consumer.commitOffsets([{ topic, partition, offset: String(next) }]));
    const outcome = await this.#hold(delivering, heartbeat);
    if (outcome === 'passed') resolveOffset(batch.lastOffset());
    else this.#resumeAfter(delivering, delivery, pausePartition());
  }

  /** Waits for the batch, showing that we are alive; but not for ever, for all others wait, too. */
  async #hold(delivering: Promise<Outcome>, heartbeat: () => Promise<void>): Promise<Outcome | 'slow'> {
    const until = Date.now() + this.#parts.settings.holdMs;
    while (Date.now() < until) {
      const over = new AbortController();
      const outcome = await Promise.race([delivering, pause(TICK_MS, over.signal)]);
      over.abort();
      if (outcome !== undefined) return outcome;
      // A rebalance that is announced here waits for us: better done than interrupted.
      await heartbeat().catch((error: unknown) => {
        if (SESSION_LOST.has(protocolErrorOf(error) ?? '')) this.#parts.deliveries.revokeAll('the group has given this member up');
      });
    }
    return 'slow';
  }

  /** Until then the partition rests, the others go on; then the same place is read again. */
  #resumeAfter(delivering: Promise<Outcome>, delivery: PartitionDelivery, resume: () => void): void {
    void delivering.then(async (outcome) => {
      if (outcome === 'failed') await pause(delivery.restMs, this.#parts.stopping);
      resume();
    });
  }
}
