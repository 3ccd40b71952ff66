import { backOffMs, pause } from './back-off.ts';

describe('backing off', () => {
  it('doubles the wait up to its limit, with jitter', () => {
    for (const [attempt, full] of [[1, 100], [2, 200], [5, 1_600], [9, 10_000], [1_000, 10_000]] as const) {
      const waits = Array.from({ length: 50 }, () => backOffMs({ firstMs: 100, longestMs: 10_000 }, attempt));
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(full / 2);
      expect(Math.max(...waits)).toBeLessThanOrEqual(full);
      expect(new Set(waits).size).toBeGreaterThan(1);
    }
  });

  it('ends at once when it is told to', async () => {
    await pause(60_000, AbortSignal.abort());
  });
});
