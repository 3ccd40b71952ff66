import { Decimal } from '@emp/money';
import { providerKey } from '@emp/oicp';

/** What we look at in a PricingProductDataType (OICP §7.9). Powers are kW, whatever the text says (E-40). */
export interface PricingProductData {
  readonly OperatorID?: string | null | undefined;
  readonly ProviderID?: string | null | undefined;
  readonly PricingDefaultPrice?: Amount;
  readonly PricingDefaultPriceCurrency?: string | null | undefined;
  readonly PricingDefaultReferenceUnit?: string | null | undefined;
  readonly PricingProductDataRecords?: readonly PricingProduct[] | null | undefined;
}

export interface PricingProduct {
  readonly ProductID?: string | null | undefined;
  readonly ReferenceUnit?: string | null | undefined;
  readonly ProductPriceCurrency?: string | null | undefined;
  readonly PricePerReferenceUnit?: Amount;
  readonly MaximumProductChargingPower?: Amount;
  readonly IsValid24hours?: boolean | null | undefined;
  readonly ProductAvailabilityTimes?: readonly unknown[] | null | undefined;
  readonly AdditionalReferences?: readonly AdditionalReference[] | null | undefined;
}

export interface AdditionalReference {
  readonly AdditionalReference?: string | null | undefined;
  readonly AdditionalReferenceUnit?: string | null | undefined;
  readonly PricePerAdditionalReferenceUnit?: Amount;
}

type Amount = string | number | null | undefined;

export type ReferenceUnit = 'HOUR' | 'KILOWATT_HOUR' | 'MINUTE';

export interface ListedFee {
  readonly reference: string;
  readonly unit: string;
  readonly price: string;
}

/** A price that an operator asks of us: net, business to business. */
export interface ListedPrice {
  readonly operatorId: string;
  /** `*` = every provider. */
  readonly providerId: string;
  /** `null` = the operator's default price. */
  readonly productId: string | null;
  readonly currency: string;
  readonly referenceUnit: ReferenceUnit;
  readonly pricePerReferenceUnit: string;
  readonly additionalReferences: readonly ListedFee[];
  readonly maximumPowerKw: string | null;
  /** When the product is on offer, as it came; not part of the event. */
  readonly availability: { readonly allDay: boolean | null; readonly times: readonly unknown[] };
}

export interface PriceList {
  readonly prices: readonly ListedPrice[];
  /** Prices that cannot be used, and why: for the operator's support. */
  readonly unusable: readonly string[];
}

/** The default price and the products of one operator, if they are meant for everyone or for one of `ourProviders`. */
export function readPriceList(data: PricingProductData, ourProviders: readonly string[]): PriceList {
  const { OperatorID: operatorId, ProviderID: providerId } = data;
  if (!operatorId || !providerId) {
    return { prices: [], unusable: [`a price list without ${operatorId ? 'ProviderID' : 'OperatorID'}`] };
  }
  if (providerId !== '*' && !ourProviders.some((ours) => providerKey(ours) === providerKey(providerId))) {
    return { prices: [], unusable: [] };
  }
  const prices: ListedPrice[] = [];
  const unusable: string[] = [];
  const list = (productId: string | null, product: PricingProduct): void => {
    const read = readProduct(product);
    const name = `${operatorId}/${providerId}/${productId ?? 'default'}`;
    const known = prices.some((price) => price.productId === productId);
    if (typeof read === 'string') unusable.push(`${name}: ${read}`);
    else if (known) unusable.push(`${name}: listed twice, the first is kept`);
    else prices.push({ operatorId, providerId, productId, ...read });
  };
  if (data.PricingDefaultPrice !== null && data.PricingDefaultPrice !== undefined) list(null, defaultOf(data));
  for (const product of data.PricingProductDataRecords ?? []) {
    if (product.ProductID) list(product.ProductID, product);
    else unusable.push(`${operatorId}/${providerId}: a product without ProductID`);
  }
  return { prices, unusable };
}

const defaultOf = (data: PricingProductData): PricingProduct => ({
  ReferenceUnit: data.PricingDefaultReferenceUnit,
  ProductPriceCurrency: data.PricingDefaultPriceCurrency,
  PricePerReferenceUnit: data.PricingDefaultPrice,
});

/** The price, or what is wrong with it. */
function readProduct(product: PricingProduct): Omit<ListedPrice, 'operatorId' | 'providerId' | 'productId'> | string {
  const price = amountOf(product.PricePerReferenceUnit);
  if (price === undefined) {
    return `its price ${JSON.stringify(product.PricePerReferenceUnit ?? null)} is no decimal number`;
  }
  const unit = product.ReferenceUnit;
  if (unit !== 'HOUR' && unit !== 'KILOWATT_HOUR' && unit !== 'MINUTE') {
    return `its unit ${JSON.stringify(unit ?? null)} is unknown`;
  }
  if (!product.ProductPriceCurrency) return 'it has no currency';
  const additionalReferences: ListedFee[] = [];
  for (const fee of product.AdditionalReferences ?? []) {
    const feePrice = amountOf(fee.PricePerAdditionalReferenceUnit);
    const reference = fee.AdditionalReference;
    if (!reference || feePrice === undefined) return `its fee ${JSON.stringify(reference ?? null)} has no price`;
    additionalReferences.push({ reference, unit: fee.AdditionalReferenceUnit ?? '', price: feePrice });
  }
  return {
    currency: product.ProductPriceCurrency,
    referenceUnit: unit,
    pricePerReferenceUnit: price,
    additionalReferences,
    maximumPowerKw: amountOf(product.MaximumProductChargingPower) ?? null,
    availability: { allDay: product.IsValid24hours ?? null, times: product.ProductAvailabilityTimes ?? [] },
  };
}

const amountOf = (amount: Amount): string | undefined =>
  amount === null || amount === undefined ? undefined : Decimal.tryParse(String(amount).trim())?.toString();
