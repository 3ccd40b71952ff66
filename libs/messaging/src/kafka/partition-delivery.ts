import { messageOf } from '@emp/kernel';
import { backOffMs } from '../back-off.ts';
import type { DeliveredEvent, SubscriptionRequest } from '../broker/broker.ts';
import type { Log } from '../log.ts';

export interface PartitionDeliveryParts {
  readonly topic: string;
  readonly partition: number;
  readonly request: SubscriptionRequest;
  /** The most events of one batch. */
  readonly batchSize: number;
  readonly log: Log;
  /** Aborts when no further batch is to be begun. */
  readonly stopping: AbortSignal;
}

/** `passed`: all of them are behind the group. `interrupted`: we stop, or the partition is no longer ours. */
export type Outcome = 'passed' | 'failed' | 'interrupted';

const REDELIVER = { firstMs: 200, longestMs: 10_000 };

/** One partition in the hands of one member: hands its events over, batch by batch, and knows how far it came. */
export class PartitionDelivery {
  readonly #parts: PartitionDeliveryParts;
  #revoked = new AbortController();
  #underWay: Promise<Outcome> | undefined;
  /** The first offset that is not behind the group yet, as far as this member knows. */
  #next = 0n;
  #failures = 0;

  constructor(parts: PartitionDeliveryParts) {
    this.#parts = parts;
  }

  get underWay(): Promise<Outcome> | undefined {
    return this.#underWay;
  }

  /** How long the partition should rest after a failure. */
  get restMs(): number {
    return backOffMs(REDELIVER, Math.max(1, this.#failures));
  }

  get revoked(): AbortSignal {
    return this.#revoked.signal;
  }

  /** The partition is ours (still, or again). */
  assign(): void {
    if (!this.#revoked.signal.aborted) return;
    this.#revoked = new AbortController();
    this.#next = 0n;
    this.#failures = 0;
  }

  revoke(reason: string): void {
    this.#revoked.abort(new Error(reason));
  }

  /** Without what has been handed over already: after a pause Kafka is asked from the last known place on. */
  unpassed(events: readonly DeliveredEvent[]): readonly DeliveredEvent[] {
    return events.filter(({ position }) => BigInt(position) >= this.#next);
  }

  /** Hands over, one batch after the other; `commit` takes the offset from which the group would go on. Never rejects. */
  deliver(events: readonly DeliveredEvent[], commit: (next: bigint) => Promise<void>): Promise<Outcome> {
    const delivering = this.#deliver(events, commit).finally(() => { this.#underWay = undefined; });
    this.#underWay = delivering;
    return delivering;
  }

  async #deliver(events: readonly DeliveredEvent[], commit: (next: bigint) => Promise<void>): Promise<Outcome> {
    const { topic, partition, request, batchSize, stopping } = this.#parts;
    const revoked = this.#revoked.signal;
    for (let start = 0; start < events.length; start += batchSize) {
      const [first, ...others] = events.slice(start, start + batchSize);
      if (first === undefined || stopping.aborted || revoked.aborted) return 'interrupted';
      try {
        await request.onBatch({ topic, partition, events: [first, ...others], revoked });
        if (revoked.aborted) return 'interrupted';
        const next = BigInt((others.at(-1) ?? first).position) + 1n;
        await commit(next);
        this.#next = next;
        this.#failures = 0;
      } catch (error) {
        if (stopping.aborted || revoked.aborted) return 'interrupted';
        this.#failures += 1;
        this.#parts.log.warn({
          group: request.group, topic, partition, position: first.position, reason: messageOf(error), err: error,
        }, 'batch failed, it will come again');
        return 'failed';
      }
    }
    return 'passed';
  }
}
