import { Decimal } from '@emp/money';

/** What counts as implausible. The defaults are Hubject's own where it publishes one (OICP §8.3). */
export interface CheckLimits {
  /** Largest tolerated |ConsumedEnergy − (MeterValueEnd − MeterValueStart)|, kWh. */
  readonly energyToleranceKwh: Decimal;
  readonly maximumEnergyKwh: Decimal;
  readonly maximumSessionHours: number;
  /** By how much clocks of stations, Hubject and ours may disagree. */
  readonly clockSkewSeconds: number;
}

export const DEFAULT_LIMITS: CheckLimits = {
  energyToleranceKwh: Decimal.parse('0.01'),
  maximumEnergyKwh: Decimal.parse('1000'),
  maximumSessionHours: 720,
  clockSkewSeconds: 300,
};

/** What a check may know besides the record itself. */
export interface CheckContext {
  readonly limits: CheckLimits;
  readonly receivedAt: Date;
  /** The contract of the session, or the one that the identification belongs to; `null` = none of ours. */
  readonly contractRef: string | null;
}
