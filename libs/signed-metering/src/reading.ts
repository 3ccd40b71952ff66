import { Decimal } from '@emp/money';
import type { MeteringFinding } from './finding.ts';
import type { MeterTime } from './meter-time.ts';
import type { Register } from './register.ts';

/** `unordered`: the format does not say; the place in the session decides. */
export type Purpose = 'begin' | 'intermediate' | 'end' | 'fiscal' | 'unordered';

/** One signed reading of one register. */
export interface MeterReading {
  readonly purpose: Purpose;
  readonly register: Register;
  /** As written; `undefined` when absent or unreadable. */
  readonly value: Decimal | undefined;
  readonly unit: string;
  /** Exact; `undefined` when the unit is not one of energy. */
  readonly energyKwh: Decimal | undefined;
  readonly time: MeterTime | undefined;
  /** Seconds since the meter was switched on, of meters that count them: cannot be set. */
  readonly secondIndex?: number;
  /** What the meter says against (or about) billing this reading. */
  readonly findings: readonly MeteringFinding[];
}

const PER_WH = Decimal.parse('0.001');

/** Exact kWh of a value in kWh or Wh; `undefined` for other units. */
export function energyInKwh(value: Decimal | undefined, unit: string): Decimal | undefined {
  if (value === undefined) return undefined;
  if (unit.toLowerCase() === 'kwh') return value;
  return unit.toLowerCase() === 'wh' ? value.times(PER_WH) : undefined;
}

/** value × 10^scaler, as EDL and Alfen meters transmit it. */
export const scaled = (value: bigint, scaler: number): Decimal | undefined => Decimal.tryParse(`${value}e${scaler}`);
