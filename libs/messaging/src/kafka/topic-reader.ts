import type { Admin, Consumer, EachBatchPayload } from 'kafkajs';
import { newId } from '@emp/kernel';
import { backOffMs, pause } from '../back-off.ts';
import type { DeliveredEvent, Follow } from '../broker/broker.ts';
import { Handover } from './handover.ts';
import type { KafkaClient } from './kafka-client.ts';
import { persistently } from './persistently.ts';
import { fromRecord } from './record.ts';

/** Groups that only read, and never commit: Kafka forgets them when they leave. */
const READERS = 'emp-reader.';
export const isReader = (group: string): boolean => group.startsWith(READERS);

/** Compaction may have removed what a partition's end promised: then nothing more comes. */
const SILENT_MS = 3_000;
const TICK_MS = 250;
/** A coordinator that is just moving, or loading, refuses readers for a moment. */
const MOST_ATTEMPTS = 6;
const AGAIN = { firstMs: 200, longestMs: 5_000 };

interface Stretch {
  readonly partition: number;
  next: bigint;
  /** What lies from here on is not wanted. */
  readonly end: bigint | undefined;
}

/** What a topic holds now, partition by partition; or from a place on, for as long as wanted. Ends the client. */
export async function* readTopic(client: KafkaClient, admin: Admin, { topic, follow }: { topic: string; follow?: Follow | undefined }): AsyncIterable<DeliveredEvent> {
  try {
    const offsets = (await persistently(() => admin.fetchTopicOffsets(topic))).sort((one, other) => one.partition - other.partition);
    const stretches = offsets.map(({ partition, low, high }): Stretch =>
      follow ? { partition, next: BigInt(follow.from === 'now' ? high : low), end: undefined } : { partition, next: BigInt(low), end: BigInt(high) });
    const until = follow?.until ?? new AbortController().signal;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return yield* new TopicReading(client, topic, stretches).events(until);
      } catch (error) {
        if (attempt === MOST_ATTEMPTS || until.aborted) throw error;
        await pause(backOffMs(AGAIN, attempt), until);
      }
    }
  } finally {
    client.close();
  }
}

class TopicReading {
  readonly #topic: string;
  readonly #stretches: readonly Stretch[];
  readonly #consumer: Consumer;
  readonly #batches = new Handover<readonly DeliveredEvent[]>();
  readonly #resume = new Map<Stretch, () => void>();
  #lastSign = Number.POSITIVE_INFINITY;

  constructor(client: KafkaClient, topic: string, stretches: readonly Stretch[]) {
    this.#topic = topic;
    this.#stretches = stretches;
    this.#consumer = client.kafka.consumer({
      groupId: `${READERS}${newId()}`,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 100,
      retry: { retries: 4, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  async *events(until: AbortSignal): AsyncIterable<DeliveredEvent> {
    if (this.#isOver()) return;
    const { CRASH, GROUP_JOIN } = this.#consumer.events;
    this.#consumer.on(CRASH, ({ payload }) => this.#batches.fail(payload.error));
    this.#consumer.on(GROUP_JOIN, () => this.#joined());
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topic: this.#topic });
      await this.#consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => this.#eachBatch(payload) });
      while (!this.#isOver()) {
        for (const event of (await this.#batches.take(TICK_MS)) ?? []) {
          if (until.aborted) return;
          yield event;
          this.#advance(event.partition, BigInt(event.position) + 1n);
        }
        if (until.aborted) return;
        if (Date.now() - this.#lastSign > SILENT_MS) this.#skipCurrent();
      }
    } finally {
      this.#batches.close();
      await this.#consumer.disconnect().catch(() => undefined);
    }
  }

  /** Nothing is ever committed: whenever the group begins anew, the places are those kept here. */
  #joined(): void {
    for (const { partition, next } of this.#stretches) this.#consumer.seek({ topic: this.#topic, partition, offset: String(next) });
    this.#lastSign = Date.now();
  }

  async #eachBatch({ batch, resolveOffset, heartbeat, pause: pausePartition }: EachBatchPayload): Promise<void> {
    const stretch = this.#stretchOf(batch.partition);
    const current = this.#current();
    if (stretch === undefined || (stretch.end !== undefined && stretch !== current)) {
      const resume = pausePartition();
      if (stretch) this.#resume.set(stretch, resume);
      return;
    }
    const events = batch.messages.map((message) => fromRecord(this.#topic, batch.partition, message)).filter(({ position }) => isWithin(stretch, BigInt(position)));
    let taken = false;
    const handing = this.#batches.put(events).then(() => { taken = true; });
    while (!taken) {
      await Promise.race([handing, pause(TICK_MS)]);
      await heartbeat().catch(() => undefined);
    }
    this.#lastSign = Date.now();
    this.#advance(batch.partition, BigInt(batch.lastOffset()) + 1n);
    resolveOffset(batch.lastOffset());
    this.#resumeCurrent();
  }

  #stretchOf(partition: number): Stretch | undefined {
    return this.#stretches.find((each) => each.partition === partition);
  }

  #advance(partition: number, next: bigint): void {
    const stretch = this.#stretchOf(partition);
    if (stretch && next > stretch.next) stretch.next = next;
  }

  /** The first partition that is not read to its end. */
  #current(): Stretch | undefined {
    return this.#stretches.find(({ next, end }) => end === undefined || next < end);
  }

  #isOver(): boolean {
    return this.#current() === undefined;
  }

  #skipCurrent(): void {
    const current = this.#current();
    if (current?.end === undefined) return;
    current.next = current.end;
    this.#lastSign = Date.now();
    this.#resumeCurrent();
  }

  #resumeCurrent(): void {
    const current = this.#current();
    if (current) this.#resume.get(current)?.();
  }
}

const isWithin = ({ next, end }: Stretch, offset: bigint): boolean => offset >= next && (end === undefined || offset < end);
