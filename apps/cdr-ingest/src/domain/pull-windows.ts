/** A span of Hubject's time of receipt (OICP §7.8); `to` is where the next one begins. */
export interface PullWindow {
  readonly from: Date;
  readonly to: Date;
}

/** OICP §7.8: Hubject answers for the last 89 days, no more. */
export const LONGEST_LOOK_BACK_DAYS = 89;

const SECOND = 1_000;
const HOUR = 3_600_000;

export interface PullPlan {
  /** Everything that Hubject received before it has been fetched; `null` = nothing was ever fetched. */
  readonly watermark: Date | null;
  readonly now: Date;
  /** How far behind the watermark a pull starts again, for records that came late into Hubject's lists. */
  readonly overlapHours: number;
  /** How far the first pull looks back. */
  readonly lookBackDays: number;
  /** Longest span of one window, so that a long absence is caught up in steps that last. */
  readonly windowHours: number;
}

/**
 * The windows to pull now, oldest first, without gaps, never older than Hubject answers for. They are whole seconds
 * (OICP §3), and the last one includes the second that is running: its records may be there already.
 */
export function planWindows(plan: PullPlan): readonly PullWindow[] {
  const now = Math.ceil(plan.now.getTime() / SECOND) * SECOND;
  const oldest = now - Math.min(plan.lookBackDays, LONGEST_LOOK_BACK_DAYS) * 24 * HOUR;
  const farthest = now - LONGEST_LOOK_BACK_DAYS * 24 * HOUR;
  const start = plan.watermark === null
    ? oldest
    : Math.max(farthest, Math.min(now, plan.watermark.getTime()) - plan.overlapHours * HOUR);
  const windows: PullWindow[] = [];
  for (let from = start; from < now; from += plan.windowHours * HOUR) {
    windows.push({ from: new Date(from), to: new Date(Math.min(now, from + plan.windowHours * HOUR)) });
  }
  return windows;
}

/** Where the watermark may stand after a complete window: a second that was still running is asked for again. */
export function reachedBy(window: PullWindow, now: Date): Date {
  return new Date(Math.min(window.to.getTime(), Math.floor(now.getTime() / SECOND) * SECOND));
}
