import { evseId, operatorId, partnerSessionId, productId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { object } from '../member/types.ts';
import { Identification } from '../types/identification.ts';

/** HBS asks whether a driver at a station may charge; eRoamingAuthorizeStart 2.1 (OICP §8.1). */
export class AuthorizeStart {
  /** Created by HBS; in practice always there. §5 */
  @Member(sessionId, 'optional')
  readonly SessionID?: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly CPOPartnerSessionID?: string;

  /** ≤ 250, normally null. §5 */
  @Member(partnerSessionId, 'optional')
  readonly EMPPartnerSessionID?: string;

  /** The (hub) operator; not necessarily the prefix of the EvseID (§6.5). */
  @Member(operatorId, 'essential')
  readonly OperatorID!: string;

  /** Absent if the card is shown before the socket is chosen. §8.1 */
  @Member(evseId, 'optional')
  readonly EvseID?: string;

  /** Card, QR code or Plug & Charge. §6.4 */
  @Member(object(() => Identification), 'essential')
  readonly Identification!: Identification;

  /** ≤ 50. §8.1 */
  @Member(productId, 'optional')
  readonly PartnerProductID?: string;
}
