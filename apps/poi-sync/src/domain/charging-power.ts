import { Decimal } from '@emp/money';
import type { ChargingFacility } from './evse-record.ts';

export interface ChargingPower {
  /** kW, decimal text, the strongest facility; `null` when none says anything above zero. */
  readonly maximumPowerKw: string | null;
  /** That of the strongest facility which names one. */
  readonly powerType: string | null;
  readonly facilitiesWithoutPower: readonly number[];
  readonly facilitiesWithoutType: readonly number[];
}

/** Reads powers as they arrive: numbers, numeric texts, fractions, zeros, nothing (OICP §9.4, E-13). */
export function readChargingPower(facilities: readonly ChargingFacility[] | null | undefined): ChargingPower {
  const read = (facilities ?? []).map((facility, index) => ({
    index, powerKw: powerOf(facility), powerType: facility.PowerType?.trim() || null,
  }));
  const strongestFirst = read.toSorted((one, other) => other.powerKw.compare(one.powerKw));
  const [strongest] = strongestFirst;
  return {
    maximumPowerKw: strongest && isPositive(strongest.powerKw) ? strongest.powerKw.toString() : null,
    powerType: strongestFirst.find(({ powerType }) => powerType !== null)?.powerType ?? null,
    facilitiesWithoutPower: read.filter(({ powerKw }) => !isPositive(powerKw)).map(({ index }) => index),
    facilitiesWithoutType: read.filter(({ powerType }) => powerType === null).map(({ index }) => index),
  };
}

const powerOf = ({ Power }: ChargingFacility): Decimal => Decimal.tryParse(String(Power ?? '').trim()) ?? Decimal.zero;

const isPositive = (value: Decimal): boolean => !value.isZero() && !value.isNegative();
