import { EVSE_STATUSES, type EvseStatusLiteral } from '../enums/evse.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { providerId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { literal, object } from '../member/types.ts';
import { SearchCenter } from '../types/search-center.ts';

/** We ask for the status of the whole network; eRoamingPullEvseStatus 2.1 (OICP §7.7). */
export class PullEvseStatus {
  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  @Member(object(() => SearchCenter), 'optional')
  readonly SearchCenter?: SearchCenter;

  /** Only EVSEs of this status; better not used (E-03). §7.7 */
  @Member(literal(EVSE_STATUSES), 'optional', { aliases: ['EVSEStatus'], erratum: 'E-03' })
  readonly EvseStatus?: OpenLiteral<EvseStatusLiteral>;
}
