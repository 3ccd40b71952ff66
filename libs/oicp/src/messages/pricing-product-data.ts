import { ADDITIONAL_REFERENCES, REFERENCE_UNITS, type AdditionalReferenceLiteral, type ReferenceUnit } from '../enums/pricing.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { currency, operatorId, productId, providerIdOrAll } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { decimal, flag, list, literal, object, text } from '../member/types.ts';
import { ProductAvailabilityTimes } from '../types/opening-times.ts';
import { StatusCode } from '../types/status-code.ts';

/** A fee besides the base price, net of VAT. §7.9 */
export class AdditionalReference {
  /** Which fee. §10 */
  @Member(literal(ADDITIONAL_REFERENCES), 'mandatory')
  readonly AdditionalReference?: OpenLiteral<AdditionalReferenceLiteral>;

  /** What it is counted in. §10 */
  @Member(literal(REFERENCE_UNITS), 'mandatory')
  readonly AdditionalReferenceUnit?: OpenLiteral<ReferenceUnit>;

  /** In the product's currency, decimal text, net. §7.9 */
  @Member(decimal({ signed: true }), 'mandatory')
  readonly PricePerAdditionalReferenceUnit?: string;
}

/** A product with its price, which the provider pays the operator, net of VAT. §7.9 */
export class PricingProductDataRecord {
  /** ≤ 50; EVSEs refer to it. §7.9 */
  @Member(productId, 'essential')
  readonly ProductID!: string;

  /** What the price is for. §10 */
  @Member(literal(REFERENCE_UNITS), 'mandatory')
  readonly ReferenceUnit?: OpenLiteral<ReferenceUnit>;

  /** ISO 4217. §7.9 */
  @Member(currency, 'mandatory')
  readonly ProductPriceCurrency?: string;

  /** Decimal text, net. §7.9 */
  @Member(decimal({ signed: true }), 'mandatory')
  readonly PricePerReferenceUnit?: string;

  /** kW, decimal text; the text says kWh and means kW (E-40). §7.9 */
  @Member(decimal(), 'mandatory', { erratum: 'E-40' })
  readonly MaximumProductChargingPower?: string;

  @Member(flag, 'mandatory')
  readonly IsValid24hours?: boolean;

  /** May be empty when valid around the clock. §7.9 */
  @Member(list(object(() => ProductAvailabilityTimes)), 'mandatory')
  readonly ProductAvailabilityTimes?: readonly ProductAvailabilityTimes[];

  @Member(list(object(() => AdditionalReference)), 'optional')
  readonly AdditionalReferences?: readonly AdditionalReference[];
}

/** The products of one operator for one provider or for all. §7.9 */
export class OperatorPricingProducts {
  @Member(operatorId, 'essential')
  readonly OperatorID!: string;

  /** ≤ 100. §7.9 */
  @Member(text({ max: 100, weight: { severity: 'warning' } }), 'optional')
  readonly OperatorName?: string;

  /** `*` = every provider (E-42). §7.9 */
  @Member(providerIdOrAll, 'mandatory', { erratum: 'E-42' })
  readonly ProviderID?: string;

  /** Where no product fits, decimal text, net. §7.9 */
  @Member(decimal({ signed: true }), 'mandatory')
  readonly PricingDefaultPrice?: string;

  /** ISO 4217. §7.9 */
  @Member(currency, 'mandatory')
  readonly PricingDefaultPriceCurrency?: string;

  /** §10 */
  @Member(literal(REFERENCE_UNITS), 'mandatory')
  readonly PricingDefaultReferenceUnit?: OpenLiteral<ReferenceUnit>;

  /** May be empty. §7.9 */
  @Member(list(object(() => PricingProductDataRecord), { records: true }), 'mandatory')
  readonly PricingProductDataRecords?: readonly PricingProductDataRecord[];
}

/** Price products; the reply to PullPricingProductData (OICP §7.9). */
export class PricingProductData {
  /** Called OperatorPricingProducts before 2024-12 (E-38). */
  @Member(
    list(object(() => OperatorPricingProducts), { records: true }), 'essential',
    { aliases: ['OperatorPricingProducts'], erratum: 'E-38' },
  )
  readonly PricingProductData!: readonly OperatorPricingProducts[];

  @Member(object(() => StatusCode), 'optional')
  readonly StatusCode?: StatusCode;
}
