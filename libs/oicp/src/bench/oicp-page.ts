import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readOicp } from '../read/read.ts';
import { cleanRecord, dirtyRecord } from './generated-records.ts';

const PAGE_SIZE = 2000;
const WARM_UP = 30;
const ROUNDS = 80;
const REAL_FEED = path.resolve(import.meta.dirname, '../../../../../shared/data/poi/ch-2026-04-03-evse-data.json.gz');

/** Milliseconds of each round. */
interface Timings {
  readonly parse: number[];
  readonly read: number[];
  readonly readAndLook: number[];
}

/**
 * Reads and validates a page of 2000 EVSE records, against JSON.parse of the same text in the same run; the measurements
 * take turns. Real records where the public feed is present, generated ones with the same defects otherwise.
 */
export function run(): void {
  const real = existsSync(REAL_FEED) ? realRecords() : undefined;
  measure(real === undefined ? 'generated dirty records' : 'real records, from all operators', page(real?.spread ?? generated(dirtyRecord)));
  if (real !== undefined) measure('real records, as they follow each other', page(real.inARow));
  measure('generated clean records', page(generated(cleanRecord)));
}

function measure(what: string, text: string): void {
  const outcome = readOicp('EvseDataPage', text);
  const timings: Timings = { parse: [], read: [], readAndLook: [] };
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const kept = round >= WARM_UP;
    time(kept ? timings.parse : [], () => JSON.parse(text) as unknown);
    time(kept ? timings.read : [], () => readOicp('EvseDataPage', text));
    time(kept ? timings.readAndLook : [], () => readOicp('EvseDataPage', text).findings.length);
  }
  const { parse, read, readAndLook } = timings;
  const findings = `${outcome.findings.length} findings, ${outcome.ok ? outcome.rejected.length : PAGE_SIZE} rejected`;
  print(`oicp-page: ${PAGE_SIZE} ${what}, ${(text.length / 1e6).toFixed(2)} MB, ${findings}`);
  print(`  baseline JSON.parse                    ${figure(parse)}`);
  print(`  read and validate                      ${figure(read)}   ratio ${ratio(read, parse)}`);
  print(`  read, validate, write findings out     ${figure(readAndLook)}   ratio ${ratio(readAndLook, parse)}`);
}

function time(into: number[], work: () => unknown): void {
  const begin = performance.now();
  work();
  into.push(performance.now() - begin);
}

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((one, other) => one - other);
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)]!;
const least = (values: readonly number[]): number => sorted(values)[0]!;
const figure = (values: readonly number[]): string => `median ${median(values).toFixed(2)} ms, best ${least(values).toFixed(2)} ms`;

/** Of the medians, and of the best rounds, which a busy machine disturbs less. */
const ratio = (one: readonly number[], other: readonly number[]): string =>
  `${(median(one) / median(other)).toFixed(2)} (best ${(least(one) / least(other)).toFixed(2)})`;

const print = (line: string): void => { process.stdout.write(`${line}\n`); };

const generated = (make: (index: number) => object): object[] => Array.from({ length: PAGE_SIZE }, (_, index) => make(index));

function realRecords(): { readonly spread: object[]; readonly inARow: object[] } {
  const { EVSEData: groups } = JSON.parse(String(gunzipSync(readFileSync(REAL_FEED)))) as {
    EVSEData: { OperatorID: string; OperatorName: string; EVSEDataRecord: object[] }[];
  };
  const records = groups.flatMap(({ OperatorID, OperatorName, EVSEDataRecord }) =>
    EVSEDataRecord.map((record) => ({ ...record, OperatorID, OperatorName })));
  const step = Math.floor(records.length / PAGE_SIZE);
  return {
    spread: records.filter((_, index) => index % step === 0).slice(0, PAGE_SIZE),
    inARow: records.slice(6000, 6000 + PAGE_SIZE),
  };
}

function page(content: readonly object[]): string {
  return JSON.stringify({
    content, number: 0, size: PAGE_SIZE, totalElements: PAGE_SIZE, last: true, totalPages: 1, first: true,
    numberOfElements: content.length, StatusCode: { Code: '000', Description: 'Success.' },
  });
}
