import { evseId, partnerSessionId, productId, providerId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { object } from '../member/types.ts';
import { Identification } from '../types/identification.ts';

/** We ask HBS to start a session; eRoamingAuthorizeRemoteStart 2.1 (OICP §7.1). */
export class AuthorizeRemoteStart {
  /** Leave out, HBS assigns it (E-21). §5 */
  @Member(sessionId, 'optional', { erratum: 'E-21' })
  readonly SessionID?: string;

  /** Leave out; ≤ 250. §7.1 */
  @Member(partnerSessionId, 'optional')
  readonly CPOPartnerSessionID?: string;

  /** Ours; ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly EMPPartnerSessionID?: string;

  /** The hub's id. §6.5 */
  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  /** Exactly as it was pulled (E-17). §4.2 */
  @Member(evseId, 'essential')
  readonly EvseID!: string;

  /** Only RemoteIdentification. §6.4 */
  @Member(object(() => Identification), 'essential')
  readonly Identification!: Identification;

  /** ≤ 50. §7.1 */
  @Member(productId, 'optional')
  readonly PartnerProductID?: string;
}
