import { allocate } from './allocate.ts';
import type { Currency } from './currency.ts';
import { Decimal } from './decimal.ts';
import { Money } from './money.ts';

const HUNDRED = Decimal.of(100);

/** VAT of a net amount, rounded once to the digits of the currency (EN 16931 BR-CO-17). Rate in percent: 25.5. */
export function vatOf(net: Money, ratePercent: Decimal): Money {
  return new Money(net.amount.times(ratePercent).dividedBy(HUNDRED, net.currency.digits), net.currency);
}

/** Gross lines taken apart: `net + vat + rounding` is exactly the sum that was shown to the customer. */
export interface GrossSplit {
  readonly nets: readonly Decimal[];
  readonly net: Decimal;
  readonly vat: Decimal;
  /** What no net of the currency's digits can reach (EN 16931 BT-114): 10.05 at 19 % is 8.45 + 1.61 − 0.01. */
  readonly rounding: Decimal;
}

/** Splits gross lines of one rate (billing rule "Gross tariffs"): the sum is fixed first, then spread over the lines. */
export function splitGross(grossLines: readonly Decimal[], ratePercent: Decimal, currency: Currency): GrossSplit {
  const gross = Decimal.sum(grossLines);
  const net = gross.times(HUNDRED).dividedBy(HUNDRED.plus(ratePercent), currency.digits);
  const vat = vatOf(new Money(net, currency), ratePercent).amount;
  const nets = gross.isZero() ? grossLines.map(() => net) : allocate(net, grossLines, currency.digits);
  return { nets, net, vat, rounding: gross.minus(net).minus(vat) };
}
