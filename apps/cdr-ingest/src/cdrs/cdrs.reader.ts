import type { Queryable } from '@emp/database';
import type { Cdr, PrismaClient } from '@emp/prisma-cdr-ingest';
import { sessionKey } from '../domain/session-key.ts';
import { findMetering } from '../verify-metering/metering-view.ts';
import { conditionsOf, type CdrSelection } from './cdr-selection.ts';
import { detailView, lineView, type CdrDetailView, type CdrLineView } from './cdr-view.ts';

/** One page of the selected records, newest first; `nextCursor` is `null` on the last one. */
export async function listCdrs(
  { prisma, database }: { readonly prisma: PrismaClient; readonly database: Queryable },
  selection: CdrSelection, { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<{ readonly cdrs: readonly CdrLineView[]; readonly nextCursor: string | null }> {
  const { where, values } = conditionsOf(selection, cursor);
  const found = await database.query<{ id: string }>(`SELECT id FROM cdr ${where} ORDER BY id DESC LIMIT ${limit + 1}`, values);
  const ids = found.slice(0, limit).map(({ id }) => id);
  const rows = await prisma.cdr.findMany({ where: { id: { in: ids } }, orderBy: { id: 'desc' } });
  return { cdrs: rows.map(lineView), nextCursor: found.length > ids.length ? ids.at(-1) ?? null : null };
}

/** Everything known of a session's record; `undefined` if none came. */
export async function findCdr(prisma: PrismaClient, sessionId: string): Promise<CdrDetailView | undefined> {
  const versions = await versionsOf(prisma, sessionId);
  const leading = leadingOf(versions);
  return leading && detailView(leading, versions, await findMetering(prisma, leading.id));
}

/** The record of a session that is billed or waits to be, for want of one the last that came. */
export async function leadingCdr(prisma: PrismaClient, sessionId: string): Promise<Cdr | undefined> {
  return leadingOf(await versionsOf(prisma, sessionId));
}

const versionsOf = (prisma: PrismaClient, sessionId: string): Promise<Cdr[]> =>
  prisma.cdr.findMany({ where: { sessionKey: sessionKey(sessionId) }, orderBy: { version: 'asc' } });

const leadingOf = (versions: readonly Cdr[]): Cdr | undefined => versions.find(isLeading) ?? versions.at(-1);

const isLeading = (cdr: Cdr): boolean => cdr.readable && cdr.state !== 'conflict';
