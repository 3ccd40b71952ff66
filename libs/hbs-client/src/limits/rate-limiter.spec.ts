import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import { rateOf } from './rate-limiter.ts';
import { OPERATIONS } from '../operations.ts';

class SetClock {
  #ms = Date.parse('2026-05-01T10:00:00Z');
  now(): Date { return new Date(this.#ms); }
  advance(ms: number): void { this.#ms += ms; }
}

describe('the rate limit', () => {
  it('keeps every 60 seconds below the published limit, also the first after a rest', async () => {
    for (const { perMinute } of Object.values(OPERATIONS)) {
      const clock = new SetClock();
      const limiter = new MemoryRateLimiter(clock);
      let calls = 0;
      while ((await limiter.reserve('a', rateOf(perMinute), 60_000)) !== undefined) calls += 1;
      expect(calls).toBeLessThanOrEqual(perMinute);
      expect(calls).toBeGreaterThanOrEqual(Math.floor(perMinute * 0.8));
    }
  });

  it('lets calls through at once after a rest and then one by one', async () => {
    const limiter = new MemoryRateLimiter(new SetClock());
    const rate = { intervalMs: 1_000, burst: 2 };
    const waits = [];
    for (let call = 0; call < 4; call += 1) waits.push(await limiter.reserve('a', rate, 10_000));
    expect(waits).toEqual([0, 0, 1_000, 2_000]);
  });

  it('gives no turn, and takes none, when it would come too late', async () => {
    const clock = new SetClock();
    const limiter = new MemoryRateLimiter(clock);
    const rate = { intervalMs: 1_000, burst: 1 };
    await limiter.reserve('a', rate, 0);
    expect(await limiter.reserve('a', rate, 500)).toBeUndefined();
    clock.advance(1_000);
    expect(await limiter.reserve('a', rate, 0)).toBe(0);
  });

  it('pauses everybody after a 429', async () => {
    const clock = new SetClock();
    const limiter = new MemoryRateLimiter(clock);
    const rate = { intervalMs: 1_000, burst: 3 };
    await limiter.penalise('a', rate, 30_000);
    expect(await limiter.reserve('a', rate, 60_000)).toBe(30_000);
    expect(await limiter.reserve('b', rate, 60_000)).toBe(0);
  });
});
