import type { Cdr, Prisma, PrismaClient } from '@emp/prisma-cdr-ingest';
import { sessionKey } from '../domain/session-key.ts';
import { detailView, lineView, type CdrDetailView, type CdrLineView } from './cdr-view.ts';

export interface CdrFilter {
  readonly state?: string | undefined;
  /** Instants of receipt, `to` exclusive. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** The last `id` of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** One page of records, newest first; `nextCursor` is `null` on the last one. */
export async function listCdrs(
  prisma: PrismaClient, filter: CdrFilter,
): Promise<{ readonly cdrs: readonly CdrLineView[]; readonly nextCursor: string | null }> {
  const rows = await prisma.cdr.findMany({ where: whereOf(filter), orderBy: { id: 'desc' }, take: filter.limit + 1 });
  const page = rows.slice(0, filter.limit);
  return { cdrs: page.map(lineView), nextCursor: rows.length > page.length ? page.at(-1)?.id ?? null : null };
}

/** Everything known of a session's record; `undefined` if none came. */
export async function findCdr(prisma: PrismaClient, sessionId: string): Promise<CdrDetailView | undefined> {
  const versions = await prisma.cdr.findMany({ where: { sessionKey: sessionKey(sessionId) }, orderBy: { version: 'asc' } });
  const leading = versions.find(isLeading) ?? versions.at(-1);
  return leading && detailView(leading, versions);
}

const isLeading = (cdr: Cdr): boolean => cdr.readable && cdr.state !== 'conflict';

/** `state <> 'accepted'` beside the state lets PostgreSQL use the small index of what is not. */
function whereOf({ state, from, to, cursor }: CdrFilter): Prisma.CdrWhereInput {
  return {
    ...(state === undefined ? {} : { state }),
    ...(state === undefined || state === 'accepted' ? {} : { NOT: { state: 'accepted' } }),
    ...(from === undefined && to === undefined ? {} : { receivedAt: { ...(from && { gte: from }), ...(to && { lt: to }) } }),
    ...(cursor === undefined ? {} : { id: { lt: cursor } }),
  };
}
