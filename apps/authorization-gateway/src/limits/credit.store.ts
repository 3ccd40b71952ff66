import type { Transaction } from '@emp/database';

/** A charge that takes of a credit, or what takes one back. */
export interface CreditEntry {
  /** Of the charge or of its reversal: each counts once. */
  readonly entryId: string;
  readonly sessionId: string;
  readonly contractRef: string;
  readonly currency: string;
  readonly gross: string;
  /** The charge that no longer counts; `null` for a charge. */
  readonly reverses: string | null;
  readonly at: Date;
}

/** In order: two batches with the same contracts wait for each other, not for ever. */
const LOCK = `SELECT contract_ref FROM contract_credit WHERE contract_ref = ANY($1) ORDER BY contract_ref FOR UPDATE`;

/**
 * What a charge takes is its gross amount; of another currency, which nobody can compare, what was set aside for it. A
 * reversal gives back what its charge took, whatever that was.
 */
const TAKE = {
  name: 'credit-take',
  text: `
    WITH entry AS (
      INSERT INTO credit_charge (charge_id, session_id, contract_ref, currency, gross, taken, taken_at)
      SELECT $1, $2, contract_ref, $4, $5::numeric,
        CASE WHEN $6::text IS NOT NULL THEN -(SELECT taken FROM credit_charge WHERE charge_id = $6)
             WHEN currency = $4 THEN $5::numeric ELSE reserve_per_session END, $7
      FROM contract_credit
      WHERE contract_ref = $3 AND ($6::text IS NULL OR EXISTS (SELECT FROM credit_charge WHERE charge_id = $6))
      ON CONFLICT (charge_id) DO NOTHING RETURNING contract_ref, taken
    )
    UPDATE contract_credit SET consumed = consumed + entry.taken FROM entry
    WHERE contract_credit.contract_ref = entry.contract_ref RETURNING currency`,
};

const LET_GO = 'DELETE FROM credit_hold WHERE session_id = ANY($1)';

/** Of these contracts those that have a credit, their rows locked. */
export async function lockCredits(tx: Transaction, contractRefs: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ contract_ref: string }>(LOCK, [[...new Set(contractRefs)]]);
  return new Set(rows.map((row) => row.contract_ref));
}

/** The currency of the credit it was taken from; `undefined` if it had been before. */
export async function takeFromCredit(tx: Transaction, entry: CreditEntry): Promise<string | undefined> {
  const { entryId, sessionId, contractRef, currency, gross, reverses, at } = entry;
  const [row] = await tx.prepared<{ currency: string }>(TAKE, [
    entryId, sessionId, contractRef, currency, gross, reverses, at,
  ]);
  return row?.currency;
}

/** Their charge is known: nothing has to be set aside for these sessions any more. */
export const letGoOf = (tx: Transaction, sessionIds: readonly string[]): Promise<number> =>
  tx.execute(LET_GO, [sessionIds]);
