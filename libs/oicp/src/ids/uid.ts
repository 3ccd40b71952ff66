import { granted, refused, type Brand, type Decision } from '@emp/kernel';
import { UID, UID_TOLERATED } from './patterns.ts';

/** The UID of a card: 8, 14 or 20 hexadecimal digits, upper case, most significant byte first (OICP §4.4). */
export type Uid = Brand<string, 'Uid'>;

/**
 * Reads a UID in any case and with the usual separators (`04:4a:2d:aa:85:62:80`).
 * Refuses with `not-a-uid`; the refusal does not repeat the text.
 */
export function parseUid(text: string): Decision<Uid, 'not-a-uid'> {
  // As HBS writes it, which is nearly always.
  if (UID.test(text)) return granted(text as Uid);
  const trimmed = text.trim();
  const bare = UID_TOLERATED.test(trimmed) ? trimmed.replaceAll(/[ :.-]/g, '').toUpperCase() : '';
  return UID.test(bare)
    ? granted(bare as Uid)
    : refused('not-a-uid', 'a UID of 4, 7 or 10 bytes in hexadecimal digits is expected');
}

/**
 * The same card read in the opposite byte order, the classical mistake of readers. For a log line on a miss ("the
 * reversed UID is known"), never to authorize.
 */
export function reversedUid(uid: Uid): Uid {
  const bytes = uid.match(/../g) ?? [];
  return bytes.reverse().join('') as Uid;
}
