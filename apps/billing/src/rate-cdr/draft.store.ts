import type { Transaction } from '@emp/database';
import { EmpError, newId } from '@emp/kernel';
import type { RatedCharge } from '../domain/rate-charge.ts';
import type { UnratedCharge } from './charge.store.ts';

export interface RatedEntry extends UnratedCharge {
  readonly charge: RatedCharge;
}

/** What an invoice is made for: one open draft for each. */
export interface DraftKey {
  readonly contractRef: string;
  /** `YYYY-MM` */
  readonly month: string;
  readonly taxCountry: string;
  readonly currency: string;
}

/** Puts rated charges as lines into the open draft of their contract, month, tax country and currency. */
export async function draftLines(tx: Transaction, entries: readonly RatedEntry[], now: Date): Promise<ReadonlyMap<string, string>> {
  const keyed = entries.map((entry) => ({ ...entry, key: keyOf(entry) }));
  const drafts = await openDrafts(tx, keyed.map(({ key }) => key), now);
  const lines = keyed.map(({ chargeId, record, charge, key }) => ({
    charge_id: chargeId, draft_id: drafts(key), session_id: record.sessionId, evse_id: record.evseId,
    session_start: record.sessionStart, session_end: record.sessionEnd, energy_kwh: charge.session.energyKwh, net: charge.price.net,
    vat_rate_percent: charge.vatRatePercent, created_at: now,
  }));
  await tx.execute(
    `INSERT INTO invoice_draft_line (charge_id, draft_id, session_id, evse_id, session_start, session_end, energy_kwh, net, vat_rate_percent, created_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS line (charge_id text, draft_id text, session_id text, evse_id text,
       session_start text, session_end text, energy_kwh numeric, net numeric, vat_rate_percent numeric, created_at timestamptz)`,
    [JSON.stringify(lines)]);
  return new Map(lines.map((line) => [line.charge_id, line.draft_id]));
}

const keyOf = ({ record, charge }: RatedEntry): DraftKey => ({
  contractRef: record.contractRef, month: charge.month, taxCountry: charge.taxCountry, currency: charge.price.currency.code,
});

const textOf = ({ contractRef, month, taxCountry, currency }: DraftKey): string =>
  JSON.stringify([contractRef, month, taxCountry, currency]);

/**
 * The open draft of each key; missing ones are made. In the order of their keys, so that two consumers that need the same
 * drafts wait for each other and never in a circle.
 */
export async function openDrafts(tx: Transaction, keys: readonly DraftKey[], now: Date): Promise<(key: DraftKey) => string> {
  const wanted = [...new Map(keys.map((key) => [textOf(key), {
    id: newId(), contract_ref: key.contractRef, month: key.month, tax_country: key.taxCountry, currency: key.currency, created_at: now,
  }])).values()];
  const rows = JSON.stringify(wanted);
  const columns = '(id text, contract_ref text, month text, tax_country text, currency text, created_at timestamptz)';
  await tx.execute(
    `INSERT INTO invoice_draft (id, contract_ref, month, tax_country, currency, created_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS wanted ${columns} ORDER BY contract_ref, month, tax_country, currency
     ON CONFLICT (contract_ref, month, tax_country, currency) WHERE closed_at IS NULL DO NOTHING`, [rows]);
  const drafts = await tx.query<DraftKey & { readonly id: string }>(
    `SELECT draft.id, contract_ref AS "contractRef", month, tax_country AS "taxCountry", currency FROM invoice_draft AS draft
     JOIN jsonb_to_recordset($1::jsonb) AS wanted (contract_ref text, month text, tax_country text, currency text)
       USING (contract_ref, month, tax_country, currency)
     WHERE draft.closed_at IS NULL`, [rows]);
  const ids = new Map(drafts.map((draft) => [textOf(draft), draft.id]));
  return (key) => {
    const id = ids.get(textOf(key));
    if (id !== undefined) return id;
    throw new EmpError('draft-closed-meanwhile', `the draft of ${key.month} was closed at this moment`, { retry: 'helps' });
  };
}
