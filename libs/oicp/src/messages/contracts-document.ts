import { NgpContractOffer } from '../types/ngp-offer.ts';
import { NgpGeneralInformation } from '../types/ngp-partner.ts';
import { Member } from '../member/member.ts';
import { anything, list, object } from '../member/types.ts';

/**
 * The active price offers of one operator for one provider; Hubject's Next-Generation-Pricing API, not OICP (§14).
 * Only offers with an active subscription are in it.
 */
export class ContractsDocument {
  @Member(object(() => NgpGeneralInformation), 'mandatory')
  readonly CPOGeneralInformation?: NgpGeneralInformation;

  /** Persons and addresses; kept as they came. */
  @Member(anything, 'optional')
  readonly CPOContactDetails?: unknown;

  /** Bank and tax data of the operator; kept as they came. */
  @Member(anything, 'optional')
  readonly BillingInformation?: unknown;

  @Member(list(object(() => NgpContractOffer), { records: true }), 'essential')
  readonly Offers!: readonly NgpContractOffer[];
}
