import { EmpError, messageOf, type Clock } from '@emp/kernel';
import type { HbsClient } from '@emp/hbs-client';
import type { Log } from '@emp/service-kit';
import { planWindows, reachedBy, type PullPlan, type PullWindow } from '../domain/pull-windows.ts';
import {
  beginPull, countWindow, endPull, markInterrupted, moveWatermark, readWatermark,
  type PullId, type PullResult, type PullTrigger,
} from './pull-store.ts';
import { takePage, type PageParts } from './take-page.ts';
import { untilAborted } from './until-aborted.ts';

export interface ReconcileParts extends PageParts {
  readonly client: Pick<HbsClient, 'getChargeDetailRecords'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ReconcilePolicy extends Pick<PullPlan, 'overlapHours' | 'lookBackDays' | 'windowHours'> {
  readonly providers: readonly string[];
  readonly pageSize: number;
}

/** When pages shift under a pull, records slip through; the window is read again, this often at most. */
const READS_PER_WINDOW = 3;

/**
 * Pulls what Hubject has and we may lack (OICP §7.8), provider after provider. Run it under a lock. Every page is
 * committed by itself; the watermark follows only complete windows, so that whatever was missed is asked for again.
 */
export async function reconcileCdrs(
  parts: ReconcileParts, policy: ReconcilePolicy,
  run: { readonly id: string; readonly trigger: PullTrigger; readonly signal: AbortSignal; readonly begun: () => void },
): Promise<void> {
  await markInterrupted(parts.database, parts.clock.now());
  for (const providerId of policy.providers) {
    const pull: PullId = { reconciliationId: run.id, providerId };
    const now = parts.clock.now();
    const windows = planWindows({ ...policy, now, watermark: await readWatermark(parts.database, providerId) });
    await beginPull(parts.database, pull, { trigger: run.trigger, span: spanOf(windows, now), now });
    run.begun();
    const result = await pullWindows(parts, policy, { pull, windows, now, signal: run.signal });
    await endPull(parts.database, pull, result, parts.clock.now());
    parts.log.info({ ...pull, ...result }, 'records pulled');
  }
}

interface Pull {
  readonly pull: PullId;
  readonly windows: readonly PullWindow[];
  /** When they were planned. */
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Once a window was incomplete the watermark stays, but the later windows are read all the same. */
async function pullWindows(
  parts: ReconcileParts, policy: ReconcilePolicy, { pull, windows, now, signal }: Pull,
): Promise<PullResult> {
  let complete = true;
  try {
    for (const window of windows) {
      complete = (await pullWindow(parts, policy, { pull, window, signal })) && complete;
      await countWindow(parts.database, pull);
      if (complete) await moveWatermark(parts.database, pull.providerId, reachedBy(window, now), parts.clock.now());
    }
    return { state: complete ? 'done' : 'incomplete' };
  } catch (error) {
    if (signal.aborted) return { state: 'interrupted' };
    return { state: 'failed', errorSlug: error instanceof EmpError ? error.slug : 'unforeseen', errorMessage: messageOf(error) };
  }
}

/** Whether every record that Hubject counts in the window came by, at least once, in one of the readings. */
async function pullWindow(
  parts: ReconcileParts, policy: ReconcilePolicy,
  { pull, window, signal }: Omit<Pull, 'windows' | 'now'> & { readonly window: PullWindow },
): Promise<boolean> {
  const from = oicpTime(window.from);
  const to = oicpTime(window.to);
  const seen = new Set<string>();
  for (let reading = 1; reading <= READS_PER_WINDOW; reading += 1) {
    let announced = 0;
    const request = { ProviderID: pull.providerId, From: from, To: to };
    const pages = parts.client.getChargeDetailRecords(request, { pageSize: policy.pageSize });
    for await (const page of untilAborted(pages, signal)) {
      const hashes = await takePage(parts, page, { pull, name: `${from}/${to}#${page.number}`, now: parts.clock.now() });
      for (const hash of hashes) seen.add(hash);
      announced = page.message.totalElements ?? announced;
    }
    if (seen.size >= announced) return true;
    parts.log.warn({ ...pull, from, to, reading, announced, seen: seen.size }, 'window read incompletely');
  }
  return false;
}

function spanOf(windows: readonly PullWindow[], now: Date): PullWindow {
  return { from: windows[0]?.from ?? now, to: windows.at(-1)?.to ?? now };
}

/** OICP §3: whole seconds with an offset. */
const oicpTime = (instant: Date): string => `${instant.toISOString().slice(0, 19)}Z`;
