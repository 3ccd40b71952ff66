import type { Database } from '@emp/database';
import type { Outbox } from '@emp/messaging';
import { operatorKey } from '@emp/oicp';
import type { ChargingSession, Prisma, PrismaClient } from '@emp/prisma-authorization-gateway';
import { DATABASE, OUTBOX } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { CommandsReader } from '../commands/commands.reader.ts';
import { PRISMA } from '../tokens.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { SessionSelection } from './sessions-request.ts';
import { storyOf, type StoryEntry } from './story.ts';

export interface SessionView {
  readonly sessionId: string;
  readonly state: string;
  readonly providerId: string | null;
  readonly contractRef: string | null;
  readonly cardRef: string | null;
  readonly tariffPlanId: string | null;
  readonly operatorId: string | null;
  readonly evseId: string | null;
  readonly createdAt: string;
  readonly lastHeardAt: string | null;
  /** How it was begun: `rfid`, `qr`, `plug-and-charge`, `remote`; `null`: not by us. */
  readonly identification: string | null;
  /** kWh as notifications told, decimal text; never billed. */
  readonly energyKwh: string | null;
  /** How long has been charged, as notifications told. */
  readonly chargingSeconds: number | null;
  /** Of a reservation. */
  readonly reservedUntil: string | null;
  /** Since when its record should have come, and has not. */
  readonly recordMissingSince: string | null;
}

/** Where charging stood at a moment, by the station's word. */
export interface ProgressPoint {
  readonly receivedAt: string;
  readonly occurredAt: string | null;
  readonly energyKwh: string | null;
  readonly chargingSeconds: number | null;
}

export interface SessionPage {
  readonly sessions: readonly SessionView[];
  readonly next: string | null;
}

export interface SessionStory extends SessionView {
  readonly empPartnerSessionId: string | null;
  readonly cpoPartnerSessionId: string | null;
  readonly story: readonly StoryEntry[];
}

const NO_SESSIONS = { authorized: 0, reserved: 0, charging: 0, ended: 0, closed: 0, expired: 0, cancelled: 0 };

/** Plain reads of sessions. */
@Injectable()
export class SessionsReader {
  constructor(
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    private readonly vault: Vault,
    private readonly commands: CommandsReader,
  ) {}

  /** Newest first; `undefined` if the cursor is none. */
  async page(limit: number, selection: SessionSelection): Promise<SessionPage | undefined> {
    const { cursor } = selection;
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    if (cursor !== undefined && after === undefined) return undefined;
    const rows = await this.prisma.chargingSession.findMany({
      where: {
        ...selected(selection),
        // What was refused, and nobody spoke of since, was never a session: GET /v1/authorizations lists it.
        NOT: { refusalCode: { not: null }, lastHeardAt: null },
        ...(after && { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, sessionId: { lt: after.id } }] }),
      },
      orderBy: [{ createdAt: 'desc' }, { sessionId: 'desc' }],
      take: limit,
    });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      sessions: rows.map(viewOf),
      next: last === undefined ? null : encodeCursor({ at: last.createdAt, id: last.sessionId }),
    };
  }

  async story(sessionId: string): Promise<SessionStory | undefined> {
    if (sessionId.includes('\0')) return undefined;
    const session = await this.prisma.chargingSession.findUnique({ where: { sessionId } });
    if (!session) return undefined;
    const [notifications, records, commands] = await Promise.all([
      this.prisma.sessionNotification.findMany({ where: { sessionId }, orderBy: { receivedAt: 'asc' }, take: 1_000 }),
      this.prisma.sessionRecord.findMany({ where: { sessionId }, orderBy: { receivedAt: 'asc' }, take: 100 }),
      this.commands.ofSession(sessionId),
    ]);
    return {
      ...viewOf(session),
      empPartnerSessionId: session.empPartnerSessionId,
      cpoPartnerSessionId: session.sealedCpoSessionId === null ? null : this.vault.open(session.sealedCpoSessionId),
      story: storyOf(session, { notifications, records, commands }, (sealed) => this.vault.open(sealed)),
    };
  }

  /** The last points, oldest first; `undefined` for a session that nobody spoke of. */
  async progress(sessionId: string, limit: number): Promise<readonly ProgressPoint[] | undefined> {
    const where = { sessionId: sessionId.replaceAll('\0', '') };
    if ((await this.prisma.chargingSession.count({ where })) === 0) return undefined;
    const points = await this.prisma.sessionNotification.findMany({
      where: { ...where, OR: [{ energyKwh: { not: null } }, { chargingSeconds: { not: null } }] },
      orderBy: { receivedAt: 'desc' },
      take: limit,
    });
    return points.reverse().map(({ receivedAt, occurredAt, energyKwh, chargingSeconds }) => ({
      receivedAt: receivedAt.toISOString(), occurredAt, energyKwh, chargingSeconds,
    }));
  }

  async countByState(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.database.query<{ state: string; count: number }>(
      `SELECT state, count(*)::int AS count FROM charging_session
       WHERE refusal_code IS NULL OR last_heard_at IS NOT NULL GROUP BY state`,
    );
    return { ...NO_SESSIONS, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
  }

  async pendingEvents(): Promise<number> {
    return (await this.outbox.pending(this.database)).count;
  }
}

export const viewOf = (session: ChargingSession): SessionView => ({
  sessionId: session.sessionId,
  state: session.state,
  providerId: session.providerId,
  contractRef: session.contractRef,
  cardRef: session.cardRef,
  tariffPlanId: session.tariffPlanId,
  operatorId: session.operatorId,
  evseId: session.evseId,
  createdAt: session.createdAt.toISOString(),
  lastHeardAt: session.lastHeardAt?.toISOString() ?? null,
  identification: session.identification,
  energyKwh: session.energyKwh,
  chargingSeconds: session.chargingSeconds,
  reservedUntil: session.reservedUntil?.toISOString() ?? null,
  recordMissingSince: session.recordHeardAt === null ? (session.recordMissingAt?.toISOString() ?? null) : null,
});

function selected({ state, contractRef, operator, from, until }: SessionSelection): Prisma.ChargingSessionWhereInput {
  const missing = { recordMissingAt: { not: null }, recordHeardAt: null };
  return {
    ...(state === 'record-missing' ? missing : state !== undefined && { state }),
    ...(contractRef !== undefined && { contractRef }),
    ...(operator !== undefined && { operatorId: { in: spellingsOf(operator) } }),
    createdAt: {
      ...(from !== undefined && { gte: new Date(from) }),
      ...(until !== undefined && { lt: new Date(until) }),
    },
  };
}

/** `DE*ABC`, `DE-ABC` and `DEABC` are one operator, `+49*536` and `49*536` another. */
function spellingsOf(operator: string): string[] {
  const key = operatorKey(operator);
  const [country, rest] = [key.slice(0, 2), key.slice(2)];
  return /^[A-Z]/.test(key) ? [key, `${country}*${rest}`, `${country}-${rest}`] : [key, `+${key}`];
}
