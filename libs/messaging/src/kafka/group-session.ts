import type { Consumer, EachBatchPayload } from 'kafkajs';
import { pause } from '../back-off.ts';
import type { SubscriptionRequest } from '../broker/broker.ts';
import type { Log } from '../log.ts';
import type { Deliveries } from './deliveries.ts';
import { holdFor, within } from './hold-batch.ts';
import type { KafkaClient } from './kafka-client.ts';
import { LifeSigns } from './life-signs.ts';
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

/** A stop that finds no broker takes both of them, one after the other. */
const FAREWELL_MS = 2_000;
const COMMITTED_WITHIN_MS = 3_000;
const SESSION_LOST = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID']);

/** The life of one kafkajs consumer, from its joining of the group to its crash or its leaving. */
export class GroupSession {
  readonly #parts: GroupSessionParts;
  readonly #consumer: Consumer;
  #memberId: string | undefined;
  #assignment: Readonly<Record<string, readonly number[]>> = {};
  #starting: Promise<void> = Promise.resolve();
  /** Aborts, with the reason, when the session is. */
  readonly #over = new AbortController();

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

  /** Resolves when the session is over, with the reason. */
  async run(): Promise<unknown> {
    const { CRASH, GROUP_JOIN, HEARTBEAT } = this.#consumer.events;
    const { deliveries, settings: { sessionMs: silentAfterMs } } = this.#parts;
    const lifeSigns = new LifeSigns({
      silentAfterMs,
      onSilent: () => deliveries.revokeAll('nothing was heard of the group for as long as it waits for us'),
      onBack: () => deliveries.assign(this.#assignment),
    });
    this.#consumer.on(HEARTBEAT, () => lifeSigns.sign());
    this.#consumer.on(CRASH, ({ payload }) => this.#over.abort(payload.error));
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#joined(payload.memberId, payload.memberAssignment);
      lifeSigns.sign();
    });
    this.#starting = this.#start();
    this.#starting.catch((error: unknown) => this.#over.abort(error));
    await aborted(this.#over.signal);
    lifeSigns.stop();
    return this.#over.signal.reason;
  }

  /** Leaves the group, so that the others need not wait until the silence is noticed. */
  async close(): Promise<void> {
    const farewell = this.#starting.then(() => this.#consumer.disconnect());
    await within(FAREWELL_MS, farewell).catch(() => undefined);
    this.#parts.client.close();
    this.#over.abort(new Error('the session was closed'));
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
    const isAnother = this.#memberId !== undefined && this.#memberId !== memberId;
    if (isAnother) deliveries.revokeAll('the group had given this member up');
    this.#memberId = memberId;
    this.#assignment = assignment;
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
    const delivering = delivery.deliver(events, (next) => this.#commit(topic, partition, next));
    // A rebalance that is announced meanwhile waits for us: better done than interrupted. But all others wait, too.
    const { holdMs } = this.#parts.settings;
    const outcome = await holdFor(delivering, { ms: holdMs, meanwhile: () => this.#showLife(heartbeat) });
    if (outcome === 'passed') resolveOffset(batch.lastOffset());
    else this.#resumeAfter(delivering, delivery, pausePartition());
  }

  /** With a limit: while no broker is there, kafkajs would wait for one. */
  #commit(topic: string, partition: number, next: bigint): Promise<void> {
    return within(COMMITTED_WITHIN_MS, this.#consumer.commitOffsets([{ topic, partition, offset: String(next) }]));
  }

  /** Not waited for: a coordinator that hangs must not hide that the batch is done. */
  #showLife(heartbeat: () => Promise<void>): void {
    const { deliveries } = this.#parts;
    heartbeat().catch((error: unknown) => {
      const isLost = SESSION_LOST.has(protocolErrorOf(error) ?? '');
      if (isLost) deliveries.revokeAll('the group has given this member up');
    });
  }

  /** Until then the partition rests, the others go on; then the same place is read again. */
  #resumeAfter(delivering: Promise<Outcome>, delivery: PartitionDelivery, resume: () => void): void {
    void delivering.then(async (outcome) => {
      if (outcome === 'failed') await pause(delivery.restMs, this.#parts.stopping);
      resume();
    });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => { signal.addEventListener('abort', () => resolve(), { once: true }); });
}
