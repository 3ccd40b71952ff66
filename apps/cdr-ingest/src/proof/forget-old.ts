import type { Database } from '@emp/database';

/** Where each read model keeps the time of a row. */
const READ_MODELS: readonly (readonly [table: string, time: string])[] = [
  ['authorized_session', 'authorized_at'], ['session_notice', 'noticed_at'], ['cdr_receipt', 'received_at'],
  ['hub_listing', 'listed_at'], ['billing_entry', 'billed_at'], ['missing_record', 'missing_since'], ['export_run', 'started_at'],
];
const CHUNK = 10_000;

/** Forgets what the read models know from before; some thousand rows at a time, so that nobody waits for it. */
export async function forgetOld(database: Database, before: Date, signal: AbortSignal): Promise<void> {
  for (const [table, time] of READ_MODELS) {
    for (let deleted = CHUNK; deleted === CHUNK && !signal.aborted;) {
      deleted = await database.execute(
        `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${time} < $1 LIMIT ${CHUNK}))`, [before],
      );
    }
  }
  await database.execute(`DELETE FROM pull_step WHERE state NOT IN ('waiting', 'reading') AND ended_at < $1`, [before]);
}
