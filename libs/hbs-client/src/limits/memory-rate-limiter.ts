import type { Clock } from '@emp/kernel';
import type { Rate, RateLimiter } from './rate-limiter.ts';

/** Token buckets of one process (generic cell rate algorithm: one instant per bucket says everything). */
export class MemoryRateLimiter implements RateLimiter {
  readonly #clock: Clock;
  readonly #fullAt = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async reserve(bucket: string, rate: Rate, patienceMs: number): Promise<number | undefined> {
    const now = this.#clock.now().getTime();
    const fullAt = Math.max(this.#fullAt.get(bucket) ?? 0, now) + rate.intervalMs;
    const waitMs = Math.max(0, fullAt - now - rate.burst * rate.intervalMs);
    if (waitMs > patienceMs) return undefined;
    this.#fullAt.set(bucket, fullAt);
    return waitMs;
  }

  async penalise(bucket: string, rate: Rate, pauseMs: number): Promise<void> {
    const now = this.#clock.now().getTime();
    const emptyUntil = now + pauseMs + (rate.burst - 1) * rate.intervalMs;
    this.#fullAt.set(bucket, Math.max(this.#fullAt.get(bucket) ?? 0, emptyUntil));
  }
}
