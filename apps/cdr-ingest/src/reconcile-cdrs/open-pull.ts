import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import {
  continuePlan, planRegular, planSessions, planSpan, planSweep, type PlannedStep,
} from '../domain/pull-plan.ts';
import type { PullPlan, PullWindow } from '../domain/pull-windows.ts';
import { beginPull, readWatermark, type PullId } from './pull-store.ts';
import type { PullRun } from './reconcile-cdrs.ts';
import { addSteps, takeOver, unfinishedPull } from './step-store.ts';

export interface PullPolicy extends Pick<PullPlan, 'overlapHours' | 'lookBackDays' | 'windowHours'> {
  readonly sweepDays: number;
  /** SessionIDs in one request. */
  readonly sessionBatch: number;
}

/** Hubject's lists change: what was begun earlier than that is rather read anew. */
const RESUME_WITHIN_MS = 24 * 3_600_000;

/** Puts a pull on record with its steps: those that an earlier one of its kind left over, or new ones. */
export async function openPull(
  { database, clock }: { readonly database: Database; readonly clock: Clock }, policy: PullPolicy, pull: PullId, run: PullRun,
): Promise<void> {
  const { order: { kind }, trigger } = run;
  const now = clock.now();
  const resumable = kind === 'regular' || kind === 'sweep';
  const unfinished = resumable
    ? await unfinishedPull(database, pull.providerId, kind, new Date(now.getTime() - RESUME_WITHIN_MS)) : undefined;
  const goingOn = unfinished && continuePlan(unfinished.open, { ...unfinished, now, windowHours: policy.windowHours });
  const steps = goingOn ? goingOn.added : await planOf(database, policy, pull, { run, now });
  const kept = unfinished ? unfinished.open.filter(({ id }) => goingOn?.kept.includes(id)) : [];
  const span = spanOf([...kept, ...steps].map(({ window }) => window), now);
  await database.transaction(async (tx) => {
    await beginPull(tx, pull, { kind, trigger, span, now, resumes: unfinished?.reconciliationId ?? null });
    if (unfinished) await takeOver(tx, unfinished, pull, kept.map(({ id }) => id));
    await addSteps(tx, pull, steps);
  });
}

async function planOf(
  database: Database, policy: PullPolicy, { providerId }: PullId, { run: { order }, now }: { readonly run: PullRun; readonly now: Date },
): Promise<readonly PlannedStep[]> {
  switch (order.kind) {
    case 'regular':
      return planRegular({ ...policy, now, watermark: await readWatermark(database, providerId) });
    case 'sweep':
      return planSweep({ ...policy, now });
    case 'window':
      return order.span ? planSpan(order.span, { ...policy, now }) : [];
    case 'sessions':
      return planSessions(order.sessionIds ?? [], { now, batchSize: policy.sessionBatch });
  }
}

function spanOf(windows: readonly PullWindow[], now: Date): PullWindow {
  const [first = { from: now, to: now }] = windows;
  return windows.reduce((span, { from, to }) => ({ from: from < span.from ? from : span.from, to: to > span.to ? to : span.to }), first);
}
