import { EmpError } from '@emp/kernel';
import { MESSAGE_CLASSES, type MessageKind, type OicpMessages } from '../messages/messages.ts';
import { validateOicp } from '../validate/validate.ts';
import { serialize } from './serialize.ts';

/**
 * The JSON text of a message. Members that are undefined or null are left out, decimals are JSON numbers with exactly
 * their digits, unknown members are written as they came.
 * Throws `EmpError('oicp-not-conformant')` if anything is wrong; `details.findings` says what and where.
 */
export function writeOicp<K extends MessageKind>(kind: K, message: OicpMessages[K]): string {
  const errors = validateOicp(kind, message).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const places = errors.slice(0, 5).map(({ pointer, code }) => `${pointer === '' ? 'the message' : pointer} (${code})`);
    const more = errors.length > places.length ? ` and ${errors.length - places.length} more` : '';
    throw new EmpError('oicp-not-conformant', `${kind} is not conformant at ${places.join(', ')}${more}`, {
      retry: 'useless', details: { kind, findings: errors },
    });
  }
  try {
    return serialize(MESSAGE_CLASSES[kind], message);
  } catch (cause) {
    // Only unknown members get here: nested deeper than the stack, circles, bigints.
    throw new EmpError('oicp-not-conformant', `${kind} has an unknown member that is no JSON value`, {
      retry: 'useless', cause, details: { kind, findings: [] },
    });
  }
}
