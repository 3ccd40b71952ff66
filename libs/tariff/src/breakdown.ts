import { Decimal, Fraction, type Currency } from '@emp/money';
import type { ComponentType } from './tariff.ts';

/** One reason for money: quantity × price, exact and rounded. Texts in JSON, so that nothing is lost on the way. */
export interface PricedLine {
  readonly component: ComponentType | 'MIN_PRICE' | 'MAX_PRICE' | 'ROUNDING';
  /** What is billed, after steps; in `unit`. */
  readonly quantity: Decimal;
  /** What the record says, before steps. */
  readonly measured: Decimal;
  readonly unit: 'kWh' | 's' | 'session';
  readonly unitPrice: Decimal;
  readonly priceUnit: PriceUnit;
  readonly exactAmount: Fraction;
  /** In the currency's digits, half away from zero. */
  readonly amount: Decimal;
  /** Instants as the operator wrote them; `null` for what has no stretch of time. */
  readonly from: string | null;
  readonly to: string | null;
  readonly notes: readonly string[];
}

/** A price is never a bare number: these lines, and their sum. `net` = Σ `lines[].amount`, always. */
export interface PriceBreakdown {
  readonly currency: Currency;
  readonly lines: readonly PricedLine[];
  readonly net: Decimal;
  /** What had to be assumed, and what was free. */
  readonly notes: readonly string[];
}

export type PriceUnit = 'kWh' | 'h' | 'min' | 'session';

const UNITS_PER_PRICE_UNIT: Readonly<Record<PriceUnit, Decimal>> = {
  kWh: Decimal.one, session: Decimal.one, min: Decimal.of(60), h: Decimal.of(3600),
};

/** quantity × price, where a price per hour or minute meets seconds. */
export function pricedLine(
  currency: Currency,
  line: Omit<PricedLine, 'exactAmount' | 'amount' | 'measured' | 'notes'> & Partial<Pick<PricedLine, 'measured' | 'notes'>>,
): PricedLine {
  const per = UNITS_PER_PRICE_UNIT[line.priceUnit];
  const exactAmount = Fraction.of(line.quantity).times(line.unitPrice).dividedBy(per);
  return { ...line, measured: line.measured ?? line.quantity, notes: line.notes ?? [], exactAmount, amount: exactAmount.round(currency.digits) };
}

export interface Bounds {
  readonly minPrice: Decimal | null;
  readonly maxPrice: Decimal | null;
}

/** The line that lifts a sum to the minimum or lowers it to the maximum (which wins), or nothing. */
export function boundingLines(currency: Currency, sum: Decimal, { minPrice, maxPrice }: Bounds): readonly PricedLine[] {
  const isMaximum = maxPrice !== null && (sum.isGreaterThan(maxPrice) || (minPrice?.isGreaterThan(maxPrice) ?? false));
  const bound = isMaximum ? maxPrice : minPrice;
  if (bound === null || !(isMaximum || sum.isLessThan(bound))) return [];
  const difference = bound.round(currency.digits).minus(sum);
  if (difference.isZero()) return [];
  return [adjustment(currency, isMaximum ? 'MAX_PRICE' : 'MIN_PRICE', difference,
    `${isMaximum ? 'maximum' : 'minimum'} ${bound} ${currency} of a session`)];
}

export function adjustment(currency: Currency, component: PricedLine['component'], amount: Decimal, note: string): PricedLine {
  return pricedLine(currency, {
    component, quantity: Decimal.one, unit: 'session', unitPrice: amount, priceUnit: 'session', from: null, to: null, notes: [note],
  });
}

export const sumOf = (lines: readonly PricedLine[], currency: Currency): Decimal =>
  Decimal.sum(lines.map((line) => line.amount)).round(currency.digits);
