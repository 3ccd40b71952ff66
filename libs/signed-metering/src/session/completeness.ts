import { completenessFinding, type MeteringFinding } from '../finding.ts';
import { isClockSet } from '../meter-time.ts';
import type { MeterReading } from '../reading.ts';
import type { Pagination } from '../record.ts';
import { isSameReading } from './pair-registers.ts';
import type { SessionRecord } from './timeline.ts';

/** These do not only leave a question open: records that contradict each other are wrong. */
export const CONTRADICTIONS: ReadonlySet<string> = new Set([
  'meter-differs',
  'formats-differ',
  'counter-backwards',
  'seconds-backwards',
  'time-backwards',
  'begin-after-end',
]);

/** Do these records, in this order, belong together, and is none missing between them? */
export function completenessFindings(records: readonly SessionRecord[]): readonly MeteringFinding[] {
  return [
    ...records.flatMap(({ record }) => record.findings.filter(({ question }) => question === 'completeness')),
    ...differing(
      records.map(({ record }) => record.format),
      'formats-differ',
      'the records have different formats',
    ),
    ...differing(
      records.map(({ record }) => record.meterId),
      'meter-differs',
      'the records come from different meters',
    ),
    ...differing(
      records.map(({ record }) => record.user),
      'user-differs',
      'the records belong to different users or transactions',
    ),
    ...differing(
      records.map(({ fingerprint }) => fingerprint),
      'keys-differ',
      'the records were signed with different keys',
    ),
    ...paginationFindings(records.flatMap(({ record }) => record.pagination)),
    ...orderFindings(records),
    ...forwardFindings(records.flatMap(({ readings }) => readings)),
  ];
}

function differing(values: readonly (string | undefined)[], code: string, message: string): readonly MeteringFinding[] {
  return new Set(values.filter((value) => value !== undefined)).size > 1
    ? [completenessFinding(code, 'error', message)]
    : [];
}

/** Numbers must rise; where a meter counts every record, they must follow each other. */
function paginationFindings(pages: readonly Pagination[]): readonly MeteringFinding[] {
  const contexts = differing(
    pages.map(({ context }) => context),
    'contexts-differ',
    'the records are numbered by different counters',
  );
  return [
    ...contexts,
    ...pages.slice(1).flatMap((page, index) => {
      const before = pages[index]?.number ?? page.number;
      const step = page.number - before;
      if (step === 0n)
        return [
          completenessFinding('pagination-conflict', 'error', `two different records have the number ${page.number}`),
        ];
      if (step < 0n)
        return [completenessFinding('pagination-backwards', 'error', `number ${page.number} follows ${before}`)];
      return step === 1n || page.growth === 'rising'
        ? []
        : [
            completenessFinding(
              'record-missing',
              'error',
              `${step - 1n} record(s) are missing between ${before} and ${page.number}`,
            ),
          ];
    }),
  ];
}

function orderFindings(records: readonly SessionRecord[]): readonly MeteringFinding[] {
  const holding =
    (purpose: MeterReading['purpose']) =>
    ({ readings }: SessionRecord) =>
      readings.some((reading) => reading.purpose === purpose);
  const begin = records.findIndex(holding('begin'));
  const end = records.findIndex(holding('end'));
  return begin > end && end >= 0
    ? [
        completenessFinding(
          'begin-after-end',
          'error',
          'the record of the end has a lower number than the record of the begin',
        ),
      ]
    : [];
}

/** Counters, clock and second index of every register run forward. The begin may be repeated in every record. */
function forwardFindings(readings: readonly MeterReading[]): readonly MeteringFinding[] {
  const latest = new Map<string, MeterReading>();
  const codes = new Set<string>();
  for (const [index, reading] of readings.entries()) {
    const before = latest.get(reading.register.key);
    if (reading.purpose === 'begin' && readings.slice(0, index).some((other) => isSameReading(reading, other)))
      continue;
    latest.set(reading.register.key, reading);
    if (before === undefined) continue;
    if (before.energyKwh && reading.energyKwh?.isLessThan(before.energyKwh)) codes.add('counter-backwards');
    if ((reading.secondIndex ?? Infinity) < (before.secondIndex ?? 0)) codes.add('seconds-backwards');
    if (isEarlier(reading, before)) codes.add('time-backwards');
  }
  return [...codes].map((code) => completenessFinding(code, 'error', BACKWARDS.get(code) ?? code));
}

const BACKWARDS: ReadonlyMap<string, string> = new Map([
  ['counter-backwards', 'a register shows less energy at a later reading'],
  [
    'seconds-backwards',
    "the meter's second index runs backwards: the meter was restarted or the records were exchanged",
  ],
  ['time-backwards', 'a later reading has an earlier time'],
]);

function isEarlier({ time }: MeterReading, before: MeterReading): boolean {
  return (
    time !== undefined &&
    before.time !== undefined &&
    isClockSet(time) &&
    isClockSet(before.time) &&
    time.wallMillis < before.time.wallMillis
  );
}
