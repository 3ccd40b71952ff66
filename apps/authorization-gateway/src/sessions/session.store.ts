import type { Transaction } from '@emp/database';
import { Decimal } from '@emp/money';
import { stateOf, type ChargingSession, type SessionState } from '../domain/charging-session.ts';

interface SessionRow {
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
  text: `SELECT state, provider_id, contract_ref, card_ref, emp_partner_session_id, operator_id, evse_id, created_at,
           heard_contract_ref, heard_emp_session_id, authorized_at, reserved_at, reserved_until, cancelled_at,
           stop_authorized_at, charging_heard_at, end_heard_at, failure_heard_at, record_heard_at, expired_at,
           last_heard_at, energy_kwh, charging_seconds
         FROM charging_session WHERE session_id = $1 FOR UPDATE`,
};

const BEGIN = {
  name: 'session-begin',
  text: `INSERT INTO charging_session (session_id, state, operator_id, evse_id, created_at)
         VALUES ($1, 'authorized', $2, $3, $4)
         ON CONFLICT (session_id) DO NOTHING`,
};

/** With its change, numbered under the row's lock. */
const SAVE = {
  name: 'session-save',
  text: `
    WITH saved AS (
      UPDATE charging_session SET state = $2, authorized_at = $3, reserved_at = $4, reserved_until = $5,
        cancelled_at = $6, stop_authorized_at = $7, charging_heard_at = $8, end_heard_at = $9, failure_heard_at = $10,
        record_heard_at = $11, expired_at = $12, last_heard_at = $13, energy_kwh = $14, charging_seconds = $15,
        operator_id = coalesce(operator_id, $16), evse_id = coalesce(evse_id, $17),
        stop_process_id = coalesce(stop_process_id, $18), heard_contract_ref = coalesce(heard_contract_ref, $19),
        heard_emp_session_id = coalesce(heard_emp_session_id, $20), changes = changes + 1
      WHERE session_id = $1
      RETURNING session_id, changes, state
    )
    INSERT INTO session_change (session_id, number, at, what, state, detail)
    SELECT session_id, changes, $21, $22, state, $23::jsonb FROM saved`,
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

/** A session we know of, locked. */
export async function lockSession(tx: Transaction, sessionId: string): Promise<LockedSession | undefined> {
  const [row] = await tx.prepared<SessionRow>(LOCK, [sessionId]);
  if (!row) return undefined;
  return {
    sessionId,
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

/** The same, made if nobody has heard of it before: HBS may have authorized it, or our answer was lost. */
export async function beginSession(
  tx: Transaction,
  sessionId: string,
  place: SessionPlace,
  at: Date,
): Promise<LockedSession> {
  await tx.prepared(BEGIN, [sessionId, place.operatorId, place.evseId, at]);
  const session = await lockSession(tx, sessionId);
  if (session) return session;
  throw new Error('a session vanished between two statements of one transaction');
}

export interface SessionToSave {
  readonly heard: ChargingSession;
  readonly change: SessionChange;
  readonly more?: HeardBeside;
}

/** Writes what was heard; the state follows from it. What the first message left open is filled in. */
export async function writeSession(
  tx: Transaction,
  sessionId: string,
  { heard, change, more = {} }: SessionToSave,
): Promise<void> {
  const date = (at: number | null): Date | null => (at === null ? null : new Date(at));
  await tx.prepared(SAVE, [
    sessionId,
    stateOf(heard),
    date(heard.authorizedAt),
    date(heard.reservedAt),
    date(heard.reservedUntil),
    date(heard.cancelledAt),
    date(heard.stopAuthorizedAt),
    date(heard.chargingHeardAt),
    date(heard.endHeardAt),
    date(heard.failureHeardAt),
    date(heard.recordHeardAt),
    date(heard.expiredAt),
    date(heard.lastHeardAt),
    heard.energyKwh?.toString() ?? null,
    heard.chargingSeconds,
    more.operatorId ?? null,
    more.evseId ?? null,
    more.stopProcessId ?? null,
    more.heardContractRef ?? null,
    more.heardEmpSessionId ?? null,
    change.at,
    change.what,
    JSON.stringify(change.detail ?? {}),
  ]);
}

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
