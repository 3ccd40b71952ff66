import { evseId, providerId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list } from '../member/types.ts';

/** We ask for the status of some EVSEs; eRoamingPullEvseStatusByID 2.1 (OICP §7.7). */
export class PullEvseStatusById {
  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  /** At most 100. §7.7 */
  @Member(list(evseId, { max: 100 }), 'essential')
  readonly EvseID!: readonly string[];
}
