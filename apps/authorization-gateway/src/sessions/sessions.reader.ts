import type { Database } from '@emp/database';
import type { Outbox } from '@emp/messaging';
import type { ChargingSession, PrismaClient } from '@emp/prisma-authorization-gateway';
import { DATABASE, OUTBOX } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { PRISMA } from '../tokens.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
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
  /** kWh as notifications told, decimal text. */
  readonly energyKwh: string | null;
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

const NO_SESSIONS = { authorized: 0, charging: 0, ended: 0, closed: 0, expired: 0 };

/** Plain reads of sessions. */
@Injectable()
export class SessionsReader {
  constructor(
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    private readonly vault: Vault,
  ) {}

  /** `undefined` if the cursor is none. */
  async page(limit: number, cursor: string | undefined): Promise<SessionPage | undefined> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    if (cursor !== undefined && after === undefined) return undefined;
    const rows = await this.prisma.chargingSession.findMany({
      ...(after && {
        where: { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, sessionId: { lt: after.id } }] },
      }),
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
    const [notifications, records] = await Promise.all([
      this.prisma.sessionNotification.findMany({ where: { sessionId }, orderBy: { receivedAt: 'asc' }, take: 1_000 }),
      this.prisma.sessionRecord.findMany({ where: { sessionId }, orderBy: { receivedAt: 'asc' }, take: 100 }),
    ]);
    return {
      ...viewOf(session),
      empPartnerSessionId: session.empPartnerSessionId,
      cpoPartnerSessionId: session.sealedCpoSessionId === null ? null : this.vault.open(session.sealedCpoSessionId),
      story: storyOf(session, notifications, records, (sealed) => this.vault.open(sealed)),
    };
  }

  async countByState(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.database.query<{ state: string; count: number }>(
      'SELECT state, count(*)::int AS count FROM charging_session GROUP BY state',
    );
    return { ...NO_SESSIONS, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
  }

  async pendingEvents(): Promise<number> {
    return (await this.outbox.pending(this.database)).count;
  }
}

const viewOf = (session: ChargingSession): SessionView => ({
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
  energyKwh: session.energyKwh,
});
