import type { Database, Queryable } from '@emp/database';
import type { SessionAuthorizedData } from '@emp/events';
import { EmpError } from '@emp/kernel';
import type { OutboxRow } from '@emp/messaging';
import type { KnownStatusCode } from '@emp/oicp';
import { Inject, Injectable } from '@nestjs/common';
import type { Explanation } from '../domain/authorization.ts';
import type { GatewayConfig } from '../config.ts';
import { CONFIG, DOOR_DATABASE } from '../tokens.ts';
import { WriteLanes } from '../lanes/write-lanes.ts';

export interface NewGrant {
  readonly session: SessionToGrant;
  readonly event: OutboxRow;
}

export interface SessionToGrant extends SessionAuthorizedData {
  readonly sealedCpoSessionId: string | null;
  readonly empPartnerSessionId: string;
  readonly processId: string | null;
  readonly explanation: Explanation;
  readonly at: Date;
}

/** What a granted session answers with; `told` says whether this call made it. */
export interface GrantedSession {
  readonly told: 'now' | 'before';
  readonly provider_id: string;
  readonly contract_ref: string;
  readonly card_ref: string | null;
  readonly emp_partner_session_id: string;
}

/** A session HBS was told no for: what was told stays (021: decision record 0006). */
export interface DeniedSession {
  readonly told: 'denied';
  readonly code: KnownStatusCode;
}

export interface SessionToRefuse {
  readonly sessionId: string;
  readonly code: KnownStatusCode;
  readonly operatorId: string;
  readonly evseId: string | null;
  readonly identification: string;
  readonly processId: string | null;
  readonly explanation: Explanation;
  readonly at: Date;
}

interface KnownSession extends GrantedSession {
  readonly denied: boolean;
  readonly refusal_code: KnownStatusCode | null;
}

/**
 * Sessions and events in one statement: either both are there or neither. A session that was heard of before it was
 * authorized (OICP §5) keeps what was heard and gets the rest; one that was authorized or denied before is left alone.
 */
const GRANT = {
  name: 'authorize-start-grant',
  text: `
    WITH given AS (
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::text[], $10::text[], $11::text[], $12::jsonb[], $13::timestamptz[], $14::uuid[], $15::text[],
        $16::text[], $17::jsonb[], $18::text[]) AS given (session_id, provider_id, contract_ref, card_ref,
        tariff_plan_id, identification, operator_id, evse_id, sealed_cpo_session_id, emp_partner_session_id,
        process_id, explanation, at, event_id, topic, key, headers, payload)
    ), granted AS (
      INSERT INTO charging_session AS known (session_id, state, provider_id, contract_ref, card_ref, tariff_plan_id,
        identification, operator_id, evse_id, sealed_cpo_session_id, emp_partner_session_id, process_id, explanation,
        created_at, authorized_at, last_heard_at)
      SELECT session_id, 'authorized', provider_id, contract_ref, card_ref, tariff_plan_id, identification, operator_id,
        evse_id, sealed_cpo_session_id, emp_partner_session_id, process_id, explanation, at, at, at
      FROM given ORDER BY session_id
      ON CONFLICT (session_id) DO UPDATE SET provider_id = EXCLUDED.provider_id, contract_ref = EXCLUDED.contract_ref,
        card_ref = EXCLUDED.card_ref, tariff_plan_id = EXCLUDED.tariff_plan_id,
        identification = EXCLUDED.identification, operator_id = EXCLUDED.operator_id,
        evse_id = coalesce(EXCLUDED.evse_id, known.evse_id),
        sealed_cpo_session_id = EXCLUDED.sealed_cpo_session_id,
        emp_partner_session_id = EXCLUDED.emp_partner_session_id,
        process_id = EXCLUDED.process_id, explanation = EXCLUDED.explanation, authorized_at = EXCLUDED.authorized_at,
        last_heard_at = greatest(known.last_heard_at, EXCLUDED.last_heard_at)
      WHERE known.authorized_at IS NULL AND known.denied_at IS NULL
      RETURNING session_id, provider_id, contract_ref, card_ref, emp_partner_session_id
    ), told AS (
      INSERT INTO outbox (event_id, topic, key, headers, payload)
      SELECT event_id, topic, key, headers, payload FROM given JOIN granted USING (session_id)
    )
    SELECT 'now' AS told, session_id, provider_id, contract_ref, card_ref, emp_partner_session_id FROM granted`,
};

const GRANTED = {
  name: 'authorize-start-granted',
  text: `SELECT 'before' AS told, denied_at IS NOT NULL AS denied, refusal_code, provider_id, contract_ref, card_ref,
           emp_partner_session_id
         FROM charging_session WHERE session_id = $1 AND (authorized_at IS NOT NULL OR denied_at IS NOT NULL)`,
};

/** No contract in the row: it is none of that contract's sessions. The explanation tells whose it would have been. */
const REFUSE = {
  name: 'authorize-start-refuse',
  text: `
    INSERT INTO charging_session AS known (session_id, state, identification, operator_id, evse_id, process_id,
      explanation, refusal_code, created_at, denied_at, expired_at)
    VALUES ($1, 'expired', $2, $3, $4, $5, $6, $7, $8, $8, $8)
    ON CONFLICT (session_id) DO UPDATE SET explanation = EXCLUDED.explanation, refusal_code = EXCLUDED.refusal_code,
      process_id = EXCLUDED.process_id, denied_at = EXCLUDED.denied_at,
      expired_at = coalesce(known.expired_at, EXCLUDED.expired_at),
      state = CASE known.state WHEN 'authorized' THEN 'expired' ELSE known.state END
    WHERE known.authorized_at IS NULL AND known.denied_at IS NULL
    RETURNING session_id`,
};

/** Statements at once, of the connections of the door. More of them carry less each: two grant more a second than four. */
const LANES = 2;
const MOST_AT_ONCE = 100;

@Injectable()
export class AuthorizeStartStore {
  readonly #lanes: WriteLanes<NewGrant, GrantedSession | undefined>;

  constructor(
    @Inject(DOOR_DATABASE) private readonly database: Database,
    @Inject(CONFIG) config: GatewayConfig,
  ) {
    this.#lanes = new WriteLanes({
      write: (grants) => this.#write(grants),
      lanes: Math.min(LANES, config.DOOR_DATABASE_CONNECTIONS),
      mostAtOnce: MOST_AT_ONCE,
      longestWaitMs: config.DOOR_DEADLINE_MS * 0.4,
    });
  }

  async grant(session: SessionToGrant, event: OutboxRow): Promise<GrantedSession | DeniedSession> {
    const granted = await this.#lanes.write(session.sessionId, { session, event });
    // The row was taken: asked again in a statement of its own, since it may have been committed during this one.
    return granted ?? this.#answered(session.sessionId);
  }

  /** Writes down a refusal; what was answered before, if there was an answer. */
  async refuse(refusal: SessionToRefuse): Promise<GrantedSession | DeniedSession | undefined> {
    return (await insertRefusal(this.database, refusal)) ? undefined : this.#answered(refusal.sessionId);
  }

  /** What was answered to this SessionID. */
  answered(sessionId: string): Promise<GrantedSession | DeniedSession | undefined> {
    return readAnswered(this.database, sessionId);
  }

  async #answered(sessionId: string): Promise<GrantedSession | DeniedSession> {
    const known = await this.answered(sessionId);
    if (known) return known;
    throw new EmpError('session-vanished', 'a session was neither inserted nor found', { retry: 'helps' });
  }

  async #write(grants: readonly NewGrant[]): Promise<readonly (GrantedSession | undefined)[]> {
    return insertGrants(this.database, grants);
  }
}

/** Sessions with their events; `undefined` for one whose row was taken. */
export async function insertGrants(
  database: Queryable,
  grants: readonly NewGrant[],
): Promise<readonly (GrantedSession | undefined)[]> {
  const of = <Value>(value: (grant: NewGrant) => Value): Value[] => grants.map(value);
  const rows = await database.prepared<GrantedSession & { readonly session_id: string }>(GRANT, [
    of(({ session }) => session.sessionId),
    of(({ session }) => session.providerId),
    of(({ session }) => session.contractRef),
    of(({ session }) => session.cardRef),
    of(({ session }) => session.tariffPlanId),
    of(({ session }) => session.identification),
    of(({ session }) => session.operatorId),
    of(({ session }) => session.evseId),
    of(({ session }) => session.sealedCpoSessionId),
    of(({ session }) => session.empPartnerSessionId),
    of(({ session }) => session.processId),
    of(({ session }) => JSON.stringify(session.explanation)),
    of(({ session }) => session.at),
    of(({ event }) => event.event_id),
    of(({ event }) => event.topic),
    of(({ event }) => event.key),
    of(({ event }) => event.headers),
    of(({ event }) => event.payload),
  ]);
  const bySession = new Map(rows.map((row) => [row.session_id, row]));
  return grants.map(({ session }) => bySession.get(session.sessionId));
}

/** `false` if the row was taken: something was answered before. */
export async function insertRefusal(database: Queryable, refusal: SessionToRefuse): Promise<boolean> {
  const { sessionId, identification, operatorId, evseId, processId, explanation, code, at } = refusal;
  const rows = await database.prepared(REFUSE, [
    sessionId, identification, operatorId, evseId, processId, JSON.stringify(explanation), code, at,
  ]);
  return rows.length > 0;
}

export async function readAnswered(
  database: Queryable,
  sessionId: string,
): Promise<GrantedSession | DeniedSession | undefined> {
  const [row] = await database.prepared<KnownSession>(GRANTED, [sessionId]);
  return row?.denied === true ? { told: 'denied', code: row.refusal_code ?? '021' } : row;
}
