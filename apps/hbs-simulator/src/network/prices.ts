import { createHash } from 'node:crypto';
import { Decimal } from '@emp/money';
import type { Json } from '../json.ts';
import type { Evse } from './evse.ts';
import type { OperatorGroup } from './network.ts';

const CURRENCIES: Readonly<Record<string, string>> = { CH: 'CHF', LI: 'CHF', GB: 'GBP', DK: 'DKK', SE: 'SEK', NO: 'NOK', PL: 'PLN', CZ: 'CZK' };

/** What an operator charges an EMP (OICP §7.9): the same for the same operator, whatever the network. */
export interface OperatorTerms {
  readonly currency: string;
  readonly defaultPrice: Decimal;
  /** ProductID → price per kWh; empty for operators that only have a default price. */
  readonly products: Readonly<Record<string, Decimal>>;
}

const cents = (value: number): Decimal => Decimal.of(value).dividedBy(Decimal.of(100), 2);

export function termsOf(operatorId: string): OperatorTerms {
  const digest = createHash('sha256').update(`prices of ${operatorId}`).digest();
  const byte = (at: number): number => digest[at] ?? 0;
  const base = 33 + (byte(0) % 17);
  return {
    currency: CURRENCIES[operatorId.slice(0, 2).toUpperCase()] ?? 'EUR',
    defaultPrice: cents(base + 4),
    products: byte(1) % 4 === 0 && operatorId !== 'DE*SIM'
      ? {}
      : { AC1: cents(base - 3), AC3: cents(base), DC: cents(base + 11 + (byte(2) % 9)) },
  };
}

/** An element of `PricingProductData`. */
export function pricingProductsJson({ operatorId, operatorName }: Pick<OperatorGroup, 'operatorId' | 'operatorName'>): Json {
  const terms = termsOf(operatorId);
  return {
    OperatorID: operatorId,
    OperatorName: operatorName,
    ProviderID: '*',
    PricingDefaultPrice: terms.defaultPrice,
    PricingDefaultPriceCurrency: terms.currency,
    PricingDefaultReferenceUnit: 'KILOWATT_HOUR',
    PricingProductDataRecords: Object.entries(terms.products).map(([product, price]) => ({
      ProductID: product,
      ReferenceUnit: 'KILOWATT_HOUR',
      ProductPriceCurrency: terms.currency,
      PricePerReferenceUnit: price,
      MaximumProductChargingPower: { AC1: 7, AC3: 43, DC: 400 }[product] ?? 400,
      IsValid24hours: true,
      ProductAvailabilityTimes: [],
      AdditionalReferences: product === 'DC'
        ? [{ AdditionalReference: 'START FEE', AdditionalReferenceUnit: 'KILOWATT_HOUR', PricePerAdditionalReferenceUnit: cents(50) }]
        : null,
    })),
  };
}

/** An element of `EVSEPricing`; `undefined` for operators whose default price holds everywhere. */
export function evsePricingJson(group: OperatorGroup): Json | undefined {
  if (Object.keys(termsOf(group.operatorId).products).length === 0) return undefined;
  return {
    OperatorID: group.operatorId,
    OperatorName: group.operatorName,
    EVSEPricing: group.evses.map((evse) => ({ EvseID: evse.evseId, ProviderID: '*', EvseIDProductList: [productOf(evse)] })),
  };
}

/** The product that is charged there. */
export function productOf(evse: Evse): string {
  if (evse.direct) return 'DC';
  return evse.powerKw?.isGreaterThan(Decimal.of(7)) === true ? 'AC3' : 'AC1';
}
