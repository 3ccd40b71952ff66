import type { Transaction } from '@emp/database';
import type { SessionRecordMissingData } from '@emp/events';
import { sessionKey } from '../domain/session-key.ts';

/** Notes sessions without a record; the first ask is due at once. Whose record is here already is settled. */
export async function noteMissing(tx: Transaction, told: readonly SessionRecordMissingData[], now: Date): Promise<void> {
  if (told.length === 0) return;
  const keys = told.map(({ sessionId }) => sessionKey(sessionId));
  await tx.execute(
    `INSERT INTO missing_record
       (session_key, session_id, provider_id, operator_id, evse_id, contract_ref, last_heard_at, missing_since,
        state, next_attempt_at, settled_at, settled_by)
     SELECT told.session_key, told.session_id, told.provider_id, told.operator_id, told.evse_id, told.contract_ref,
            told.last_heard_at, told.missing_since, CASE WHEN cdr.id IS NULL THEN 'asking' ELSE 'settled' END,
            CASE WHEN cdr.id IS NULL THEN $9::timestamptz END, CASE WHEN cdr.id IS NOT NULL THEN $9::timestamptz END, cdr.origin
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
            AS told (session_key, session_id, provider_id, operator_id, evse_id, contract_ref, last_heard_at, missing_since)
     LEFT JOIN cdr ON cdr.session_key = told.session_key AND cdr.readable AND cdr.state <> 'conflict'
     ORDER BY told.session_key
     ON CONFLICT (session_key) DO NOTHING`,
    [
      keys, told.map((one) => one.sessionId), told.map((one) => one.providerId), told.map((one) => one.operatorId),
      told.map((one) => one.evseId), told.map((one) => one.contractRef), told.map((one) => one.lastHeardAt),
      told.map((one) => one.missingSince), now,
    ],
  );
}

/** A record has come for these sessions: however it came, nobody need ask for it any more. */
export async function settleMissing(
  tx: Transaction, came: readonly { readonly sessionKey: string; readonly origin: string }[], now: Date,
): Promise<void> {
  if (came.length === 0) return;
  await tx.prepared(SETTLE, [came.map((one) => one.sessionKey), came.map(({ origin }) => origin), now]);
}

const SETTLE = {
  name: 'missing-record-settle',
  text: `UPDATE missing_record AS missing
         SET state = 'settled', settled_at = $3, settled_by = came.origin, next_attempt_at = NULL
         FROM unnest($1::text[], $2::text[]) AS came (session_key, origin)
         WHERE missing.session_key = came.session_key AND missing.state <> 'settled'`,
};
