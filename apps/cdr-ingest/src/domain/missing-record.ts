/** How patiently Hubject is asked for a record that does not come. */
export interface Patience {
  readonly firstPauseMinutes: number;
  readonly longestPauseHours: number;
  readonly attempts: number;
}

/**
 * When to ask again after so many attempts, each pause twice as long as the one before; `null` = no more: either the
 * station never sent a record, or it is not ours.
 */
export function askAgainAt(attempts: number, now: Date, { firstPauseMinutes, longestPauseHours, attempts: most }: Patience): Date | null {
  if (attempts >= most) return null;
  const pauseMinutes = Math.min(firstPauseMinutes * 2 ** Math.max(0, attempts - 1), longestPauseHours * 60);
  return new Date(now.getTime() + pauseMinutes * 60_000);
}
