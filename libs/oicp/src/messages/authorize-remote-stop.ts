import { evseId, partnerSessionId, providerId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';

/** We ask HBS to stop a session; eRoamingAuthorizeRemoteStop 2.1 (OICP §7.2). */
export class AuthorizeRemoteStop {
  /** Of the session that was started remotely. §5 */
  @Member(sessionId, 'essential')
  readonly SessionID!: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly CPOPartnerSessionID?: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly EMPPartnerSessionID?: string;

  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  @Member(evseId, 'essential')
  readonly EvseID!: string;
}
