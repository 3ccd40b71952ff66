import { statusCodeText } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { text } from '../member/types.ts';

/** The verdict of every reply (OICP §3, §11). Decide on `Code` only. */
export class StatusCode {
  /** Three digits, leading zeros matter. Unknown codes occur and are kept (E-54). §11 */
  @Member(statusCodeText, 'essential')
  readonly Code!: string;

  /** The standard text of the code, or empty; ≤ 200. §7.0 */
  @Member(text({ max: 200 }), 'optional')
  readonly Description?: string;

  /** Free text for a person; ≤ 1000. §7.0 */
  @Member(text({ max: 1000 }), 'optional')
  readonly AdditionalInfo?: string;
}
