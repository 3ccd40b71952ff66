import { language } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { text } from '../member/types.ts';

/** A text in a language. §9.5 */
export class InfoText {
  /** Null for partners on OICP 2.2. §9.5, §15 */
  @Member(language, 'mandatory')
  readonly lang?: string;

  /** ≤ 150. §9.5 */
  @Member(text({ min: 1, max: 150, weight: { severity: 'warning' } }), 'mandatory')
  readonly value?: string;
}
