import { LONGEST_LOOK_BACK_DAYS, planWindows, reachedBy, type PullPlan, type PullWindow } from './pull-windows.ts';

/**
 * `regular`: what came since the watermark, which follows it. `sweep`: the last weeks once more, for what came late into
 * Hubject's lists. `window` and `sessions`: asked for by hand, or because a record is missing.
 */
export type PullKind = 'regular' | 'sweep' | 'window' | 'sessions';

/** `not-forwarded`: what Hubject could not deliver (OICP §7.8, `CDRForwarded: false`). */
export type Selection = 'not-forwarded' | 'all' | 'sessions';

export interface PlannedStep {
  readonly selection: Selection;
  readonly window: PullWindow;
  /** Only these sessions; none = all. */
  readonly sessionIds: readonly string[];
  /** Where the watermark may stand once the step is complete. */
  readonly reaches: Date;
}

/** Hours: longer than anything Hubject answers for. */
const UNDIVIDED = LONGEST_LOOK_BACK_DAYS * 24 + 1;
const SECOND = 1_000;
const DAY = 86_400_000;

/** What Hubject failed to deliver is asked for first: it is little, and certainly missing here. */
export function planRegular(plan: PullPlan): readonly PlannedStep[] {
  return undeliveredFirst(planWindows(plan), plan.now);
}

export function planSweep(plan: Pick<PullPlan, 'now' | 'windowHours'> & { readonly sweepDays: number }): readonly PlannedStep[] {
  const windows = planWindows({ ...plan, watermark: null, overlapHours: 0, lookBackDays: plan.sweepDays });
  return undeliveredFirst(windows, plan.now);
}

/** A span that somebody asked for, as far as Hubject answers for it; empty if it does not at all. */
export function planSpan(span: PullWindow, { now, windowHours }: Pick<PullPlan, 'now' | 'windowHours'>): readonly PlannedStep[] {
  const until = new Date(Math.ceil(Math.min(span.to.getTime(), now.getTime()) / SECOND) * SECOND);
  const oldest = now.getTime() - LONGEST_LOOK_BACK_DAYS * DAY;
  const from = new Date(Math.floor(Math.max(span.from.getTime(), oldest) / SECOND) * SECOND);
  if (from >= until) return [];
  return inWindows({ from, to: until }, windowHours, now);
}

/** Some sessions, whenever Hubject received their records. */
export function planSessions(
  sessionIds: readonly string[], { now, batchSize }: { readonly now: Date; readonly batchSize: number },
): readonly PlannedStep[] {
  const [window] = planWindows({ now, watermark: null, overlapHours: 0, lookBackDays: LONGEST_LOOK_BACK_DAYS, windowHours: UNDIVIDED });
  if (!window) return [];
  const steps: PlannedStep[] = [];
  for (let at = 0; at < sessionIds.length; at += batchSize) {
    steps.push({ selection: 'sessions', window, sessionIds: sessionIds.slice(at, at + batchSize), reaches: window.from });
  }
  return steps;
}

/** A step of an earlier pull that was not done when the pull ended. */
export interface OpenStep {
  readonly id: string;
  readonly selection: Selection;
  readonly window: PullWindow;
  readonly begun: boolean;
}

/**
 * How a pull goes on that ended before its end: with the steps that were begun, and with windows up to now in place of
 * those that were not, so that nothing is read twice and nothing is left out.
 */
export function continuePlan(
  open: readonly OpenStep[],
  { plannedUntil, now, windowHours }: { readonly plannedUntil: Date; readonly now: Date; readonly windowHours: number },
): { readonly kept: readonly string[]; readonly added: readonly PlannedStep[] } {
  const untouched = (step: OpenStep): boolean => step.selection === 'all' && !step.begun;
  const from = Math.min(plannedUntil.getTime(), ...open.filter(untouched).map(({ window }) => window.from.getTime()));
  const [whole] = planWindows({ now, watermark: new Date(from), overlapHours: 0, lookBackDays: LONGEST_LOOK_BACK_DAYS, windowHours: UNDIVIDED });
  return {
    kept: open.filter((step) => !untouched(step)).map(({ id }) => id),
    added: whole ? inWindows(whole, windowHours, now) : [],
  };
}

function undeliveredFirst(windows: readonly PullWindow[], now: Date): readonly PlannedStep[] {
  const [first] = windows;
  const last = windows.at(-1);
  if (!first || !last) return [];
  const whole: PlannedStep = { selection: 'not-forwarded', window: { from: first.from, to: last.to }, sessionIds: [], reaches: first.from };
  return [whole, ...windows.map((window) => allOf(window, now))];
}

function inWindows({ from, to }: PullWindow, windowHours: number, now: Date): readonly PlannedStep[] {
  const steps: PlannedStep[] = [];
  const length = windowHours * 3_600_000;
  for (let at = from.getTime(); at < to.getTime(); at += length) {
    steps.push(allOf({ from: new Date(at), to: new Date(Math.min(to.getTime(), at + length)) }, now));
  }
  return steps;
}

const allOf = (window: PullWindow, now: Date): PlannedStep =>
  ({ selection: 'all', window, sessionIds: [], reaches: reachedBy(window, now) });
