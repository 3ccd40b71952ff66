import type { Transaction } from '@emp/database';
import { Decimal } from '@emp/money';
import { stateOf, type ChargingSession, type SessionState } from '../domain/charging-session.ts';

interface SessionRow {
  readonly session_id: string;
  readonly state: SessionState;
  readonly provider_id: string | null;
  readonly contract_ref: string | null;
  readonly card_ref: string | null;
  readonly emp_partner_session_id: string | null;
  readonly evse_id: string | null;
  readonly operator_id: string | null;
  readonly heard_contract_ref: string | null;
  readonly heard_emp_session_id: string | null;
  readonly created_at: Date;
  readonly authorized_at: Date | null;
  readonly reserved_at: Date | null;
  readonly reserved_until: Date | null;
  readonly cancelled_at: Date | null;
  readonly stop_authorized_at: Date | null;
  readonly charging_heard_at: Date | null;
  readonly end_heard_at: Date | null;
  readonly failure_heard_at: Date | null;
  readonly record_heard_at: Date | null;
  readonly expired_at: Date | null;
  readonly last_heard_at: Date | null;
  readonly energy_kwh: string | null;
  readonly charging_seconds: number | null;
}

/** A session as it is in the database, locked until the transaction ends. */
export interface LockedSession {
  readonly sessionId: string;
  readonly state: SessionState;
  readonly providerId: string | null;
  /** `null`: not authorized by us. */
  readonly contractRef: string | null;
  readonly cardRef: string | null;
  readonly empPartnerSessionId: string | null;
  readonly operatorId: string | null;
  readonly evseId: string | null;
  readonly createdAt: Date;
  /** Of a session we did not authorize: the contract its messages name, and the id of ours that they repeat. */
  readonly heardContractRef: string | null;
  readonly heardEmpSessionId: string | null;
  readonly heard: ChargingSession;
}

const LOCK = {
  name: 'session-lock',
  text: `SELECT session_id, state, provider_id, contract_ref, card_ref, emp_partner_session_id, operator_id, evse_id, created_at,
           heard_contract_ref, heard_emp_session_id, authorized_at, reserved_at, reserved_until, cancelled_at,
           stop_authorized_at, charging_heard_at, end_heard_at, failure_heard_at, record_heard_at, expired_at,
           last_heard_at, energy_kwh, charging_seconds
         FROM charging_session WHERE session_id = ANY ($1::text[]) ORDER BY session_id FOR UPDATE`,
};

const BEGIN = {
  name: 'session-begin',
  text: `INSERT INTO charging_session (session_id, state, operator_id, evse_id, created_at)
         SELECT session_id, 'authorized', operator_id, evse_id, at
         FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS sign (session_id, operator_id, evse_id, at)
         ORDER BY session_id
         ON CONFLICT (session_id) DO NOTHING`,
};

/** With their changes, numbered under the locks of the rows. */
const SAVE = {
  name: 'session-save',
  text: `
    WITH saved AS (
      UPDATE charging_session AS known SET state = heard.state, authorized_at = heard.authorized_at,
        reserved_at = heard.reserved_at, reserved_until = heard.reserved_until, cancelled_at = heard.cancelled_at,
        stop_authorized_at = heard.stop_authorized_at, charging_heard_at = heard.charging_heard_at,
        end_heard_at = heard.end_heard_at, failure_heard_at = heard.failure_heard_at,
        record_heard_at = heard.record_heard_at, expired_at = heard.expired_at, last_heard_at = heard.last_heard_at,
        energy_kwh = heard.energy_kwh, charging_seconds = heard.charging_seconds,
        operator_id = coalesce(known.operator_id, heard.operator_id),
        evse_id = coalesce(known.evse_id, heard.evse_id),
        stop_process_id = coalesce(known.stop_process_id, heard.stop_process_id),
        heard_contract_ref = coalesce(known.heard_contract_ref, heard.heard_contract_ref),
        heard_emp_session_id = coalesce(known.heard_emp_session_id, heard.heard_emp_session_id),
        changes = known.changes + 1
      FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
        $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[],
        $12::timestamptz[], $13::timestamptz[], $14::text[], $15::int[], $16::text[], $17::text[], $18::text[],
        $19::text[], $20::text[], $21::timestamptz[], $22::text[], $23::jsonb[])
        AS heard (session_id, state, authorized_at, reserved_at, reserved_until, cancelled_at, stop_authorized_at,
          charging_heard_at, end_heard_at, failure_heard_at, record_heard_at, expired_at, last_heard_at, energy_kwh,
          charging_seconds, operator_id, evse_id, stop_process_id, heard_contract_ref, heard_emp_session_id,
          changed_at, what, detail)
      WHERE known.session_id = heard.session_id
      RETURNING known.session_id, known.changes, known.state, heard.changed_at, heard.what, heard.detail
    )
    INSERT INTO session_change (session_id, number, at, what, state, detail)
    SELECT session_id, changes, changed_at, what, state, detail FROM saved`,
};

/** Where a message says a session takes place. */
export interface SessionPlace {
  readonly operatorId: string | null;
  readonly evseId: string | null;
}

/** What changed, for those who follow the session and for its story. Ids and figures only. */
export interface SessionChange {
  readonly at: Date;
  readonly what: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface HeardBeside extends Partial<SessionPlace> {
  readonly stopProcessId?: string | null;
  readonly heardContractRef?: string | null;
  readonly heardEmpSessionId?: string | null;
}

/** A message that may be the first of its session. */
export interface Sign extends SessionPlace {
  readonly sessionId: string;
  readonly at: Date;
}

/** A session we know of, locked. */
export async function lockSession(tx: Transaction, sessionId: string): Promise<LockedSession | undefined> {
  const [row] = await tx.prepared<SessionRow>(LOCK, [[sessionId]]);
  return row && lockedSession(row);
}

/** The same, made if nobody has heard of it before: HBS may have authorized it, or our answer was lost. */
export async function beginSession(
  tx: Transaction,
  sessionId: string,
  place: SessionPlace,
  at: Date,
): Promise<LockedSession> {
  const [session] = await beginSessions(tx, [{ sessionId, operatorId: place.operatorId, evseId: place.evseId, at }]);
  return session ?? throwVanished();
}

/**
 * The same for signs of different sessions, in their order. Whoever locks several sessions does it here, in the order
 * of their ids, so that two wait for each other and never in a circle.
 */
export async function beginSessions(tx: Transaction, signs: readonly Sign[]): Promise<readonly LockedSession[]> {
  const sessionIds = signs.map(({ sessionId }) => sessionId);
  await tx.prepared(BEGIN, [
    sessionIds,
    signs.map(({ operatorId }) => operatorId),
    signs.map(({ evseId }) => evseId),
    signs.map(({ at }) => at),
  ]);
  const rows = await tx.prepared<SessionRow>(LOCK, [sessionIds]);
  const sessions = new Map(rows.map((row) => [row.session_id, lockedSession(row)]));
  return sessionIds.map((sessionId) => sessions.get(sessionId) ?? throwVanished());
}

function throwVanished(): never {
  throw new Error('a session vanished between two statements of one transaction');
}

function lockedSession(row: SessionRow): LockedSession {
  return {
    sessionId: row.session_id,
    state: row.state,
    providerId: row.provider_id,
    contractRef: row.contract_ref,
    cardRef: row.card_ref,
    empPartnerSessionId: row.emp_partner_session_id,
    operatorId: row.operator_id,
    evseId: row.evse_id,
    createdAt: row.created_at,
    heardContractRef: row.heard_contract_ref,
    heardEmpSessionId: row.heard_emp_session_id,
    heard: heardOf(row),
  };
}

export interface SessionToSave {
  readonly heard: ChargingSession;
  readonly change: SessionChange;
  readonly more?: HeardBeside;
}

export type SavedSession = SessionToSave & { readonly sessionId: string };

/** Writes what was heard of different sessions; the states follow from it. What the first message left open is filled in. */
export async function writeSessions(tx: Transaction, sessions: readonly SavedSession[]): Promise<void> {
  const column = <Value>(of: (session: SavedSession) => Value): Value[] => sessions.map(of);
  const moments = (of: (heard: ChargingSession) => number | null): (Date | null)[] =>
    column(({ heard }) => dateOf(of(heard)));
  const beside = (of: (more: HeardBeside) => string | null | undefined): (string | null)[] =>
    column(({ more = {} }) => of(more) ?? null);
  await tx.prepared(SAVE, [
    column(({ sessionId }) => sessionId),
    column(({ heard }) => stateOf(heard)),
    moments((heard) => heard.authorizedAt),
    moments((heard) => heard.reservedAt),
    moments((heard) => heard.reservedUntil),
    moments((heard) => heard.cancelledAt),
    moments((heard) => heard.stopAuthorizedAt),
    moments((heard) => heard.chargingHeardAt),
    moments((heard) => heard.endHeardAt),
    moments((heard) => heard.failureHeardAt),
    moments((heard) => heard.recordHeardAt),
    moments((heard) => heard.expiredAt),
    moments((heard) => heard.lastHeardAt),
    column(({ heard }) => heard.energyKwh?.toString() ?? null),
    column(({ heard }) => heard.chargingSeconds),
    beside((more) => more.operatorId),
    beside((more) => more.evseId),
    beside((more) => more.stopProcessId),
    beside((more) => more.heardContractRef),
    beside((more) => more.heardEmpSessionId),
    column(({ change }) => change.at),
    column(({ change }) => change.what),
    column(({ change }) => JSON.stringify(change.detail ?? {})),
  ]);
}

const dateOf = (millis: number | null): Date | null => (millis === null ? null : new Date(millis));

function heardOf(row: SessionRow): ChargingSession {
  const millis = (at: Date | null): number | null => at?.getTime() ?? null;
  return {
    authorizedAt: millis(row.authorized_at),
    reservedAt: millis(row.reserved_at),
    reservedUntil: millis(row.reserved_until),
    cancelledAt: millis(row.cancelled_at),
    stopAuthorizedAt: millis(row.stop_authorized_at),
    chargingHeardAt: millis(row.charging_heard_at),
    endHeardAt: millis(row.end_heard_at),
    failureHeardAt: millis(row.failure_heard_at),
    recordHeardAt: millis(row.record_heard_at),
    expiredAt: millis(row.expired_at),
    lastHeardAt: millis(row.last_heard_at),
    energyKwh: row.energy_kwh === null ? null : (Decimal.tryParse(row.energy_kwh) ?? null),
    chargingSeconds: row.charging_seconds,
  };
}
