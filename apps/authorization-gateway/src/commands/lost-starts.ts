import type { Transaction } from '@emp/database';
import { LOG, type Log } from '@emp/service-kit';
import { evseKey } from '@emp/oicp';
import { Inject, Injectable } from '@nestjs/common';
import { lostStartOf } from '../domain/lost-start.ts';
import { AuthorizeSession, type RemoteGrant } from '../sessions/authorize-session.ts';
import type { HeardIdentity } from '../sessions/heard-identity.ts';
import { lockSession, type LockedSession } from '../sessions/session.store.ts';
import { anyLostStart, lockLostStarts, settleCommand, settleStops, type CommandRow } from './command.store.ts';

/** A message of a session, or a session that was heard of before. */
export interface Sign extends HeardIdentity {
  readonly evseId: string | null;
  /** When charging began, by the station's clock. */
  readonly begunAt: number | null;
  readonly at: Date;
  readonly by: 'notification' | 'record';
}

export interface HeardSession {
  readonly session: LockedSession;
  readonly sign: Sign;
}

/**
 * Joins sessions that nobody authorized with starts that nobody answered (OICP §2.8: wait for a notification or a
 * record). Whoever asks has locked the session; commands are locked after sessions, everywhere.
 */
@Injectable()
export class LostStarts {
  constructor(private readonly authorize: AuthorizeSession, @Inject(LOG) private readonly log: Log) {}

  /** The sessions as they are afterwards, in their order. Mostly there is no lost start, and one look suffices for all. */
  async claimAll(tx: Transaction, heard: readonly HeardSession[]): Promise<readonly LockedSession[]> {
    const claims = heard.filter(({ session }) => isNobodys(session)).map(({ session, sign }) => claimOf(session, sign));
    const mayClaim = claims.length > 0 && await anyLostStart(tx, {
      evseKeys: claims.flatMap(({ evseKey: key }) => key ?? []),
      empPartnerSessionIds: claims.flatMap(({ empPartnerSessionId: id }) => id ?? []),
    });
    const sessions: LockedSession[] = [];
    for (const { session, sign } of heard) sessions.push(mayClaim ? await this.claim(tx, session, sign) : session);
    return sessions;
  }

  /** The session as it is afterwards: with its contract, if it came of a start of ours. */
  async claim(tx: Transaction, session: LockedSession, sign: Sign): Promise<LockedSession> {
    if (!isNobodys(session)) return session;
    const about = claimOf(session, sign);
    const rows = await lockLostStarts(tx, about);
    if (rows.length === 0) return session;
    const found = lostStartOf(about, rows.map(lostStart));
    const command = rows.find(({ command_id: id }) => id === found?.start.commandId);
    const grant = command && grantOf(command);
    if (!found || !command || !grant) return session;
    await this.authorize.remotely(tx, session, grant, sign.at);
    const { sessionId } = session;
    await settleCommand(tx, command.command_id, {
      state: 'accepted', sessionId, at: sign.at, by: sign.by, how: found.how,
    });
    this.log.info({ commandId: command.command_id, sessionId, by: sign.by, how: found.how }, 'lost start found');
    return (await lockSession(tx, sessionId)) ?? session;
  }

  /** Sessions that are over answer whether they were stopped. */
  async settleStops(
    tx: Transaction,
    sessionIds: string | readonly string[],
    at: Date,
    by: 'notification' | 'record',
  ): Promise<void> {
    await settleStops(tx, [sessionIds].flat(), { at, by });
  }
}

const isNobodys = ({ contractRef, heard }: LockedSession): boolean => contractRef === null && heard.authorizedAt === null;

function claimOf(session: LockedSession, sign: Sign): Parameters<typeof lostStartOf>[0] {
  const place = sign.evseId ?? session.evseId;
  return {
    evseKey: place === null ? null : evseKey(place),
    contractRef: sign.heardContractRef ?? session.heardContractRef,
    empPartnerSessionId: sign.heardEmpSessionId ?? session.heardEmpSessionId,
    begunAt: sign.begunAt,
    heardAt: session.createdAt.getTime(),
  };
}

const lostStart = (row: CommandRow): Parameters<typeof lostStartOf>[1][number] => ({
  commandId: row.command_id,
  kind: row.kind,
  state: row.state,
  contractRef: row.contract_ref,
  evseKey: row.evse_key,
  empPartnerSessionId: row.emp_partner_session_id,
  requestedAt: row.requested_at.getTime(),
});

/** What a start makes of its session; stops and starts without contract make nothing. */
export function grantOf(command: CommandRow): RemoteGrant | undefined {
  if (command.contract_ref === null || command.tariff_plan_id === null) return undefined;
  return {
    providerId: command.provider_id,
    contractRef: command.contract_ref,
    tariffPlanId: command.tariff_plan_id,
    evseId: command.evse_id,
    empPartnerSessionId: command.emp_partner_session_id,
    explanation: command.explanation,
    processId: command.process_id,
    authorizedAt: command.requested_at,
    reservedMinutes: command.kind === 'reservation-start' ? (command.duration_minutes ?? DEFAULT_MINUTES) : null,
  };
}

/** What operators take without a Duration (OICP §7.3). */
export const DEFAULT_MINUTES = 15;
