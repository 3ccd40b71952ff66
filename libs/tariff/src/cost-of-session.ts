import { granted, refused, type Decision } from '@emp/kernel';
import { Currency, Decimal, Fraction } from '@emp/money';
import { adjustment, boundingLines, pricedLine, sumOf, type Bounds, type PriceBreakdown, type PricedLine } from './breakdown.ts';
import {
  chooseOperatorPrice, type AdditionalReference, type OperatorPrice, type PriceChoice, type PriceQuestion, type PriceRefusal,
} from './operator-price.ts';
import { checkedSession, countedTime, parkedTime, type ChargedSession, type SessionFlaw } from './session.ts';
import type { TimeCounts } from './tariff.ts';

export interface CostBreakdown extends PriceBreakdown {
  readonly productId: string | null;
  readonly chosenBy: PriceChoice['chosenBy'];
}

export type CostRefusal = PriceRefusal | SessionFlaw | 'unusable-price';

/**
 * What the operator will charge us for a session, net (OICP prices). OICP has no rounding rule: the exact sum is bounded
 * by MINIMUM and MAXIMUM FEE and rounded once. `timeCounts`: OICP does not say what a price per hour or minute counts;
 * operators can bill the whole session, so that is the default.
 */
export function costOfSession(
  prices: readonly OperatorPrice[], session: ChargedSession, question: PriceQuestion, timeCounts: TimeCounts = 'session',
): Decision<CostBreakdown, CostRefusal> {
  const checked = checkedSession(session);
  if (!checked.ok) return checked;
  const choice = chooseOperatorPrice(prices, question);
  if (!choice.ok) return choice;
  const { price, chosenBy, notes } = choice.value;
  const currency = Currency.find(price.currency);
  if (!currency) return refused('unusable-price', `its currency is "${price.currency}"`);
  const fees = feesOf(price, currency, session);
  if (!fees.ok) return fees;
  const base = baseLine(price, currency, session, timeCounts);
  const isFlatOnly = fees.value.lines.some((line) => line.notes.includes(FIXED)) && price.pricePerReferenceUnit.isZero();
  const lines = [...(isFlatOnly ? [] : [base]), ...fees.value.lines];
  const flagged = fees.value.lines.some((line) => line.notes.includes(FIXED)) && !isFlatOnly
    ? [...notes, 'FIXED FEE beside a price per unit: both are counted'] : notes;
  const settled = roundedOnce(lines, currency, fees.value.bounds);
  return granted({ currency, lines: settled, net: sumOf(settled, currency), notes: flagged, productId: price.productId, chosenBy });
}

const FIXED = 'FIXED FEE';

function baseLine(price: OperatorPrice, currency: Currency, session: ChargedSession, timeCounts: TimeCounts): PricedLine {
  const unitPrice = price.pricePerReferenceUnit;
  if (price.referenceUnit === 'KILOWATT_HOUR') {
    return pricedLine(currency, {
      component: 'ENERGY', quantity: session.energyKwh, unit: 'kWh', unitPrice, priceUnit: 'kWh',
      from: session.sessionStart.text, to: session.sessionEnd.text,
    });
  }
  const time = countedTime(session, timeCounts);
  return pricedLine(currency, {
    component: 'TIME', quantity: time.seconds, unit: 's', unitPrice, priceUnit: price.referenceUnit === 'HOUR' ? 'h' : 'min',
    from: time.from.text, to: time.to.text, notes: [...time.notes, `counts ${timeCounts} time`],
  });
}

interface Fees {
  readonly lines: readonly PricedLine[];
  readonly bounds: Bounds;
}

function feesOf(price: OperatorPrice, currency: Currency, session: ChargedSession): Decision<Fees, 'unusable-price'> {
  const lines: PricedLine[] = [];
  let bounds: Bounds = { minPrice: null, maxPrice: null };
  for (const fee of price.additionalReferences) {
    switch (fee.reference.trim().toUpperCase()) {
      case 'START FEE': lines.push(adjustment(currency, 'FLAT', fee.price, 'START FEE')); break;
      case 'FIXED FEE': lines.push(adjustment(currency, 'FLAT', fee.price, FIXED)); break;
      case 'MINIMUM FEE': bounds = { ...bounds, minPrice: fee.price }; break;
      case 'MAXIMUM FEE': bounds = { ...bounds, maxPrice: fee.price }; break;
      case 'PARKING FEE': {
        if (fee.unit !== 'HOUR' && fee.unit !== 'MINUTE') return refused('unusable-price', `its PARKING FEE is per ${fee.unit}`);
        lines.push(parkingLine(fee, currency, session)); break;
      }
      default: return refused('unusable-price', `it has an additional reference "${fee.reference}" with an unknown meaning`);
    }
  }
  return granted({ lines, bounds });
}

function parkingLine(fee: AdditionalReference, currency: Currency, session: ChargedSession): PricedLine {
  const parked = parkedTime(session, 0);
  return pricedLine(currency, {
    component: 'PARKING_TIME', quantity: parked.seconds, unit: 's', unitPrice: fee.price,
    priceUnit: fee.unit === 'HOUR' ? 'h' : 'min', from: parked.from.text, to: parked.to.text, notes: ['PARKING FEE', ...parked.notes],
  });
}

/** Bounds and rounding of the exact sum; a ROUNDING line holds what rounding each line would have made differ. */
function roundedOnce(lines: readonly PricedLine[], currency: Currency, bounds: Bounds): readonly PricedLine[] {
  const rounded = Fraction.sum(lines.map((line) => line.exactAmount)).round(currency.digits);
  const odd = rounded.minus(Decimal.sum(lines.map((line) => line.amount)));
  const whole = odd.isZero() ? lines : [...lines, adjustment(currency, 'ROUNDING', odd, 'the sum is rounded once, not each line')];
  return [...whole, ...boundingLines(currency, rounded, bounds)];
}
