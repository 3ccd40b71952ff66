import { granted, refused, type Brand, type Decision } from '@emp/kernel';
import { SESSION_ID } from './patterns.ts';

/** The id HBS gives a process (OICP §5). Looks like a UUID but need not be hexadecimal: store it as text. */
export type SessionId = Brand<string, 'SessionId'>;

/** Refuses with `not-a-session-id`. */
export function parseSessionId(text: string): Decision<SessionId, 'not-a-session-id'> {
  const trimmed = text.trim();
  return SESSION_ID.test(trimmed)
    ? granted(trimmed as SessionId)
    : refused('not-a-session-id', 'a session id is expected, 8-4-4-4-12 letters and digits');
}
