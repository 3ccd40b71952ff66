import type { Transaction } from '@emp/database';
import type { Vault } from '@emp/vault';
import { caseFacts, type CaseFacts } from '../domain/case.ts';
import { sessionKey } from '../domain/session-key.ts';
import { lockCases, type CaseRow } from './case-row.ts';
import { lockRecords, recordInForce, type StoredRecord } from './stored-record.ts';

/** A case and everything that came for its session, locked. */
export interface CaseFile {
  readonly case: CaseRow;
  readonly records: readonly StoredRecord[];
  readonly inForce: StoredRecord;
  readonly facts: CaseFacts;
}

/** `undefined`: no record came. A record without a case has a closed one of revision 0. */
export async function openFile(tx: Transaction, vault: Vault, sessionId: string): Promise<CaseFile | undefined> {
  const key = sessionKey(sessionId);
  const records = await lockRecords(tx, vault, key);
  const inForce = recordInForce(records);
  if (!inForce) return undefined;
  const found = (await lockCases(tx, [key])).get(key) ?? uneventful(key, inForce);
  const facts = caseFacts(inForce.state, inForce.read.facts ? 'readable' : 'unreadable', found);
  return { case: found, records, inForce, facts };
}

function uneventful(key: string, { read }: StoredRecord): CaseRow {
  const { identity: { sessionId }, received: { providerId, operatorId, receivedAt }, facts } = read;
  const at = new Date(receivedAt);
  return {
    sessionKey: key, sessionId, state: 'accepted', revision: 0, announced: 'accepted', corrections: 0,
    codes: [], openVersions: [],
    overlay: {}, providerId, operatorId, evseId: facts?.evseId ?? null, openedAt: at, closedAt: at,
  };
}
