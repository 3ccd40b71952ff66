import { dateTime, operatorId, providerId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list } from '../member/types.ts';

/** We ask which products EVSEs have; eRoamingPullEVSEPricing 1.0 (OICP §7.10). */
export class PullEvsePricing {
  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  /** Only changes since. §7.10 */
  @Member(dateTime, 'optional')
  readonly LastCall?: string;

  /** §7.10, E-04 */
  @Member(list(operatorId), 'essential', { aliases: ['OperatorIds'], erratum: 'E-04' })
  readonly OperatorIDs!: readonly string[];
}
