import type { Queryable } from '@emp/database';

export interface ChargeSummary {
  readonly chargeId: string;
  readonly sessionId: string;
  readonly state: 'rated' | 'waiting';
}

/** Column by column what the API shows; numeric columns arrive as exact texts. */
const SUMMARY = `charge.id AS "chargeId", charge.session_id AS "sessionId", state, waiting_reason AS "waitingReason",
  charge.contract_ref AS "contractRef", record ->> 'evseId' AS "evseId", record ->> 'sessionStart' AS "sessionStart",
  record ->> 'sessionEnd' AS "sessionEnd", charge.energy_kwh AS "energyKwh", tariff_plan_id AS "tariffPlanId", tariff_version AS "tariffVersion",
  tax_country AS "taxCountry", currency, charge.net, charge.vat_rate_percent AS "vatRatePercent", vat, gross,
  CASE WHEN cost_net IS NULL THEN NULL ELSE jsonb_build_object('currency', cost_currency, 'net', cost_net::text) END AS cost,
  charge.created_at AS "createdAt", rated_at AS "ratedAt"`;

export async function listCharges(
  database: Queryable, page: { readonly state: string | null; readonly before: string | null; readonly limit: number },
): Promise<ChargeSummary[]> {
  return database.query<ChargeSummary>(
    `SELECT ${SUMMARY} FROM charge WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [page.state, page.before, page.limit]);
}

export async function findCharge(database: Queryable, sessionId: string): Promise<object | undefined> {
  const [charge] = await database.query<object>(
    `SELECT ${SUMMARY}, waiting_detail AS "waitingDetail", line.draft_id AS "invoiceDraftId", breakdown, cost_breakdown AS "costBreakdown"
     FROM charge LEFT JOIN invoice_draft_line AS line ON line.charge_id = charge.id WHERE charge.session_id = $1`, [sessionId]);
  return charge;
}
