import { dateTime, operatorId, providerId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { flag, list } from '../member/types.ts';

/** We ask for the records HBS received in a window; eRoamingGetChargeDetailRecords 2.2 (OICP §7.8). */
export class GetChargeDetailRecords {
  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  /** Begin of the window over the time of receipt by HBS, not over session times; about 89 days back. §7.8 */
  @Member(dateTime, 'essential')
  readonly From!: string;

  /** End of the window. §7.8 */
  @Member(dateTime, 'essential')
  readonly To!: string;

  /** Only these sessions. §7.8 */
  @Member(list(sessionId), 'optional')
  readonly SessionID?: readonly string[];

  /** Only these operators; the table says one, the wire is a list (E-26). §7.8 */
  @Member(list(operatorId, { erratum: 'E-26' }), 'optional')
  readonly OperatorID?: readonly string[];

  /** `false`: only those that were not forwarded successfully. §7.8 */
  @Member(flag, 'optional', { aliases: ['CDRForwarder'], erratum: 'E-27' })
  readonly CDRForwarded?: boolean;
}
