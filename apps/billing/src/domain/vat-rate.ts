import { granted, refused, type Decision } from '@emp/kernel';
import type { Decimal } from '@emp/money';

/** A standard rate of a country for some days; `validUntil` is the first day without it. Days are `YYYY-MM-DD`. */
export interface VatRate {
  readonly country: string;
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly ratePercent: Decimal;
}

/** The rate of the day of supply. None is refused: a rate is looked up by a person, never guessed. */
export function vatRateOn(rates: readonly VatRate[], country: string, day: string): Decision<VatRate, 'vat-rate-missing'> {
  const rate = rates.find((candidate) =>
    candidate.country === country && candidate.validFrom <= day && (candidate.validUntil === null || day < candidate.validUntil));
  return rate ? granted(rate) : refused('vat-rate-missing', `vat_rate has no rate for ${country} on ${day}`);
}
