import type { Vault } from '@emp/vault';
import type { ContentIdentity } from '../domain/assess-cdr.ts';
import { contentText, recordContent, type RecordContent } from '../domain/record-content.ts';
import { sessionKey } from '../domain/session-key.ts';
import { storable } from './storable.ts';

/** What tells one record from another without reading it as a message. */
export interface RecordIdentity extends ContentIdentity {
  /** Canonical SessionID; a record that has none is its own session, named after its bytes. */
  readonly sessionKey: string;
  /** As written, or the key for want of one. */
  readonly sessionId: string;
  /** Whether the record itself names its session, as any charge detail record must. */
  readonly namesSession: boolean;
  /** Absent if the text is not JSON. */
  readonly content: RecordContent | undefined;
}

/**
 * Identifies a record's text. The hashes are keyed: a record is guessed easily but for its card number, which a plain
 * hash would give away.
 * @param announcedSessionId what whoever received it took for its SessionID, for texts that name none.
 */
export function identifyRecord(vault: Vault, text: string, announcedSessionId?: string): RecordIdentity {
  const content = recordContent(text);
  const byteHash = keyedHash(vault, `bytes:${text}`);
  const valueHash = content ? keyedHash(vault, `value:${contentText(content)}`) : byteHash;
  const written = usable(content?.sessionId);
  const sessionId = written ?? usable(announcedSessionId) ?? `unreadable:${byteHash}`;
  const namesSession = written !== undefined;
  return { sessionKey: sessionKey(sessionId), sessionId, namesSession, valueHash, byteHash, content };
}

/** A SessionID has 36 characters; something of a hundred is none, and would not fit into an index. */
function usable(sessionId: string | null | undefined): string | undefined {
  const text = storable(sessionId?.trim() ?? '');
  return text !== '' && text.length <= 100 ? text : undefined;
}

/** No UID looks like it, so the domain may be shared. */
function keyedHash(vault: Vault, text: string): string {
  return vault.fingerprint('uid', text);
}
