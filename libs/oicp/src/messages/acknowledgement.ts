import { partnerSessionId, sessionId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { flag, object } from '../member/types.ts';
import { StatusCode } from '../types/status-code.ts';

/** The common reply, in both directions; eRoamingAcknowledgement (OICP §7.0). */
export class Acknowledgement {
  /** Whether it was done. Absent in faults: `acknowledged` decides then by the code (E-44). §7.0 */
  @Member(flag, 'mandatory', { erratum: 'E-44' })
  readonly Result?: boolean;

  /** §11 */
  @Member(object(() => StatusCode), 'essential')
  readonly StatusCode!: StatusCode;

  /** Echoed, or created by HBS. §5 */
  @Member(sessionId, 'optional')
  readonly SessionID?: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly CPOPartnerSessionID?: string;

  /** ≤ 250. §5 */
  @Member(partnerSessionId, 'optional')
  readonly EMPPartnerSessionID?: string;
}

/** Whether an acknowledgement says yes; without `Result` only the code `000` does (OICP §2.5). */
export function acknowledged(reply: Acknowledgement): boolean {
  return reply.Result ?? reply.StatusCode.Code === '000';
}
