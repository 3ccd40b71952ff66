import { evseId, productId, providerId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { count, object, text } from '../member/types.ts';
import { Identification } from '../types/identification.ts';

/** The text allows 250 characters, HBS's own swagger 50: stay below (E-24). */
const shortPartnerSessionId = text({ max: 50, weight: { severity: 'warning', erratum: 'E-24' } });

/** We reserve an EVSE; eRoamingAuthorizeRemoteReservationStart 1.1 (OICP §7.3). */
export class AuthorizeRemoteReservationStart {
  /** Leave out, HBS assigns it. §5 */
  @Member(sessionId, 'optional')
  readonly SessionID?: string;

  /** Leave out. §7.3 */
  @Member(shortPartnerSessionId, 'optional')
  readonly CPOPartnerSessionID?: string;

  /** Ours; ≤ 50. §7.3 */
  @Member(shortPartnerSessionId, 'optional', { aliases: ['EMPPartnerSessionId'], erratum: 'E-24' })
  readonly EMPPartnerSessionID?: string;

  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  @Member(evseId, 'essential')
  readonly EvseID!: string;

  /** Only RemoteIdentification. §6.4 */
  @Member(object(() => Identification), 'essential')
  readonly Identification!: Identification;

  /** The reservation product; ≤ 50. §7.3 */
  @Member(productId, 'optional')
  readonly PartnerProductID?: string;

  /** Minutes, 1–99. §7.3 */
  @Member(count({ min: 1, max: 99 }), 'optional')
  readonly Duration?: number;
}
