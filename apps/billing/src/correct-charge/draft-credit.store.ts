import type { Transaction } from '@emp/database';
import { openDrafts, type DraftKey } from '../rate-cdr/draft.store.ts';

interface LineRow extends DraftKey {
  readonly charge_id: string;
  readonly draft_id: string;
}

/**
 * Takes the lines of reversed charges out of invoicing: out of a draft that is still open; what a closed draft has
 * charged is credited in the open one of the same month. Returns the crediting drafts by charge.
 */
export async function creditLines(
  tx: Transaction, chargeIds: readonly string[], now: Date,
): Promise<ReadonlyMap<string, string>> {
  await tx.execute(
    `DELETE FROM invoice_draft_line AS line USING invoice_draft AS draft
     WHERE line.charge_id = ANY($1) AND line.kind = 'charge' AND draft.id = line.draft_id AND draft.closed_at IS NULL`,
    [chargeIds]);
  const invoiced = await tx.query<LineRow>(
    `SELECT line.charge_id, line.draft_id, contract_ref AS "contractRef", month, tax_country AS "taxCountry", currency
     FROM invoice_draft_line AS line JOIN invoice_draft AS draft ON draft.id = line.draft_id
     WHERE line.charge_id = ANY($1) AND line.kind = 'charge'`, [chargeIds]);
  if (invoiced.length === 0) return new Map();
  const draftOf = await openDrafts(tx, invoiced, now);
  const credits = invoiced.map((line) => ({ charge_id: line.charge_id, draft_id: draftOf(line) }));
  await tx.execute(
    `INSERT INTO invoice_draft_line (charge_id, kind, draft_id, credited_draft_id, session_id, evse_id, session_start,
       session_end, energy_kwh, net, vat_rate_percent, created_at)
     SELECT line.charge_id, 'credit', credit.draft_id, line.draft_id, session_id, evse_id, session_start, session_end,
       -energy_kwh, -net, vat_rate_percent, $2
     FROM invoice_draft_line AS line JOIN jsonb_to_recordset($1::jsonb) AS credit (charge_id text, draft_id text)
       ON credit.charge_id = line.charge_id AND line.kind = 'charge'`, [JSON.stringify(credits), now]);
  return new Map(credits.map((credit) => [credit.charge_id, credit.draft_id]));
}
