import { parseOffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { billingFinding, type MeteringFinding } from './finding.ts';
import { isClockSet, type MeterTime } from './meter-time.ts';
import type { Answer, SessionVerdict } from './verdict.ts';

/** What a charge detail record says about the session, as texts from the wire. */
export interface RecordFigures {
  readonly energyKwh: string;
  /** Date-times with their offset. */
  readonly begin: string;
  readonly end: string;
}

export interface Tolerances {
  /** Most kWh that rounding of the record may explain. Default 0.1. */
  readonly energyKwh?: string;
  /** Default 120. */
  readonly seconds?: number;
}

export interface Comparison {
  /** `yes`: equal within the tolerance; `unknown`: nothing to compare, or no clock that was set. */
  readonly energy: {
    readonly answer: Answer;
    readonly differenceKwh: Decimal | undefined;
    readonly toleranceKwh: Decimal | undefined;
  };
  readonly begin: { readonly answer: Answer; readonly differenceSeconds: number | undefined };
  readonly end: { readonly answer: Answer; readonly differenceSeconds: number | undefined };
  readonly findings: readonly MeteringFinding[];
}

/**
 * Compares the signed energy and times with what is billed. Energy may differ by one unit of the last digit of the
 * coarser figure (stations round, some cut). Differences are record minus signed. Errors when the signed values are
 * proven, warnings when they are not.
 */
export function compareWithRecord(
  verdict: SessionVerdict,
  record: RecordFigures,
  tolerances: Tolerances = {},
): Comparison {
  const energy = compareEnergy(verdict.energyKwh, record.energyKwh, Decimal.parse(tolerances.energyKwh ?? '0.1'));
  const seconds = tolerances.seconds ?? 120;
  const begin = compareTime(verdict.begin, record.begin, seconds);
  const end = compareTime(verdict.end, record.end, seconds);
  const severity = verdict.verdict === 'valid' ? 'error' : 'warning';
  const findings: (MeteringFinding | false)[] = [
    energy.answer === 'no' &&
      billingFinding(
        'energy-differs',
        severity,
        'energy',
        `the record bills ${record.energyKwh.slice(0, 40)} kWh, the meter signed ${verdict.energyKwh ?? ''} kWh`,
      ),
    begin.answer === 'no' &&
      billingFinding(
        'begin-differs',
        'warning',
        'time',
        `the record begins ${apart(begin.differenceSeconds)} the signed begin`,
      ),
    end.answer === 'no' &&
      billingFinding(
        'end-differs',
        'warning',
        'time',
        `the record ends ${apart(end.differenceSeconds)} the signed end`,
      ),
  ];
  return { energy, begin, end, findings: findings.filter((finding) => finding !== false) };
}

const apart = (seconds = 0): string => `${Math.abs(Math.round(seconds))} s ${seconds < 0 ? 'before' : 'after'}`;

function compareEnergy(signed: Decimal | undefined, text: string, most: Decimal): Comparison['energy'] {
  const billed = Decimal.tryParse(text.trim());
  if (signed === undefined || billed === undefined)
    return { answer: 'unknown', differenceKwh: undefined, toleranceKwh: undefined };
  const lastDigit = Decimal.parse(`1e-${Math.min(signed.places(), billed.places())}`);
  const toleranceKwh = lastDigit.isGreaterThan(most) ? most : lastDigit;
  const differenceKwh = billed.minus(signed);
  return { answer: differenceKwh.abs().isGreaterThan(toleranceKwh) ? 'no' : 'yes', differenceKwh, toleranceKwh };
}

/**
 * A meter that signs only its clock face is compared with the clock face of the record: both stand at the same place.
 */
function compareTime(signed: MeterTime | undefined, text: string, tolerance: number): Comparison['begin'] {
  const read = parseOffsetDateTime(text);
  if (signed === undefined || !read.ok || !isClockSet(signed))
    return { answer: 'unknown', differenceSeconds: undefined };
  const { epochMillis, offsetMinutes } = read.value;
  const difference =
    signed.epochMillis === undefined
      ? epochMillis + (offsetMinutes ?? 0) * 60_000 - signed.wallMillis
      : epochMillis - signed.epochMillis;
  return { answer: Math.abs(difference) > tolerance * 1000 ? 'no' : 'yes', differenceSeconds: difference / 1000 };
}
