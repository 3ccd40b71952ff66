import type { Transaction } from '@emp/database';
import { Decimal } from '@emp/money';
import { stateOf, type ChargingSession, type SessionState } from '../domain/charging-session.ts';

interface SessionRow {
  readonly state: SessionState;
  readonly provider_id: string | null;
  readonly contract_ref: string | null;
  readonly card_ref: string | null;
  readonly emp_partner_session_id: string | null;
  readonly authorized_at: Date | null;
  readonly stop_authorized_at: Date | null;
  readonly charging_heard_at: Date | null;
  readonly end_heard_at: Date | null;
  readonly failure_heard_at: Date | null;
  readonly record_heard_at: Date | null;
  readonly expired_at: Date | null;
  readonly last_heard_at: Date | null;
  readonly energy_kwh: string | null;
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
  readonly heard: ChargingSession;
}

const LOCK = {
  name: 'session-lock',
  text: `SELECT state, provider_id, contract_ref, card_ref, emp_partner_session_id, authorized_at, stop_authorized_at,
           charging_heard_at, end_heard_at, failure_heard_at, record_heard_at, expired_at, last_heard_at, energy_kwh
         FROM charging_session WHERE session_id = $1 FOR UPDATE`,
};

const BEGIN = {
  name: 'session-begin',
  text: `INSERT INTO charging_session (session_id, state, operator_id, evse_id, created_at)
         VALUES ($1, 'authorized', $2, $3, $4)
         ON CONFLICT (session_id) DO NOTHING`,
};

const SAVE = {
  name: 'session-save',
  text: `UPDATE charging_session SET state = $2, authorized_at = $3, stop_authorized_at = $4, charging_heard_at = $5,
           end_heard_at = $6, failure_heard_at = $7, record_heard_at = $8, expired_at = $9, last_heard_at = $10,
           energy_kwh = $11, operator_id = coalesce(operator_id, $12), evse_id = coalesce(evse_id, $13),
           stop_process_id = coalesce(stop_process_id, $14)
         WHERE session_id = $1`,
};

/** Where a message says a session takes place. */
export interface SessionPlace {
  readonly operatorId: string | null;
  readonly evseId: string | null;
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

/** Writes what was heard; the state follows from it. What the first message left open is filled in. */
export async function saveSession(
  tx: Transaction,
  sessionId: string,
  heard: ChargingSession,
  more: Partial<SessionPlace> & { readonly stopProcessId?: string | null } = {},
): Promise<void> {
  const date = (at: number | null): Date | null => (at === null ? null : new Date(at));
  await tx.prepared(SAVE, [
    sessionId,
    stateOf(heard),
    date(heard.authorizedAt),
    date(heard.stopAuthorizedAt),
    date(heard.chargingHeardAt),
    date(heard.endHeardAt),
    date(heard.failureHeardAt),
    date(heard.recordHeardAt),
    date(heard.expiredAt),
    date(heard.lastHeardAt),
    heard.energyKwh?.toString() ?? null,
    more.operatorId ?? null,
    more.evseId ?? null,
    more.stopProcessId ?? null,
  ]);
}

function heardOf(row: SessionRow): ChargingSession {
  const millis = (at: Date | null): number | null => at?.getTime() ?? null;
  return {
    authorizedAt: millis(row.authorized_at),
    stopAuthorizedAt: millis(row.stop_authorized_at),
    chargingHeardAt: millis(row.charging_heard_at),
    endHeardAt: millis(row.end_heard_at),
    failureHeardAt: millis(row.failure_heard_at),
    recordHeardAt: millis(row.record_heard_at),
    expiredAt: millis(row.expired_at),
    lastHeardAt: millis(row.last_heard_at),
    energyKwh: row.energy_kwh === null ? null : (Decimal.tryParse(row.energy_kwh) ?? null),
  };
}
