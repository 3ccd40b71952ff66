import { AUTHORIZATION_STATUSES, type AuthorizationStatus } from '../enums/session.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { partnerSessionId, providerId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list, literal, object } from '../member/types.ts';
import { Identification } from '../types/identification.ts';
import { StatusCode } from '../types/status-code.ts';

/** Our answer to AuthorizeStart; eRoamingAuthorizationStart 2.1 (OICP §8.1, §6.3). */
export class AuthorizationStart {
  /** Echoed. HBS drops it when nobody authorizes (E-46). §8.1 */
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

  /** Why; `000` with `Authorized`. §6.3 */
  @Member(object(() => StatusCode), 'mandatory')
  readonly StatusCode?: StatusCode;

  /** Further cards that may stop the session. §8.1 */
  @Member(list(object(() => Identification)), 'optional')
  readonly AuthorizationStopIdentifications?: readonly Identification[];
}
