import { createHash } from 'node:crypto';
import type { Vault } from '@emp/vault';
import type { ContentIdentity } from '../domain/assess-cdr.ts';
import { contentText, recordContent, type RecordContent } from '../domain/record-content.ts';
import { sessionKey } from '../domain/session-key.ts';

/** What tells one record from another without reading it as a message. */
export interface RecordIdentity extends ContentIdentity {
  /** Canonical SessionID; a record that has none is its own session, named after its bytes. */
  readonly sessionKey: string;
  /** As written, or the key for want of one. */
  readonly sessionId: string;
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
  const sessionId = content?.sessionId || announcedSessionId?.trim() || `unreadable:${byteHash}`;
  return { sessionKey: sessionKey(sessionId), sessionId, valueHash, byteHash, content };
}

function keyedHash(vault: Vault, text: string): string {
  return vault.fingerprint('uid', createHash('sha256').update(text).digest('hex'));
}
