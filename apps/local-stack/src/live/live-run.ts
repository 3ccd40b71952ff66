import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '@emp/kernel';
import { call } from '../api.ts';
import type { StackOptions } from '../options.ts';
import type { Places } from '../places.ts';
import type { Stack } from '../stack.ts';
import { readFigures } from './figures.ts';
import { summaryLine, summaryTable } from './summary.ts';

const REFRESH_MS = { terminal: 1_000, log: 5_000 };

/** Lets simulated drivers charge and shows what comes of it, until `ended` or the set time is over. */
export async function runLive(stack: Stack, places: Places, options: StackOptions, ended: AbortController): Promise<void> {
  await call('PUT', `${stack.simulator}/simulator/traffic`, { tapsPerSecond: places.TAPS_PER_SECOND });
  process.stdout.write(`\n${addresses(stack)}\n\n`);
  if (options.forSeconds !== undefined) setTimeout(() => ended.abort(), options.forSeconds * 1000);
  const end = ended.signal;
  const terminal = process.stdout.isTTY === true;
  let drawn = 0;
  while (!end.aborted) {
    const text = await readFigures(stack).then(terminal ? summaryTable : summaryLine, (error: unknown) => `  (no figures: ${messageOf(error)})`);
    if (terminal && drawn > 0) process.stdout.write(`\u001b[${drawn}A\u001b[J`);
    process.stdout.write(`${text}\n`);
    drawn = text.split('\n').length;
    await pause(terminal ? REFRESH_MS.terminal : REFRESH_MS.log, undefined, { signal: end }).catch(() => undefined);
  }
}

/** What to open while it runs. */
function addresses(stack: Stack): string {
  const rows: readonly (readonly [string, string])[] = [
    ['door for HBS', `${stack.door}/api/oicp`],
    ['sessions', `${stack.gateway}/v1/sessions`],
    ['card list at HBS', `${stack.gateway}/v1/authentication-data`],
    ['records', `${stack.cdrIngest}/v1/cdrs`],
    ['pulls of records', `${stack.cdrIngest}/v1/reconciliations`],
    ['charging stations', `${stack.poiSync}/v1/evses`],
    ['charges', `${stack.billing}/v1/charges`],
    ['draft invoices', `${stack.billing}/v1/invoice-drafts`],
    ['metrics', `${stack.gateway}/metrics`],
    ['simulated HBS', `${stack.simulator}/simulator/summary`],
  ];
  return rows.map(([what, url]) => `  ${what.padEnd(20)} ${url}`).join('\n');
}
