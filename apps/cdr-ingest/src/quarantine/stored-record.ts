import type { Transaction } from '@emp/database';
import { CdrReceivedV1, newEvent, type CdrReceivedData } from '@emp/events';
import type { Vault } from '@emp/vault';
import { CDR_COLUMNS, type CdrState, type NewCdr } from '../cdrs/cdr-row.ts';
import { storableJson } from '../cdrs/storable.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import { readReceived, type ReceivedRecord } from '../receive-cdr/read-record.ts';

export type StoredState = CdrState | 'rejected';
export type MatchedBy = 'session' | 'identification' | 'person';

/** A version of a record as it is stored, opened and read again from its own text. */
export interface StoredRecord {
  readonly id: string;
  readonly version: number;
  readonly state: StoredState;
  readonly contractRef: string | null;
  readonly matchedBy: MatchedBy | null;
  readonly findings: readonly CdrFinding[];
  readonly read: ReceivedRecord;
}

interface Row extends Omit<CdrReceivedData, 'receivedAt' | 'contractRef'> {
  readonly id: string;
  readonly version: number;
  readonly state: StoredState;
  readonly contractRef: string | null;
  readonly matchedBy: MatchedBy | null;
  readonly findings: readonly CdrFinding[];
  readonly receivedAt: Date;
}

/** All versions of a session's record, locked, in the order in which they came. */
export async function lockRecords(tx: Transaction, vault: Vault, sessionKey: string): Promise<readonly StoredRecord[]> {
  const rows = await tx.query<Row>(
    `SELECT id, version, state, contract_ref AS "contractRef", matched_by AS "matchedBy", findings,
       session_id AS "sessionId", origin, provider_id AS "providerId", operator_id AS "operatorId",
       received_at AS "receivedAt", process_id AS "processId", page, sealed_record AS "sealedRecord"
     FROM cdr WHERE session_key = $1 ORDER BY version FOR UPDATE`, [sessionKey],
  );
  return rows.map((row) => {
    const { id, version, state, contractRef, matchedBy, findings, receivedAt, ...rest } = row;
    const received: CdrReceivedData = { ...rest, contractRef, receivedAt: receivedAt.toISOString() };
    const read = readReceived(vault, newEvent(CdrReceivedV1, received, { time: receivedAt, id }));
    return { id, version, state, contractRef, matchedBy, findings, read };
  });
}

/** The record that is billed or waits to be; without one, the text that came last. */
export function recordInForce(records: readonly StoredRecord[]): StoredRecord | undefined {
  return records.find(({ state, read }) => state !== 'conflict' && read.facts !== null)
    ?? records.findLast(({ state }) => state !== 'conflict') ?? records.at(-1);
}

/** What of a row a decision changes: what came stays. */
const CAME: ReadonlySet<string> = new Set([
  'id', 'session_key', 'version', 'session_id', 'sealed_record', 'value_hash', 'byte_hash', 'origin', 'page',
  'process_id',
  'received_at', 'recorded_at', 'provider_id', 'operator_id',
]);
const DECIDED = CDR_COLUMNS.filter(([column]) => !CAME.has(column));
const UPDATE = {
  name: 'cdr-decide',
  text: `UPDATE cdr SET ${DECIDED.map(([column, type], at) => `${column} = $${at + 2}::${type}`).join(', ')}
         WHERE id = $1`,
};

export interface DecidedRecord extends Omit<NewCdr, 'state' | 'matchedBy'> {
  readonly state: StoredState;
  readonly matchedBy: MatchedBy | null;
}

/** Stores a version as it was decided: the facts that count, corrections included. The text stays as it came. */
export async function storeDecision(tx: Transaction, decided: DecidedRecord): Promise<void> {
  const row = decided as NewCdr; // columns take any state and any way of matching
  await tx.prepared(UPDATE, [decided.id, ...DECIDED.map(([, , valueOf]) => valueOf(row))]);
}

export interface Contradiction {
  readonly id: string;
  /** `null` = as it is. */
  readonly state: 'conflict' | null;
  readonly differingMembers: readonly string[];
}

/** The record that was in force contradicts the one that is now. */
export async function storeContradictions(
  tx: Transaction, contradictions: readonly Contradiction[],
): Promise<void> {
  if (contradictions.length === 0) return;
  await tx.execute(
    `UPDATE cdr SET state = coalesce(told.state, cdr.state), differing_members = told.members
     FROM jsonb_to_recordset($1::jsonb) AS told (id text, state text, members jsonb) WHERE cdr.id = told.id`,
    [storableJson(contradictions.map(({ id, state, differingMembers: members }) => ({ id, state, members })))],
  );
}
