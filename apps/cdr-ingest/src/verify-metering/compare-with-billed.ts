import { Decimal } from '@emp/money';
import { compareWithRecord, type Comparison, type MeterReading, type SessionVerdict } from '@emp/signed-metering';
import type { MeteringDifferences, ReadingDifference } from '../domain/metering-outcome.ts';
import type { BilledFigures } from './metering-request.ts';

/** The signed energy, times and readings against those of the record. */
export function compareWithBilled(verdict: SessionVerdict, billed: BilledFigures): MeteringDifferences {
  const { energyKwh } = billed;
  const charging = compareWithRecord(verdict, { energyKwh, begin: billed.chargingStart, end: billed.chargingEnd });
  const session = compareWithRecord(verdict, { energyKwh, begin: billed.sessionStart, end: billed.sessionEnd });
  const { answer, differenceKwh, toleranceKwh } = charging.energy;
  const [first, last] = boundsOf(verdict);
  return {
    energy: { answer, differenceKwh: differenceKwh?.toString() ?? null, toleranceKwh: toleranceKwh?.toString() ?? null },
    begin: nearest(charging.begin, session.begin),
    end: nearest(charging.end, session.end),
    meterStart: compareReading(first, billed.meterStartKwh),
    meterEnd: compareReading(last, billed.meterEndKwh),
  };
}

type Time = Comparison['begin'];

/** Meters sign the begin of the session or that of charging: one of the two has to fit. */
function nearest(charging: Time, session: Time): MeteringDifferences['begin'] {
  const told = [charging, session].filter((time) => time.differenceSeconds !== undefined);
  const chosen = told.find(({ answer }) => answer === 'yes') ?? told[0];
  return { answer: chosen?.answer ?? 'unknown', differenceSeconds: chosen?.differenceSeconds ?? null };
}

/** First and last signed reading of the register that the energy was read from. */
function boundsOf({ values, register, energyKwh }: SessionVerdict): readonly [MeterReading | undefined, MeterReading | undefined] {
  if (energyKwh === undefined) return [undefined, undefined];
  const readings = values.flatMap((value) => value.readings)
    .filter((reading) => reading.register.text === register && reading.energyKwh !== undefined);
  const byEnergy = [...readings].sort((one, other) => (one.energyKwh && other.energyKwh ? one.energyKwh.compare(other.energyKwh) : 0));
  return [
    readings.find(({ purpose }) => purpose === 'begin') ?? byEnergy[0],
    readings.findLast(({ purpose }) => purpose === 'end') ?? byEnergy.at(-1),
  ];
}

/** The most that rounding explains, kWh; beyond, a whole number would agree with anything. */
const MOST_ROUNDING = Decimal.parse('0.1');

/** One unit of the last digit of the coarser figure is rounding. */
function compareReading(reading: MeterReading | undefined, text: string): ReadingDifference {
  const signed = reading?.energyKwh;
  const billed = Decimal.tryParse(text);
  if (signed === undefined || billed === undefined) return { answer: 'unknown', signedKwh: signed?.toString() ?? null };
  const lastDigit = Decimal.parse(`1e-${Math.min(signed.places(), billed.places())}`);
  const tolerance = lastDigit.isGreaterThan(MOST_ROUNDING) ? MOST_ROUNDING : lastDigit;
  const differs = billed.minus(signed).abs().isGreaterThan(tolerance);
  return { answer: differs ? 'no' : 'yes', signedKwh: signed.toString() };
}
