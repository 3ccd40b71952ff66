import { evseId, operatorId, partnerSessionId, productId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { object } from '../member/types.ts';
import { Identification } from '../types/identification.ts';

/** HBS asks whether a driver may stop a session that we authorized; eRoamingAuthorizeStop 2.1 (OICP §8.2). */
export class AuthorizeStop {
  /** Of the session to stop. §5 */
  @Member(sessionId, 'essential')
  readonly SessionID!: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly CPOPartnerSessionID?: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly EMPPartnerSessionID?: string;

  /** The (hub) operator. §6.5 */
  @Member(operatorId, 'essential')
  readonly OperatorID!: string;

  @Member(evseId, 'optional')
  readonly EvseID?: string;

  /** Card, QR code or Plug & Charge. §6.4 */
  @Member(object(() => Identification), 'essential')
  readonly Identification!: Identification;

  /** ≤ 50; not in the table, but sent. §8.2 */
  @Member(productId, 'optional')
  readonly PartnerProductID?: string;
}
