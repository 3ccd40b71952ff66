import type { Transaction } from '@emp/database';
import { evseKey } from '@emp/oicp';
import { sessionOf, type AcceptedRecord } from '../domain/accepted-record.ts';
import type { RatedCharge, WaitingCharge } from '../domain/rate-charge.ts';

/** A charge before it is rated: of which record, by which correction of it, in the place of which reversed charge. */
export interface UnratedCharge {
  readonly chargeId: string;
  readonly record: AcceptedRecord;
  /** 0 = the record as it was accepted. */
  readonly correction: number;
  readonly replaces: string | null;
}

/** A session's charge and what rating made of it. */
export interface Rating extends UnratedCharge {
  readonly charge: RatedCharge | WaitingCharge;
}

export type WaitingFor =
  | { readonly contractRefs: readonly string[] }
  | { readonly evseKeys: readonly string[] }
  | { readonly after: string };

const RATING_COLUMNS = `state text, waiting_reason text, waiting_detail text, tariff_plan_id text, tariff_version integer,
  tax_country text, currency text, net numeric, vat_rate_percent numeric, vat numeric, gross numeric, breakdown jsonb,
  cost_currency text, cost_net numeric, cost_breakdown jsonb, cost_operator_key text, rated_at timestamptz`;
const RATING_NAMES = RATING_COLUMNS.split(',').map((column) => column.trim().split(' ')[0] ?? '').join(', ');

/** What a charge without cost has seen: every price of its operator. Prices do not change while somebody rates. */
const PRICES_SEEN = `(SELECT coalesce(max(revision), 0) FROM operator_price WHERE operator_key = new.cost_operator_key)`;

/** Those of the sessions that have, or had, a charge, or were corrected before they came. */
export async function chargedSessions(tx: Transaction, sessionIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ session_id: string }>(
    `SELECT session_id FROM charge WHERE session_id = ANY($1) AND state IN ('rated', 'waiting')
     UNION SELECT session_id FROM session_correction WHERE session_id = ANY($1)`, [sessionIds]);
  return new Set(rows.map((row) => row.session_id));
}

/** Inserts charges; a session that got one in the meantime keeps that. Returns the ids of charges that are new. */
export async function insertCharges(tx: Transaction, ratings: readonly Rating[], now: Date): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string }>(
    `INSERT INTO charge (id, session_id, contract_ref, evse_key, session_start, session_end, energy_kwh, record, created_at, correction,
       replaces, cost_prices_seen, ${RATING_NAMES})
     SELECT id, session_id, contract_ref, evse_key, session_start, session_end, energy_kwh, record, created_at, correction,
       replaces, CASE WHEN cost_operator_key IS NULL THEN 0 ELSE ${PRICES_SEEN} END, ${RATING_NAMES}
     FROM jsonb_to_recordset($1::jsonb) AS new (id text, session_id text, contract_ref text, evse_key text,
       session_start timestamptz, session_end timestamptz, energy_kwh numeric, record jsonb, created_at timestamptz, correction integer,
       replaces text, ${RATING_COLUMNS})
     ORDER BY session_id
     ON CONFLICT (session_id) WHERE state IN ('rated', 'waiting') DO NOTHING RETURNING id`,
    [JSON.stringify(ratings.map((rating) => ({ ...recordRow(rating, now), ...ratingRow(rating.charge, now) })))]);
  return new Set(rows.map((row) => row.id));
}

/** Gives waiting charges the outcome of another attempt; one that waits for the same as before is not written. */
export async function updateCharges(tx: Transaction, ratings: readonly Rating[], now: Date): Promise<void> {
  await tx.execute(
    `UPDATE charge SET (${RATING_NAMES}) = (SELECT ${RATING_NAMES.split(', ').map((name) => `new.${name}`).join(', ')}),
       cost_prices_seen = CASE WHEN new.cost_operator_key IS NULL THEN 0 ELSE ${PRICES_SEEN} END
     FROM jsonb_to_recordset($1::jsonb) AS new (id text, ${RATING_COLUMNS})
     WHERE charge.id = new.id AND charge.state = 'waiting'
       AND (new.waiting_reason, new.waiting_detail) IS DISTINCT FROM (charge.waiting_reason, charge.waiting_detail)`,
    [JSON.stringify(ratings.map((rating) => ({ id: rating.chargeId, ...ratingRow(rating.charge, now) })))]);
}

/** Locks and returns charges that wait, in the order of their ids. */
export async function waitingCharges(
  tx: Transaction, waitingFor: WaitingFor, limit: number,
): Promise<readonly UnratedCharge[]> {
  const [condition, value] = 'contractRefs' in waitingFor ? ['contract_ref = ANY($1)', waitingFor.contractRefs]
    : 'evseKeys' in waitingFor ? ['evse_key = ANY($1)', waitingFor.evseKeys] : ['id > $1', waitingFor.after];
  const rows = await tx.query<{ id: string; record: AcceptedRecord; correction: number; replaces: string | null }>(
    `SELECT id, record, correction, replaces FROM charge WHERE state = 'waiting' AND ${condition} ORDER BY id LIMIT $2 FOR UPDATE`, [value, limit]);
  return rows.map(({ id, record, correction, replaces }) => ({ chargeId: id, record, correction, replaces }));
}

function recordRow({ chargeId, record, correction, replaces }: Rating, now: Date): Record<string, unknown> {
  const session = sessionOf(record);
  const instant = (at: { readonly epochMillis: number }): string => new Date(at.epochMillis).toISOString();
  return {
    id: chargeId, session_id: record.sessionId, contract_ref: record.contractRef, evse_key: evseKey(record.evseId), record, created_at: now,
    correction, replaces,
    ...(session.ok ? {
      session_start: instant(session.value.sessionStart), session_end: instant(session.value.sessionEnd), energy_kwh: session.value.energyKwh,
    } : {}),
  };
}

function ratingRow(charge: RatedCharge | WaitingCharge, now: Date): Record<string, unknown> {
  if (charge.state === 'waiting') return { state: 'waiting', waiting_reason: charge.reason, waiting_detail: charge.detail };
  const { price, cost } = charge;
  return {
    state: 'rated', tariff_plan_id: charge.planId, tariff_version: charge.planVersion, tax_country: charge.taxCountry,
    currency: price.currency, net: price.net, vat_rate_percent: charge.vatRatePercent, vat: charge.vat, gross: charge.gross,
    breakdown: { ...price, notes: [...charge.notes, ...price.notes] }, cost_breakdown: cost, rated_at: now,
    ...('unknown' in cost ? { cost_operator_key: charge.operatorKey } : { cost_currency: cost.currency, cost_net: cost.net }),
  };
}
