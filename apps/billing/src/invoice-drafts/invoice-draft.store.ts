import type { Queryable, Transaction } from '@emp/database';
import { Currency, Decimal, Money, vatOf } from '@emp/money';

export interface DraftRow {
  readonly id: string;
  readonly contractRef: string;
  readonly month: string;
  readonly taxCountry: string;
  readonly currency: string;
  readonly createdAt: Date;
  /** `null` = still open. */
  readonly closedAt: Date | null;
}

/** The sums of a draft. VAT is computed once per rate, on the sum of the lines' nets (EN 16931 BR-CO-17). */
export interface DraftTotals {
  readonly lineCount: number;
  readonly net: string;
  readonly vat: string;
  readonly gross: string;
  readonly taxes: readonly { readonly ratePercent: string; readonly net: string; readonly vat: string }[];
}

interface RateSum {
  readonly draft_id: string;
  readonly rate: string;
  readonly lines: number;
  readonly net: string;
}

const DRAFT = 'id, contract_ref AS "contractRef", month, tax_country AS "taxCountry", currency, created_at AS "createdAt", closed_at AS "closedAt"';

export async function listDrafts(
  database: Queryable, page: { readonly before: string | null; readonly contractRef: string | null; readonly limit: number },
): Promise<readonly (DraftRow & DraftTotals)[]> {
  const drafts = await database.query<DraftRow>(
    `SELECT ${DRAFT} FROM invoice_draft WHERE ($1::text IS NULL OR id < $1) AND ($2::text IS NULL OR contract_ref = $2) ORDER BY id DESC LIMIT $3`,
    [page.before, page.contractRef, page.limit]);
  return withTotals(database, drafts);
}

export async function findDraft(database: Queryable, id: string): Promise<(DraftRow & DraftTotals) | undefined> {
  const [draft] = await withTotals(database, await database.query<DraftRow>(`SELECT ${DRAFT} FROM invoice_draft WHERE id = $1`, [id]));
  return draft;
}

/** Lines in the order in which they were rated, after the charge `after`. */
export async function linesOf(database: Queryable, draftId: string, after: string, limit: number): Promise<readonly { readonly chargeId: string }[]> {
  return database.query(
    `SELECT charge_id AS "chargeId", kind, credited_draft_id AS "creditedDraftId", session_id AS "sessionId", evse_id AS "evseId", session_start AS "sessionStart", session_end AS "sessionEnd",
       energy_kwh AS "energyKwh", net, vat_rate_percent AS "vatRatePercent"
     FROM invoice_draft_line WHERE draft_id = $1 AND charge_id > $2 ORDER BY charge_id LIMIT $3`, [draftId, after, limit]);
}

/** Closes a draft for good. Returns it; `undefined` if there is none. A draft that is closed already stays as it is. */
export async function closeDraft(tx: Transaction, id: string, now: Date): Promise<(DraftRow & DraftTotals) | undefined> {
  await tx.execute('UPDATE invoice_draft SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL', [id, now]);
  return findDraft(tx, id);
}

async function withTotals(database: Queryable, drafts: readonly DraftRow[]): Promise<readonly (DraftRow & DraftTotals)[]> {
  const sums = await database.query<RateSum>(
    `SELECT draft_id, vat_rate_percent AS rate, count(*)::int AS lines, sum(net) AS net FROM invoice_draft_line
     WHERE draft_id = ANY($1) GROUP BY draft_id, vat_rate_percent ORDER BY vat_rate_percent DESC`, [drafts.map(({ id }) => id)]);
  return drafts.map((draft) => ({ ...draft, ...totalsOf(Currency.of(draft.currency), sums.filter((sum) => sum.draft_id === draft.id)) }));
}

function totalsOf(currency: Currency, sums: readonly RateSum[]): DraftTotals {
  const taxes = sums.map((sum) => {
    const net = new Money(Decimal.parse(sum.net), currency);
    return { ratePercent: sum.rate, net, vat: vatOf(net, Decimal.parse(sum.rate)) };
  });
  const net = taxes.reduce((total, tax) => total.plus(tax.net), Money.zero(currency));
  const vat = taxes.reduce((total, tax) => total.plus(tax.vat), Money.zero(currency));
  return {
    lineCount: sums.reduce((total, sum) => total + sum.lines, 0),
    net: net.amount.toString(), vat: vat.amount.toString(), gross: net.plus(vat).amount.toString(),
    taxes: taxes.map((tax) => ({ ratePercent: tax.ratePercent, net: tax.net.amount.toString(), vat: tax.vat.amount.toString() })),
  };
}
