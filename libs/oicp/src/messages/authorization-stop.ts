import { AUTHORIZATION_STATUSES, type AuthorizationStatus } from '../enums/session.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { partnerSessionId, providerId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { literal, object } from '../member/types.ts';
import { StatusCode } from '../types/status-code.ts';

/** Our answer to AuthorizeStop; eRoamingAuthorizationStop 2.1 (OICP §8.2). */
export class AuthorizationStop {
  /** Echoed. §8.2 */
  @Member(sessionId, 'optional')
  readonly SessionID?: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly CPOPartnerSessionID?: string;

  /** Ours, ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly EMPPartnerSessionID?: string;

  /** Our (hub) id; mandatory with `Authorized`. §8.1 */
  @Member(providerId, 'optional')
  readonly ProviderID?: string;

  /** The verdict. §10 */
  @Member(literal(AUTHORIZATION_STATUSES), 'essential')
  readonly AuthorizationStatus!: OpenLiteral<AuthorizationStatus>;

  /** Why. §6.3 */
  @Member(object(() => StatusCode), 'mandatory')
  readonly StatusCode?: StatusCode;
}
