import { assertNever, granted, refused, type Decision } from '@emp/kernel';
import type { Decimal } from '@emp/money';

/** A price that an operator asks of us, net (OICP PricingProductData; `productId` null = the default price). */
export interface OperatorPrice {
  /** `*` = every provider. */
  readonly providerId: string;
  readonly productId: string | null;
  /** As listed; OICP's `UNDEFINED` and unknown codes make the price unusable. */
  readonly currency: string;
  readonly referenceUnit: 'HOUR' | 'KILOWATT_HOUR' | 'MINUTE';
  readonly pricePerReferenceUnit: Decimal;
  readonly additionalReferences: readonly AdditionalReference[];
  /** kW; `null` = the operator named no limit. */
  readonly maximumPowerKw: Decimal | null;
}

export interface AdditionalReference {
  /** START FEE, FIXED FEE, PARKING FEE, MINIMUM FEE, MAXIMUM FEE. */
  readonly reference: string;
  /** Only meaningful for PARKING FEE: OICP has no unit "session". */
  readonly unit: string;
  readonly price: Decimal;
}

export interface PriceQuestion {
  /** The provider that charged, to prefer its own prices to those for `*`. */
  readonly providerId: string;
  /** The product the record names. */
  readonly partnerProductId: string | null;
  /** kW of the EVSE's strongest facility. */
  readonly maximumPowerKw: Decimal | null;
}

export interface PriceChoice {
  readonly price: OperatorPrice;
  readonly chosenBy: 'product-id' | 'power' | 'only-product' | 'default';
  readonly notes: readonly string[];
}

export type PriceRefusal = 'no-price' | 'ambiguous';

/**
 * The price an operator may charge for a session. By the product the record names; else by the smallest maximum power
 * that covers the EVSE; else the default. At each step the provider's own prices come before those for everyone; where
 * several are left the answer is `ambiguous`, never a guess.
 */
export function chooseOperatorPrice(prices: readonly OperatorPrice[], question: PriceQuestion): Decision<PriceChoice, PriceRefusal> {
  const own = prices.filter((price) => providerSpelt(price.providerId) === providerSpelt(question.providerId));
  const ranks = [own, prices.filter((price) => price.providerId.trim() === '*')];
  const named = question.partnerProductId === null ? '' : spelt(question.partnerProductId);
  const notes: string[] = [];
  if (named !== '') {
    for (const rank of ranks) {
      const matches = rank.filter((price) => price.productId !== null && spelt(price.productId) === named);
      if (matches.length > 0) return theOnly(matches, 'product-id', notes);
    }
    notes.push(`the operator lists no product "${question.partnerProductId}"`);
  }
  for (const rank of ranks) {
    const fitting = byPower(rank.filter((price) => price.productId !== null), question.maximumPowerKw);
    if (fitting.length > 0) return theOnly(fitting, question.maximumPowerKw ? 'power' : 'only-product', notes);
  }
  for (const rank of ranks) {
    const defaults = rank.filter((price) => price.productId === null);
    if (defaults.length > 0) return theOnly(defaults, 'default', notes);
  }
  return refused('no-price', ['the operator lists no price for this session', ...notes].join('; '));
}

/** Product ids: `AC 1` and `ac1` are one, but `AC+` is not `AC`. */
const spelt = (text: string): string => text.replaceAll(/\s/g, '').toUpperCase();

/** Provider ids: `DE-EMP` and `de*emp` are one. */
const providerSpelt = (text: string): string => spelt(text).replaceAll(/[*-]/g, '');

/** Those with the smallest sufficient maximum; without a limit only if no limited one suffices; all if no power is known. */
function byPower(products: readonly OperatorPrice[], powerKw: Decimal | null): readonly OperatorPrice[] {
  if (powerKw === null) return products;
  let best: Decimal | null = null;
  for (const { maximumPowerKw } of products) {
    if (maximumPowerKw && !maximumPowerKw.isLessThan(powerKw) && !(best && maximumPowerKw.isGreaterThan(best))) best = maximumPowerKw;
  }
  return products.filter(({ maximumPowerKw }) => (best ? maximumPowerKw?.equals(best) : maximumPowerKw === null));
}

function theOnly(
  matches: readonly OperatorPrice[], chosenBy: PriceChoice['chosenBy'], notes: readonly string[],
): Decision<PriceChoice, PriceRefusal> {
  const [price, another] = matches;
  if (price && !another) return granted({ price, chosenBy, notes });
  const names = matches.map((match) => match.productId ?? 'default').join(', ');
  return refused('ambiguous', `${explain(chosenBy)} leaves several prices: ${names}`);
}

function explain(chosenBy: PriceChoice['chosenBy']): string {
  switch (chosenBy) {
    case 'product-id': return 'the product id of the record';
    case 'power': return 'the power of the EVSE';
    case 'only-product': return 'the unknown power of the EVSE';
    case 'default': return 'the default price';
    default: return assertNever(chosenBy);
  }
}
