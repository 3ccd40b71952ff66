import type { Queryable } from '@emp/database';

export interface ChargeSummary {
  readonly chargeId: string;
  readonly sessionId: string;
  readonly state: ChargeState;
}

/** `rated` and `waiting` count; `reversed` and `withdrawn` no longer do: their record was corrected or withdrawn. */
export type ChargeState = (typeof CHARGE_STATES)[number];
export const CHARGE_STATES = ['rated', 'waiting', 'reversed', 'withdrawn'] as const;

/** Column by column what the API shows; numeric columns arrive as exact texts. */
const SUMMARY = `charge.id AS "chargeId", charge.session_id AS "sessionId", state, waiting_reason AS "waitingReason",
  charge.contract_ref AS "contractRef", record ->> 'evseId' AS "evseId", record ->> 'sessionStart' AS "sessionStart",
  record ->> 'sessionEnd' AS "sessionEnd", charge.energy_kwh AS "energyKwh", tariff_plan_id AS "tariffPlanId", tariff_version AS "tariffVersion",
  tax_country AS "taxCountry", currency, charge.net, charge.vat_rate_percent AS "vatRatePercent", vat, gross,
  CASE WHEN cost_net IS NULL THEN NULL ELSE jsonb_build_object('currency', cost_currency, 'net', cost_net::text) END AS cost,
  charge.created_at AS "createdAt", rated_at AS "ratedAt", charge.correction`;

const OF_SESSION = `(SELECT * FROM charge WHERE session_id = $1 AND state IN ('rated', 'waiting')
  UNION ALL SELECT * FROM charge WHERE session_id = $1 AND state IN ('reversed', 'withdrawn')) AS charge`;

/** Without a state, those that count: at most one per session. */
export async function listCharges(
  database: Queryable, page: { readonly state: ChargeState | null; readonly before: string | null; readonly limit: number },
): Promise<ChargeSummary[]> {
  return database.query<ChargeSummary>(
    `SELECT ${SUMMARY} FROM charge WHERE state = ANY($1) AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [page.state === null ? ['rated', 'waiting'] : [page.state], page.before, page.limit]);
}

/** The charge that counts, or the last one that did; with everything that was charged and taken back, in order. */
export async function findCharge(database: Queryable, sessionId: string): Promise<object | undefined> {
  const [charge] = await database.query<object>(
    `SELECT ${SUMMARY}, waiting_detail AS "waitingDetail", line.draft_id AS "invoiceDraftId", breakdown, cost_breakdown AS "costBreakdown"
     FROM ${OF_SESSION} LEFT JOIN invoice_draft_line AS line ON line.charge_id = charge.id AND line.kind = 'charge'
     ORDER BY state IN ('rated', 'waiting') DESC, charge.correction DESC LIMIT 1`, [sessionId]);
  return charge && { ...charge, ledger: await ledgerOf(database, sessionId) };
}

/** What was charged, and what took it back: the sum is what the session costs. */
async function ledgerOf(database: Queryable, sessionId: string): Promise<readonly object[]> {
  return database.query(
    `SELECT entry, id, "chargeId", correction, reason, currency, net, vat, gross, "invoiceDraftId", at FROM (
       SELECT 'charge' AS entry, charge.id, charge.id AS "chargeId", charge.correction, NULL AS reason, currency, charge.net, vat, gross,
         line.draft_id AS "invoiceDraftId", rated_at AS at, charge.correction * 2 + 1 AS place
       FROM ${OF_SESSION} LEFT JOIN invoice_draft_line AS line ON line.charge_id = charge.id AND line.kind = 'charge'
       WHERE rated_at IS NOT NULL
       UNION ALL
       SELECT 'reversal', id, charge_id, correction, reason, currency, net, vat, gross, credit_draft_id, reversed_at, correction * 2
       FROM charge_reversal WHERE session_id = $1) AS entries
     ORDER BY place`, [sessionId]);
}
