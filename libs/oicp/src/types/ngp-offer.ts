import { OFFER_TYPES, type OfferType } from '../enums/pricing.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { Member } from '../member/member.ts';
import { count, list, literal, object, text } from '../member/types.ts';
import { NgpPricing } from './ngp-pricing.ts';

/** What is offered (NGP, §14). Dates are kept as texts. */
export class NgpOfferDetails {
  @Member(text(), 'essential')
  readonly ServiceOfferId!: string;

  @Member(text(), 'optional')
  readonly ServiceOfferName?: string;

  @Member(literal(OFFER_TYPES), 'mandatory')
  readonly OfferType?: OpenLiteral<OfferType>;

  /** `Authorization` or `Reservation`. §14 */
  @Member(text(), 'mandatory')
  readonly ServiceTypeName?: string;

  @Member(text(), 'optional')
  readonly Description?: string;

  /** `ACTIVE`. §14 */
  @Member(text(), 'optional')
  readonly ServiceOfferStatus?: string;

  /** `NGP`. §14 */
  @Member(text(), 'optional')
  readonly PricingType?: string;

  /** Days. §14 */
  @Member(count(), 'optional')
  readonly MinimumTerm?: number;

  /** Days. §14 */
  @Member(count(), 'optional')
  readonly CancellationPeriod?: number;

  @Member(text(), 'mandatory')
  readonly ValidFrom?: string;

  @Member(text(), 'mandatory')
  readonly ValidTo?: string;

  @Member(text(), 'optional')
  readonly CancellationTo?: string;

  /** Notice before a price changes. §14 */
  @Member(count(), 'optional')
  readonly LeadTime?: number;

  @Member(text(), 'optional')
  readonly CreatedOn?: string;
}

/** How we subscribed (NGP, §14). */
export class NgpSubscriptionDetails {
  @Member(text(), 'optional')
  readonly SubscriptionName?: string;

  @Member(text(), 'optional')
  readonly SubscriptionDate?: string;

  /** `SUBSCRIBED`. §14 */
  @Member(text(), 'mandatory')
  readonly SubscriptionStatus?: string;

  /** Days. §14 */
  @Member(count(), 'optional')
  readonly PeriodOfNotice?: number;

  @Member(text(), 'optional')
  readonly PeriodOfNoticeMessage?: string;

  @Member(text(), 'mandatory')
  readonly ValidFrom?: string;

  @Member(text(), 'mandatory')
  readonly ValidTo?: string;

  @Member(text(), 'optional')
  readonly SubscriptionCancellationDate?: string;
}

/** The network of EVSEs to which an offer belongs (NGP, §14). */
export class NgpNetworkDetails {
  @Member(text(), 'mandatory')
  readonly NetworkId?: string;

  @Member(text(), 'optional')
  readonly NetworkName?: string;

  @Member(count({ min: 0 }), 'optional')
  readonly GroupCount?: number;

  @Member(count({ min: 0 }), 'optional')
  readonly EvseCount?: number;
}

/** One offer with its prices (NGP, §14). */
export class NgpContractOffer {
  @Member(object(() => NgpOfferDetails), 'essential')
  readonly OfferDetails!: NgpOfferDetails;

  @Member(object(() => NgpSubscriptionDetails), 'mandatory')
  readonly SubscriptionDetails?: NgpSubscriptionDetails;

  @Member(object(() => NgpNetworkDetails), 'mandatory')
  readonly NetworkDetails?: NgpNetworkDetails;

  @Member(list(object(() => NgpPricing), { records: true }), 'mandatory')
  readonly Pricing?: readonly NgpPricing[];
}
