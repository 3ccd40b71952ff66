import type { EpochMillis } from './instant.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The first of January 1970 was a Thursday. */
const FIRST_SUNDAY_MS = 3 * DAY_MS;

export interface FullLoadCalendar {
  readonly every: 'nightly' | 'weekly' | 'never';
  /** 0…23, UTC; weekly: of Sundays. */
  readonly hour: number;
}

/** Whether an appointed hour has passed since the last full load. */
export function fullLoadDue({ every, hour }: FullLoadCalendar, last: EpochMillis | null, now: EpochMillis): boolean {
  if (every === 'never' || last === null) return false;
  const period = every === 'nightly' ? DAY_MS : 7 * DAY_MS;
  const first = (every === 'nightly' ? 0 : FIRST_SUNDAY_MS) + hour * HOUR_MS;
  const appointed = first + Math.floor((now - first) / period) * period;
  return last < appointed;
}
