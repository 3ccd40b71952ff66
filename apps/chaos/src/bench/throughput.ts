import { setTimeout as pause } from 'node:timers/promises';
import type { ChaosStack } from '../stack/chaos-stack.ts';
import { recordOf, type Load } from './load.ts';

const RATED_WITHIN_MS = 300_000;

/** Sends records as fast as they are acknowledged, and waits until all of them are rated. */
export async function recordsPerSecond(
  load: Load,
  { first, records }: { readonly first: number; readonly records: number },
): Promise<{ readonly perSecond: number; readonly acknowledgedPerSecond: number }> {
  const before = await rated(load.stack);
  const texts = Array.from({ length: records }, (_, index) => recordOf(load, first + index).text);
  let next = 0;
  let acknowledged = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: load.atOnce }, async () => {
      for (let text = texts[next++]; text !== undefined; text = texts[next++])
        if (await load.door.send('record', text)) acknowledged += 1;
    }),
  );
  const acknowledgedMs = performance.now() - begun;
  while ((await rated(load.stack)) - before < acknowledged) {
    if (performance.now() - begun > RATED_WITHIN_MS)
      throw new Error(
        `after ${RATED_WITHIN_MS / 1000} s ${acknowledged - (await rated(load.stack)) + before} records are not rated`,
      );
    await pause(50);
  }
  const ratedMs = performance.now() - begun;
  if (acknowledged < records)
    process.stderr.write(`  ${records - acknowledged} of ${records} records were not acknowledged\n`);
  return {
    perSecond: (acknowledged * 1000) / ratedMs,
    acknowledgedPerSecond: (acknowledged * 1000) / acknowledgedMs,
  };
}

async function rated(stack: ChaosStack): Promise<number> {
  const [row] = await stack
    .database('billing')
    .query<{ count: number }>(`SELECT count(*)::int AS count FROM charge WHERE state = 'rated'`);
  return row?.count ?? 0;
}
