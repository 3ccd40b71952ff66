/** How fast one bucket may be emptied. */
export interface Rate {
  /** Milliseconds between calls in the long run. */
  readonly intervalMs: number;
  /** Calls that may follow each other at once after a rest. */
  readonly burst: number;
}

/** Gives calls their turn. A reservation is made at once; the caller sleeps until its turn has come. */
export interface RateLimiter {
  /** Milliseconds until the caller's turn; `undefined`, and nothing reserved, if that is more than `patienceMs`. */
  reserve(bucket: string, rate: Rate, patienceMs: number): Promise<number | undefined>;
  /** After HTTP 429: nobody's turn comes before `pauseMs` have passed. */
  penalise(bucket: string, rate: Rate, pauseMs: number): Promise<void>;
}

/**
 * 80 % of the published calls per minute. The burst is a fifth of it, so that even the best placed 60 seconds
 * (full bucket and refill together) stay within the published limit (OICP §2.8).
 */
export function rateOf(perMinute: number): Rate {
  return { intervalMs: 60_000 / (perMinute * 0.8), burst: Math.max(1, Math.floor(perMinute * 0.2)) };
}
