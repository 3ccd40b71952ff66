import { operatorId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { anything, text } from '../member/types.ts';

/** Who the operator is (NGP, §14). */
export class NgpGeneralInformation {
  @Member(text(), 'optional')
  readonly CPOName?: string;

  @Member(operatorId, 'mandatory')
  readonly OperatorID?: string;

  /** Kept as it came. §14 */
  @Member(anything, 'optional')
  readonly SubPartners?: unknown;

  /** Kept as it came. §14 */
  @Member(anything, 'optional')
  readonly Countries?: unknown;
}
