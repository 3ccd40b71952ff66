import {
  FEE_INITIATIONS, NGP_DAYS, NGP_REFERENCE_UNITS, PRICING_COMPONENT_TYPES,
  type FeeInitiation, type NgpDay, type NgpReferenceUnit, type PricingComponentType,
} from '../enums/pricing.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { matching } from '../member/constraint.ts';
import { currency } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { count, decimal, formatted, list, literal, object, text } from '../member/types.ts';

const timeWithSeconds = formatted('a time of day', [
  matching('time-malformed', /^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/, 'hh:mm:ss'),
]);

/** One price of a tariff, net of VAT (NGP, §14). */
export class NgpPricingComponent {
  @Member(literal(PRICING_COMPONENT_TYPES), 'mandatory')
  readonly Type?: OpenLiteral<PricingComponentType>;

  @Member(literal(NGP_REFERENCE_UNITS), 'mandatory')
  readonly ReferenceUnit?: OpenLiteral<NgpReferenceUnit>;

  /** Decimal text in the group's currency. §14 */
  @Member(decimal({ signed: true }), 'mandatory')
  readonly Cost?: string;

  /** When a fee begins to count. §14 */
  @Member(literal(FEE_INITIATIONS), 'optional')
  readonly FeeInitiated?: OpenLiteral<FeeInitiation>;

  /** Presumably minutes; the unit is not stated. §14 */
  @Member(count({ min: 0 }), 'optional')
  readonly GracePeriod?: number;
}

/** Prices of a part of a day (NGP, §14). */
export class NgpTariff {
  @Member(text(), 'optional')
  readonly Name?: string;

  /** `hh:mm:ss` */
  @Member(timeWithSeconds, 'mandatory')
  readonly StartTime?: string;

  /** `hh:mm:ss`; `23:59:59` is the end of the day. §14 */
  @Member(timeWithSeconds, 'mandatory')
  readonly EndTime?: string;

  @Member(list(object(() => NgpPricingComponent)), 'mandatory')
  readonly PricingComponents?: readonly NgpPricingComponent[];
}

export class NgpDayTariffs {
  @Member(literal(NGP_DAYS), 'mandatory')
  readonly Day?: OpenLiteral<NgpDay>;

  @Member(list(object(() => NgpTariff)), 'mandatory')
  readonly Tariffs?: readonly NgpTariff[];
}

/** The prices of a group of EVSEs (NGP, §14). */
export class NgpPricing {
  @Member(text(), 'essential')
  readonly GroupId!: string;

  @Member(text(), 'optional')
  readonly GroupName?: string;

  @Member(currency, 'mandatory')
  readonly Currency?: string;

  @Member(list(object(() => NgpDayTariffs)), 'mandatory')
  readonly Days?: readonly NgpDayTariffs[];
}
