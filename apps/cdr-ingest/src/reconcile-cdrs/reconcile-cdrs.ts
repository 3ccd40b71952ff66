import { EmpError, messageOf, type Clock } from '@emp/kernel';
import type { HbsClient } from '@emp/hbs-client';
import type { Log } from '@emp/service-kit';
import type { PullKind } from '../domain/pull-plan.ts';
import type { PullWindow } from '../domain/pull-windows.ts';
import { openPull, type PullPolicy } from './open-pull.ts';
import { endPull, markInterrupted, type PullId, type PullResult, type PullTrigger } from './pull-store.ts';
import { readStep, type ReadParts } from './read-step.ts';
import { anyIncomplete, nextStep } from './step-store.ts';

export interface ReconcileParts extends ReadParts {
  readonly client: Pick<HbsClient, 'getChargeDetailRecords'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ReconcilePolicy extends PullPolicy {
  readonly providers: readonly string[];
  readonly pageSize: number;
}

/** What is to be pulled. */
export interface PullOrder {
  readonly kind: PullKind;
  readonly providers: readonly string[];
  /** For `window`. */
  readonly span?: PullWindow;
  /** For `sessions`. */
  readonly sessionIds?: readonly string[];
}

export interface PullRun {
  readonly id: string;
  readonly trigger: PullTrigger;
  readonly order: PullOrder;
  readonly signal: AbortSignal;
  readonly begun: () => void;
}

/** Kinds that run under the same lock: whoever holds it knows that no other process is at them. */
const LANE: Readonly<Record<PullKind, readonly PullKind[]>> = {
  regular: ['regular'], sweep: ['sweep'], window: ['window', 'sessions'], sessions: ['window', 'sessions'],
};

/**
 * Pulls what Hubject has and we may lack (OICP §7.8), provider after provider. Run it under a lock. Every page is
 * committed by itself, with the place where to go on; the watermark follows only complete windows.
 */
export async function reconcileCdrs(parts: ReconcileParts, policy: ReconcilePolicy, run: PullRun): Promise<void> {
  await markInterrupted(parts.database, LANE[run.order.kind], parts.clock.now());
  for (const providerId of run.order.providers) {
    const pull: PullId = { reconciliationId: run.id, providerId };
    await openPull(parts, policy, pull, run);
    run.begun();
    const result = await pullSteps(parts, policy, pull, run);
    await endPull(parts.database, pull, result, parts.clock.now());
    parts.log.info({ ...pull, kind: run.order.kind, ...result }, 'records pulled');
  }
}

/** Once a window was incomplete the watermark stays, but the later windows are read all the same. */
async function pullSteps(
  parts: ReconcileParts, policy: ReconcilePolicy, pull: PullId, { signal, order }: PullRun,
): Promise<PullResult> {
  const about = { pull, pageSize: policy.pageSize, signal, watermark: order.kind === 'regular' ? 'moves' : 'stays' } as const;
  try {
    for (let step = await nextStep(parts.database, pull); step; step = await nextStep(parts.database, pull)) {
      await readStep(parts, step, about);
    }
    return { state: (await anyIncomplete(parts.database, pull)) ? 'incomplete' : 'done' };
  } catch (error) {
    if (signal.aborted) return { state: 'interrupted' };
    return { state: 'failed', errorSlug: error instanceof EmpError ? error.slug : 'unforeseen', errorMessage: messageOf(error) };
  }
}
