import { dateTime, operatorId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list } from '../member/types.ts';

/** We ask for price products; eRoamingPullPricingProductData 1.0 (OICP §7.9). Its body has no ProviderID (E-41). */
export class PullPricingProductData {
  /** Only changes since; deletions are invisible. §7.9 */
  @Member(dateTime, 'optional')
  readonly LastCall?: string;

  /** With capital letters, unlike PullEvseData (E-04). §7.9 */
  @Member(list(operatorId), 'essential', { aliases: ['OperatorIds'], erratum: 'E-04' })
  readonly OperatorIDs!: readonly string[];
}
