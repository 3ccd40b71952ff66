import type { Transaction } from '@emp/database';
import { newId } from '@emp/kernel';
import type { AcceptedRecord } from '../domain/accepted-record.ts';
import type { RatedCharge } from '../domain/rate-charge.ts';

export interface RatedEntry {
  readonly chargeId: string;
  readonly record: AcceptedRecord;
  readonly charge: RatedCharge;
}

/** Puts rated charges as lines into the draft of their contract, month, tax country and currency; makes missing drafts. */
export async function draftLines(tx: Transaction, entries: readonly RatedEntry[], now: Date): Promise<ReadonlyMap<string, string>> {
  const drafts = await draftIds(tx, entries, now);
  const lines = entries.map(({ chargeId, record, charge }) => ({
    charge_id: chargeId, draft_id: drafts.get(draftKey(record, charge)), session_id: record.sessionId, evse_id: record.evseId,
    session_start: record.sessionStart, session_end: record.sessionEnd, energy_kwh: charge.session.energyKwh, net: charge.price.net,
    vat_rate_percent: charge.vatRatePercent, created_at: now,
  }));
  await tx.execute(
    `INSERT INTO invoice_draft_line (charge_id, draft_id, session_id, evse_id, session_start, session_end, energy_kwh, net, vat_rate_percent, created_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS line (charge_id text, draft_id text, session_id text, evse_id text,
       session_start text, session_end text, energy_kwh numeric, net numeric, vat_rate_percent numeric, created_at timestamptz)`,
    [JSON.stringify(lines)]);
  return new Map(lines.map((line) => [line.charge_id, line.draft_id ?? '']));
}

const draftKey = (record: AcceptedRecord, charge: RatedCharge): string =>
  JSON.stringify([record.contractRef, charge.month, charge.taxCountry, charge.price.currency.code]);

/** In the order of their keys, so that two consumers that need the same drafts wait for each other and never in a circle. */
async function draftIds(tx: Transaction, entries: readonly RatedEntry[], now: Date): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map(entries.map(({ record, charge }) => [draftKey(record, charge), {
    id: newId(), contract_ref: record.contractRef, month: charge.month, tax_country: charge.taxCountry,
    currency: charge.price.currency.code, created_at: now,
  }]));
  const rows = JSON.stringify([...wanted.values()]);
  const columns = '(id text, contract_ref text, month text, tax_country text, currency text, created_at timestamptz)';
  await tx.execute(
    `INSERT INTO invoice_draft (id, contract_ref, month, tax_country, currency, created_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS wanted ${columns} ORDER BY contract_ref, month, tax_country, currency
     ON CONFLICT (contract_ref, month, tax_country, currency) DO NOTHING`, [rows]);
  const drafts = await tx.query<{ id: string; contract_ref: string; month: string; tax_country: string; currency: string }>(
    `SELECT draft.id, contract_ref, month, tax_country, currency FROM invoice_draft AS draft
     JOIN jsonb_to_recordset($1::jsonb) AS wanted (contract_ref text, month text, tax_country text, currency text)
       USING (contract_ref, month, tax_country, currency)`, [rows]);
  return new Map(drafts.map((row) => [JSON.stringify([row.contract_ref, row.month, row.tax_country, row.currency]), row.id]));
}
