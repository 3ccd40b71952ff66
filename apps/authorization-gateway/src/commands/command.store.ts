import type { Queryable, Transaction } from '@emp/database';
import type { CommandKind, CommandState } from '../domain/command.ts';

export type SettledBy = 'rules' | 'answer' | 'notification' | 'record' | 'person';

export interface CommandRow {
  readonly command_id: string;
  readonly kind: CommandKind;
  readonly state: CommandState;
  readonly wish_hash: string;
  readonly provider_id: string;
  readonly contract_ref: string | null;
  readonly evse_id: string;
  readonly evse_key: string;
  readonly session_id: string | null;
  readonly emp_partner_session_id: string;
  readonly partner_product_id: string | null;
  readonly duration_minutes: number | null;
  readonly tariff_plan_id: string | null;
  readonly caller: string;
  readonly explanation: Readonly<Record<string, unknown>> | null;
  readonly requested_at: Date;
  readonly unknown_at: Date | null;
  readonly unknown_reason: string | null;
  readonly settled_at: Date | null;
  readonly settled_by: SettledBy | null;
  readonly settled_how: string | null;
  readonly code: string | null;
  readonly http_status: number | null;
  readonly process_id: string | null;
  readonly sealed_detail: string | null;
  readonly resolved_by: string | null;
  readonly sealed_reason: string | null;
}

const COLUMNS = `command_id, kind, state, wish_hash, provider_id, contract_ref, evse_id, evse_key, session_id,
  emp_partner_session_id, partner_product_id, duration_minutes, tariff_plan_id, caller, explanation, requested_at,
  unknown_at, unknown_reason, settled_at, settled_by, settled_how, code, http_status, process_id, sealed_detail,
  resolved_by, sealed_reason`;

/** How long a process has to say that it is still there, by the database's clock. */
const HELD = `now() + interval '15 seconds'`;
export const RENEW_EVERY_MS = 5_000;

const STARTS = `kind IN ('remote-start', 'reservation-start')`;

const INSERT = {
  name: 'command-insert',
  text: `
    INSERT INTO command (command_id, kind, state, wish_hash, provider_id, contract_ref, evse_id, evse_key, session_id,
      emp_partner_session_id, partner_product_id, duration_minutes, tariff_plan_id, caller, explanation, requested_at,
      code, settled_at, settled_by, held_until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::jsonb, $16, $17, $18, $19,
      CASE WHEN $3 = 'sent' THEN ${HELD} END)
    ON CONFLICT DO NOTHING RETURNING command_id`,
};

const RENEW = {
  name: 'command-renew',
  text: `UPDATE command SET held_until = ${HELD} WHERE command_id = ANY($1) AND state = 'sent'`,
};

const SETTLE = {
  name: 'command-settle',
  text: `
    UPDATE command SET state = $2, session_id = coalesce($3, session_id), settled_at = $4, settled_by = $5,
      settled_how = $6, code = coalesce($7, code), http_status = coalesce($8, http_status),
      process_id = coalesce($9, process_id), sealed_detail = coalesce($10, sealed_detail),
      resolved_by = coalesce($11, resolved_by), sealed_reason = coalesce($12, sealed_reason)
    WHERE command_id = $1`,
};

const LOSE = {
  name: 'command-lose',
  text: `
    UPDATE command SET state = 'unknown', unknown_at = $2, unknown_reason = $3, code = $4, http_status = $5,
      process_id = $6, sealed_detail = $7
    WHERE command_id = $1 AND state = 'sent'`,
};

const LOSE_ABANDONED = `
  UPDATE command SET state = 'unknown', unknown_at = $1, unknown_reason = 'sender-lost'
  WHERE command_id IN (
    SELECT command_id FROM command WHERE state = 'sent' AND held_until < now()
    ORDER BY held_until LIMIT 100 FOR UPDATE SKIP LOCKED)
  RETURNING ${COLUMNS}`;

/** Starts whose session is not known, and the one with that id of ours even if a person took it for refused. */
const LOST_STARTS = {
  name: 'command-lost-starts',
  text: `
    SELECT ${COLUMNS} FROM command
    WHERE ${STARTS} AND session_id IS NULL
      AND ((state <> 'refused' AND evse_key = $1)
        OR (emp_partner_session_id = $2 AND (state <> 'refused' OR settled_by = 'person')))
    ORDER BY command_id FOR UPDATE`,
};

/** Whether `LOST_STARTS` finds any, for one of several sessions. */
const ANY_LOST_START = {
  name: 'command-any-lost-start',
  text: `
    SELECT EXISTS (
      SELECT FROM command
      WHERE ${STARTS} AND session_id IS NULL
        AND ((state <> 'refused' AND evse_key = ANY ($1))
          OR (emp_partner_session_id = ANY ($2) AND (state <> 'refused' OR settled_by = 'person')))
    ) AS any`,
};

const SETTLE_STOPS = {
  name: 'command-settle-stops',
  text: `
    UPDATE command SET state = 'accepted', settled_at = $2, settled_by = $3, settled_how = 'session-over'
    WHERE session_id = ANY ($1::text[]) AND kind IN ('remote-stop', 'reservation-stop') AND state = 'unknown'`,
};

export interface NewCommand {
  readonly commandId: string;
  readonly kind: CommandKind;
  readonly wishHash: string;
  readonly providerId: string;
  readonly contractRef: string | null;
  readonly evseId: string;
  readonly evseKey: string;
  readonly sessionId: string | null;
  readonly empPartnerSessionId: string;
  readonly partnerProductId: string | null;
  readonly durationMinutes: number | null;
  readonly tariffPlanId: string | null;
  readonly caller: string;
  readonly explanation: object | null;
  readonly requestedAt: Date;
  /** The code we refuse with ourselves, before anything is sent. */
  readonly refusedWith: string | null;
}

/** `false`: the id, or the only open start of contract and EVSE, is taken. */
export async function insertCommand(database: Queryable, command: NewCommand): Promise<boolean> {
  const refused = command.refusedWith !== null;
  const rows = await database.prepared(INSERT, [
    command.commandId,
    command.kind,
    refused ? 'refused' : 'sent',
    command.wishHash,
    command.providerId,
    command.contractRef,
    command.evseId,
    command.evseKey,
    command.sessionId,
    command.empPartnerSessionId,
    command.partnerProductId,
    command.durationMinutes,
    command.tariffPlanId,
    command.caller,
    command.explanation === null ? null : JSON.stringify(command.explanation),
    command.requestedAt,
    command.refusedWith,
    refused ? command.requestedAt : null,
    refused ? 'rules' : null,
  ]);
  return rows.length > 0;
}

export async function findCommand(database: Queryable, commandId: string): Promise<CommandRow | undefined> {
  const [row] = await database.query<CommandRow>(`SELECT ${COLUMNS} FROM command WHERE command_id = $1`, [commandId]);
  return row;
}

export async function findOpenStart(
  database: Queryable,
  { kind, contractRef, evseKey }: Pick<NewCommand, 'kind' | 'contractRef' | 'evseKey'>,
): Promise<CommandRow | undefined> {
  const [row] = await database.query<CommandRow>(
    `SELECT ${COLUMNS} FROM command
     WHERE kind = $1 AND contract_ref = $2 AND evse_key = $3 AND ${STARTS} AND state IN ('sent', 'unknown')`,
    [kind, contractRef, evseKey],
  );
  return row;
}

/** Whether a start of that contract at that EVSE waits for its session. */
export async function isStartLost(
  database: Queryable,
  { contractRef, evseKey }: { readonly contractRef: string; readonly evseKey: string },
): Promise<boolean> {
  const rows = await database.query(
    `SELECT 1 FROM command
     WHERE contract_ref = $1 AND evse_key = $2 AND ${STARTS} AND session_id IS NULL AND state <> 'refused' LIMIT 1`,
    [contractRef, evseKey],
  );
  return rows.length > 0;
}

/** Starts of a contract that may charge, and whose session we do not know. */
export async function countLostStarts(database: Queryable, contractRef: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM command
     WHERE contract_ref = $1 AND ${STARTS} AND session_id IS NULL AND state IN ('sent', 'unknown')`,
    [contractRef],
  );
  return row?.count ?? 0;
}

export async function lockCommand(tx: Transaction, commandId: string): Promise<CommandRow | undefined> {
  const [row] = await tx.query<CommandRow>(`SELECT ${COLUMNS} FROM command WHERE command_id = $1 FOR UPDATE`, [
    commandId,
  ]);
  return row;
}

export async function renewCommands(database: Queryable, commandIds: readonly string[]): Promise<void> {
  await database.prepared(RENEW, [commandIds]);
}

/** What an answer said besides yes or no. */
export interface AnswerFacts {
  readonly code: string | null;
  readonly httpStatus: number | null;
  readonly processId: string | null;
  readonly sealedDetail: string | null;
}

export interface Settlement extends Partial<AnswerFacts> {
  readonly state: 'accepted' | 'refused';
  readonly sessionId?: string | null;
  readonly at: Date;
  readonly by: SettledBy;
  readonly how?: string | null;
  readonly resolvedBy?: string;
  readonly sealedReason?: string;
}

export async function settleCommand(tx: Transaction, commandId: string, settled: Settlement): Promise<void> {
  await tx.prepared(SETTLE, [
    commandId,
    settled.state,
    settled.sessionId ?? null,
    settled.at,
    settled.by,
    settled.how ?? null,
    settled.code ?? null,
    settled.httpStatus ?? null,
    settled.processId ?? null,
    settled.sealedDetail ?? null,
    settled.resolvedBy ?? null,
    settled.sealedReason ?? null,
  ]);
}

export async function loseCommand(
  tx: Transaction,
  commandId: string,
  lost: AnswerFacts & { readonly at: Date; readonly reason: string },
): Promise<void> {
  const { at, reason, code, httpStatus, processId, sealedDetail } = lost;
  await tx.prepared(LOSE, [commandId, at, reason, code, httpStatus, processId, sealedDetail]);
}

/** Commands whose process said nothing for too long: nobody will hear their answers. */
export const loseAbandoned = (database: Queryable, at: Date): Promise<CommandRow[]> =>
  database.query<CommandRow>(LOSE_ABANDONED, [at]);

/** The starts that a session of nobody may have come of, locked. */
export const lockLostStarts = (
  tx: Transaction,
  session: { readonly evseKey: string | null; readonly empPartnerSessionId: string | null },
): Promise<CommandRow[]> => tx.prepared<CommandRow>(LOST_STARTS, [session.evseKey, session.empPartnerSessionId]);

/** Whether one of several sessions of nobody may have come of a start. */
export async function anyLostStart(
  tx: Transaction,
  sessions: { readonly evseKeys: readonly string[]; readonly empPartnerSessionIds: readonly string[] },
): Promise<boolean> {
  const values = [sessions.evseKeys, sessions.empPartnerSessionIds];
  return (await tx.prepared<{ any: boolean }>(ANY_LOST_START, values))[0]?.any === true;
}

/** Stops that nobody knew the outcome of, once their sessions are over. */
export async function settleStops(
  tx: Transaction,
  sessionIds: readonly string[],
  settled: { readonly at: Date; readonly by: SettledBy },
): Promise<void> {
  await tx.prepared(SETTLE_STOPS, [sessionIds, settled.at, settled.by]);
}
