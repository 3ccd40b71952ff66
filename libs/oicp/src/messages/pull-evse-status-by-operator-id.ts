import { operatorId, providerId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list } from '../member/types.ts';

/** We ask for the status of some operators' EVSEs; eRoamingPullEvseStatusByOperatorID 2.1 (OICP §7.7). */
export class PullEvseStatusByOperatorId {
  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  /** A list in the singular (E-04). §7.7 */
  @Member(list(operatorId), 'essential', { aliases: ['OperatorIDs', 'OperatorIds'], erratum: 'E-04' })
  readonly OperatorID!: readonly string[];
}
