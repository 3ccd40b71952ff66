import type { Database } from '@emp/database';
import type { PrismaClient } from '@emp/prisma-authorization-gateway';
import { DATABASE } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PRISMA } from '../../tokens.ts';
import { viewOf, type SessionView } from '../sessions.reader.ts';

/** A session as it stands, and the number of its last change. */
export interface Snapshot {
  readonly number: number;
  readonly view: SessionView;
}

export interface ToldChange {
  readonly number: number;
  readonly at: string;
  readonly what: string;
  readonly state: string;
  readonly [more: string]: unknown;
}

export interface Changes {
  readonly changes: readonly ToldChange[];
  /** The session, once its record has come and everything before was told. */
  readonly closed: SessionView | undefined;
}

const AT_ONCE = 100;

const CHANGES = {
  name: 'session-follow-changes',
  text: `SELECT number, at, what, state, detail FROM session_change
         WHERE session_id = $1 AND number > $2 ORDER BY number LIMIT ${AT_ONCE}`,
};

interface ChangeRow {
  readonly number: number;
  readonly at: Date;
  readonly what: string;
  readonly state: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

@Injectable()
export class FollowReader {
  constructor(
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  async snapshot(sessionId: string): Promise<Snapshot | undefined> {
    if (sessionId.includes('\0')) return undefined;
    const session = await this.prisma.chargingSession.findUnique({ where: { sessionId } });
    return session ? { number: session.changes, view: viewOf(session) } : undefined;
  }

  async changesAfter(sessionId: string, number: number): Promise<Changes> {
    const rows = await this.database.prepared<ChangeRow>(CHANGES, [sessionId, number]);
    const changes = rows.map(({ detail, at, ...change }) => ({ ...detail, ...change, at: at.toISOString() }));
    const last = rows.at(-1)?.number ?? number;
    const now = rows.length < AT_ONCE ? await this.snapshot(sessionId) : undefined;
    return { changes, closed: now?.view.state === 'closed' && now.number === last ? now.view : undefined };
  }
}
