import { Member } from '../member/member.ts';
import { anything, list, object, text } from '../member/types.ts';

/** One complaint; `fieldReference` is a Java property path in lower camel case, not a JSON name. §2.5 */
export class ValidationError {
  @Member(text(), 'optional')
  readonly fieldReference?: string;

  @Member(text(), 'optional')
  readonly errorMessage?: string;
}

/** What HBS answers with HTTP 400: our message is wrong; never repeat it (OICP §2.5). */
export class FaultBody {
  @Member(anything, 'optional')
  readonly extendedInfo?: unknown;

  @Member(text(), 'essential')
  readonly message!: string;

  @Member(list(object(() => ValidationError)), 'optional')
  readonly validationErrors?: readonly ValidationError[];
}
