import type { Transaction } from '@emp/database';
import type { Correction } from '../domain/correction.ts';

/** A charge that counts no longer, and what took it back. */
export interface RetiredCharge {
  readonly chargeId: string;
  readonly sessionId: string;
  readonly contractRef: string;
  readonly correction: number;
  readonly reason: string;
  /** `null`: it had not been rated, so there is nothing to take back. */
  readonly reversal: Reversal | null;
}

export interface Reversal {
  readonly reversalId: string;
  readonly currency: string;
  /** The amounts of the charge with the other sign. */
  readonly net: string;
  readonly vat: string;
  readonly gross: string;
  readonly costCurrency: string | null;
  readonly costNet: string | null;
}

/** Notes the corrections that are news, and returns them; a lower number than the last one is none. */
export async function noteCorrections(
  tx: Transaction, corrections: readonly Correction[], now: Date,
): Promise<readonly Correction[]> {
  const rows = await tx.query<{ session_id: string }>(
    `INSERT INTO session_correction AS known (session_id, correction, outcome, reason, applied_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb)
       AS new (session_id text, correction integer, outcome text, reason text, applied_at timestamptz)
     ORDER BY session_id
     ON CONFLICT (session_id) DO UPDATE SET correction = excluded.correction, outcome = excluded.outcome,
     reason = excluded.reason,
       applied_at = excluded.applied_at
     WHERE known.correction < excluded.correction
     RETURNING session_id`,
    [JSON.stringify(corrections.map(({ sessionId, number, reason, record }) => ({
      session_id: sessionId, correction: number, outcome: record ? 'corrected' : 'withdrawn', reason, applied_at: now,
    })))]);
  const news = new Set(rows.map((row) => row.session_id));
  return corrections.filter(({ sessionId }) => news.has(sessionId));
}

interface RetiredRow {
  readonly id: string;
  readonly session_id: string;
  readonly contract_ref: string;
  readonly currency: string | null;
  readonly net: string;
  readonly vat: string;
  readonly gross: string;
  readonly cost_currency: string | null;
  readonly cost_net: string | null;
}

/** Lets the charges that count for these sessions count no longer. Their amounts stay as they are. */
export async function retireCharges(
  tx: Transaction, corrections: readonly Correction[], newId: () => string,
): Promise<readonly RetiredCharge[]> {
  const bySession = new Map(corrections.map((correction) => [correction.sessionId, correction]));
  const rows = await tx.query<RetiredRow>(
    `UPDATE charge SET state = CASE state WHEN 'rated' THEN 'reversed' ELSE 'withdrawn' END
     WHERE session_id = ANY($1) AND state IN ('rated', 'waiting')
     RETURNING id, session_id, contract_ref, currency, -net AS net, -vat AS vat, -gross AS gross, cost_currency,
     -cost_net AS cost_net`,
    [[...bySession.keys()]]);
  return rows.flatMap((row) => {
    const correction = bySession.get(row.session_id);
    return correction ? [retired(row, correction, newId)] : [];
  });
}

function retired(row: RetiredRow, { number, reason }: Correction, newId: () => string): RetiredCharge {
  const { id: chargeId, session_id: sessionId, contract_ref: contractRef, currency } = row;
  return {
    chargeId, sessionId, contractRef, correction: number, reason,
    reversal: currency === null ? null : {
      reversalId: newId(), currency, net: row.net, vat: row.vat, gross: row.gross,
      costCurrency: row.cost_currency, costNet: row.cost_net,
    },
  };
}

/** `credits`: by charge, the draft that credits it. */
export async function insertReversals(
  tx: Transaction, charges: readonly RetiredCharge[], credits: ReadonlyMap<string, string>, now: Date,
): Promise<void> {
  const rows = charges.flatMap(({ chargeId, sessionId, contractRef, correction, reason, reversal }) => (reversal ? [{
    id: reversal.reversalId, charge_id: chargeId, session_id: sessionId, contract_ref: contractRef, correction, reason,
    currency: reversal.currency, net: reversal.net, vat: reversal.vat, gross: reversal.gross,
    cost_currency: reversal.costCurrency,
    cost_net: reversal.costNet, credit_draft_id: credits.get(chargeId) ?? null, reversed_at: now,
  }] : []));
  if (rows.length === 0) return;
  await tx.execute(
    `INSERT INTO charge_reversal (id, charge_id, session_id, contract_ref, correction, reason, currency, net, vat,
       gross, cost_currency, cost_net, credit_draft_id, reversed_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS new (id text, charge_id text, session_id text, contract_ref text,
       correction integer, reason text, currency text, net numeric, vat numeric, gross numeric,
       cost_currency text, cost_net numeric,
       credit_draft_id text, reversed_at timestamptz)`,
    [JSON.stringify(rows)]);
}

/** The charge that was reversed last, of each session that has one. */
export async function lastReversedCharges(
  tx: Transaction, sessionIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ session_id: string; charge_id: string }>(
    `SELECT DISTINCT ON (session_id) session_id, charge_id FROM charge_reversal WHERE session_id = ANY($1)
     ORDER BY session_id, correction DESC`, [sessionIds]);
  return new Map(rows.map((row) => [row.session_id, row.charge_id]));
}
