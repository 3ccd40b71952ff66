import type { Database } from '@emp/database';
import { Decimal } from '@emp/money';
import { operatorSpelling } from '../domain/partner-spelling.ts';
import type { ProofDay } from '../domain/proof-day.ts';
import type { ProvenSession } from '../domain/proof.ts';

/**
 * A session belongs to the day on which we authorized it; one that we did not, to the day on which it began by its
 * record; a charge without either, to the day of the charge. So each belongs to exactly one day.
 * Of a session's records the leading one counts, or for want of one the first.
 */
const SESSIONS_OF_DAY = `
  WITH session AS (
    SELECT session_key FROM authorized_session WHERE authorized_at >= $1 AND authorized_at < $2
    UNION
    SELECT cdr.session_key FROM cdr
    WHERE coalesce(session_start_at, received_at) >= $1 AND coalesce(session_start_at, received_at) < $2
      AND NOT EXISTS (SELECT FROM authorized_session AS known WHERE known.session_key = cdr.session_key)
      AND cdr.version = (
        SELECT version FROM cdr AS each WHERE each.session_key = cdr.session_key
        ORDER BY each.readable AND each.state <> 'conflict' DESC, each.version LIMIT 1)
    UNION
    SELECT entry.session_key FROM billing_entry AS entry
    WHERE billed_at >= $1 AND billed_at < $2
      AND NOT EXISTS (SELECT FROM authorized_session AS known WHERE known.session_key = entry.session_key)
      AND NOT EXISTS (SELECT FROM cdr WHERE cdr.session_key = entry.session_key)
      AND NOT EXISTS (SELECT FROM billing_entry AS first WHERE first.session_key = entry.session_key
                      AND (first.billed_at, first.event_id) < (entry.billed_at, entry.event_id))
  )
  SELECT coalesce(authorized.session_id, record.session_id, billing.session_id) AS session_id,
         coalesce(authorized.provider_id, record.provider_id, '?') AS provider_id,
         coalesce(authorized.operator_id, record.operator_id, network.operator_id) AS operator_id,
         authorized.session_key IS NOT NULL AS authorized,
         record.state, record.energy_kwh, versions.pushed, versions.pulled,
         coalesce(cardinality(contested.open_versions), 0) AS conflicts,
         EXISTS (SELECT FROM cdr_receipt AS receipt WHERE receipt.session_key = session.session_key AND receipt.origin = 'pushed') AS push_received,
         EXISTS (SELECT FROM hub_listing AS listing WHERE listing.session_key = session.session_key) AS listed,
         coalesce(billing.kind <> 'reversed', false) AS billed, billing.energy_kwh AS billed_kwh
  FROM session
  LEFT JOIN authorized_session AS authorized USING (session_key)
  LEFT JOIN LATERAL (
    SELECT session_id, provider_id, operator_id, state, energy_kwh, evse_key FROM cdr
    WHERE cdr.session_key = session.session_key ORDER BY readable AND state <> 'conflict' DESC, version LIMIT 1
  ) AS record ON true
  LEFT JOIN LATERAL (
    SELECT bool_or(origin = 'pushed') AS pushed, bool_or(origin = 'pulled') AS pulled
    FROM cdr WHERE cdr.session_key = session.session_key
  ) AS versions ON true
  LEFT JOIN quarantine_case AS contested USING (session_key)
  LEFT JOIN evse_fact AS network ON network.evse_key = record.evse_key
  LEFT JOIN LATERAL (
    SELECT session_id, kind, energy_kwh FROM billing_entry AS entry WHERE entry.session_key = session.session_key
    ORDER BY billed_at DESC, array_position('{rated,reversed,corrected}', kind) DESC, event_id DESC LIMIT 1
  ) AS billing ON true
  ORDER BY session_id`;

interface Row {
  readonly session_id: string;
  readonly provider_id: string;
  readonly operator_id: string | null;
  readonly authorized: boolean;
  readonly state: string | null;
  readonly energy_kwh: string | null;
  readonly pushed: boolean | null;
  readonly pulled: boolean | null;
  readonly conflicts: number;
  readonly push_received: boolean;
  readonly listed: boolean;
  readonly billed: boolean;
  readonly billed_kwh: string | null;
}

const AT_ONCE = 5_000;

/** Every session of the day, from one snapshot of the database, some thousand at a time. */
export async function* sessionsOfDay(database: Database, { from, to }: ProofDay): AsyncGenerator<ProvenSession> {
  const connection = await database.connect();
  try {
    await connection.query('BEGIN READ ONLY');
    await connection.query(`DECLARE day NO SCROLL CURSOR FOR ${SESSIONS_OF_DAY}`, [from, to]);
    for (;;) {
      const rows = await connection.query<Row>(`FETCH ${AT_ONCE} FROM day`);
      yield* rows.map(provenOf);
      if (rows.length < AT_ONCE) return;
    }
  } finally {
    await connection.close();
  }
}

function provenOf(row: Row): ProvenSession {
  const decimal = (text: string | null): Decimal | null => (text === null ? null : Decimal.parse(text));
  return {
    sessionId: row.session_id, providerId: row.provider_id, authorized: row.authorized,
    operatorId: row.operator_id === null ? null : operatorSpelling(row.operator_id),
    record: recordOf(row.state), conflicts: row.conflicts,
    pushed: row.pushed === true || row.push_received, pulled: row.pulled === true || row.listed,
    recordKwh: decimal(row.energy_kwh), billed: row.billed, billedKwh: decimal(row.billed_kwh),
  };
}

function recordOf(state: string | null): ProvenSession['record'] {
  if (state === null) return 'none';
  if (state === 'accepted' || state === 'rejected') return state;
  return 'quarantined';
}
