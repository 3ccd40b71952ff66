import { evseId, providerId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { text } from '../member/types.ts';

const shortPartnerSessionId = text({ max: 50, weight: { severity: 'warning', erratum: 'E-24' } });

/** We give a reservation up; eRoamingAuthorizeRemoteReservationStop 1.1 (OICP §7.4). A CDR follows. */
export class AuthorizeRemoteReservationStop {
  /** Of the reservation. §5 */
  @Member(sessionId, 'essential')
  readonly SessionID!: string;

  @Member(shortPartnerSessionId, 'optional')
  readonly CPOPartnerSessionID?: string;

  @Member(shortPartnerSessionId, 'optional', { aliases: ['EMPPartnerSessionId'], erratum: 'E-24' })
  readonly EMPPartnerSessionID?: string;

  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  @Member(evseId, 'essential')
  readonly EvseID!: string;
}
