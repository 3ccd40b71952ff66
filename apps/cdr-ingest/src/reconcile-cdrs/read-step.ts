import type { HbsClient } from '@emp/hbs-client';
import type { Clock } from '@emp/kernel';
import type { OicpMessages } from '@emp/oicp';
import type { Log } from '@emp/service-kit';
import { halvesOf, judgeReading } from '../domain/window-reading.ts';
import { moveWatermark, type PullId } from './pull-store.ts';
import { addSteps, endStep, readAgain, seenBefore, shortHash, type PullStep } from './step-store.ts';
import { takePage, type PageParts } from './take-page.ts';
import { untilAborted } from './until-aborted.ts';

export interface ReadParts extends PageParts {
  readonly client: Pick<HbsClient, 'getChargeDetailRecords'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Reading {
  readonly pull: PullId;
  readonly pageSize: number;
  readonly signal: AbortSignal;
  readonly watermark: 'moves' | 'stays';
}

/** Reads a step to its end, from the page where it stopped, again if pages shifted meanwhile. */
export async function readStep(parts: ReadParts, step: PullStep, about: Reading): Promise<void> {
  const { database, log } = parts;
  const seen = await seenBefore(database, step.id);
  let nextPage = step.nextPage;
  for (let reading = step.reading; ; reading += 1) {
    const { pages, announced } = await readPages(parts, step, { ...about, reading, nextPage, seen });
    const verdict = judgeReading({ window: step.window, reading, pages, announced, seen: seen.size });
    if (verdict !== 'complete') {
      const { from, to } = step.window;
      log.warn({ ...about.pull, from, to, reading, announced, seen: seen.size, verdict }, 'window read incompletely');
    }
    if (verdict !== 'read-again') return finish(parts, step, about, verdict);
    nextPage = 0;
    await readAgain(database, step.id, reading + 1);
  }
}

/** The watermark follows a complete window, if every window before it is complete, in one transaction. */
async function finish(
  { database, clock }: ReadParts, step: PullStep, { pull, watermark }: Reading, state: 'complete' | 'split' | 'incomplete',
): Promise<void> {
  await database.transaction(async (tx) => {
    const now = clock.now();
    const { unbroken } = await endStep(tx, pull, step, { state, now });
    if (state === 'split') await addSteps(tx, pull, divided(step));
    if (state !== 'complete' || step.selection !== 'all' || watermark === 'stays' || !unbroken) return;
    await moveWatermark(tx, pull.providerId, step.reaches, now);
  });
}

interface PagesToRead extends Reading {
  readonly reading: number;
  readonly nextPage: number;
  readonly seen: Set<string>;
}

async function readPages(
  parts: ReadParts, step: PullStep, { pull, pageSize, signal, reading, nextPage, seen }: PagesToRead,
): Promise<{ readonly pages: number; readonly announced: number | null }> {
  let pages = nextPage;
  let announced: number | null = null;
  const request = requestOf(pull.providerId, step);
  const name = `${request.From}/${request.To}`;
  const walk = parts.client.getChargeDetailRecords(request, { pageSize, firstPage: nextPage });
  for await (const page of untilAborted(walk, signal)) {
    announced = page.message.totalElements ?? announced;
    pages = page.number + 1;
    const about = { pull, name: `${name}#${page.number}`, now: parts.clock.now() };
    const hashes = await takePage(parts, page, about, { step, reading, announced });
    for (const hash of hashes) seen.add(shortHash(hash));
  }
  return { pages, announced };
}

function requestOf(providerId: string, { selection, window, sessionIds }: PullStep): OicpMessages['GetChargeDetailRecords'] {
  return {
    ProviderID: providerId, From: oicpTime(window.from), To: oicpTime(window.to),
    ...(sessionIds.length > 0 ? { SessionID: sessionIds } : {}),
    ...(selection === 'not-forwarded' ? { CDRForwarded: false } : {}),
  };
}

function divided(step: PullStep): readonly PullStep[] {
  return (halvesOf(step.window) ?? []).map((window) => ({
    ...step, window, reaches: new Date(Math.min(window.to.getTime(), step.reaches.getTime())),
  }));
}

/** OICP §3: whole seconds with an offset. */
const oicpTime = (instant: Date): string => `${instant.toISOString().slice(0, 19)}Z`;
