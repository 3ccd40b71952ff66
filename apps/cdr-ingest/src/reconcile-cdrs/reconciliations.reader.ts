import type { PrismaClient, ReconciliationPull } from '@emp/prisma-cdr-ingest';

/** One reconciliation as the API shows it: a pull per provider. */
export interface ReconciliationView {
  readonly reconciliationId: string;
  readonly trigger: string;
  readonly startedAt: string;
  readonly pulls: readonly PullView[];
}

export interface PullView {
  readonly providerId: string;
  readonly state: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Span of Hubject's time of receipt. */
  readonly window: { readonly from: string; readonly to: string };
  /** Where the watermark stood when the pull ended. */
  readonly watermark: string | null;
  readonly windows: number;
  readonly pages: number;
  readonly records: number;
  readonly newRecords: number;
  readonly changedRecords: number;
  readonly knownRecords: number;
  readonly lastPage: string | null;
  readonly lastProcessId: string | null;
  readonly error: { readonly slug: string; readonly message: string } | null;
}

/** The last reconciliations, newest first. */
export async function lastReconciliations(prisma: PrismaClient, limit: number): Promise<readonly ReconciliationView[]> {
  const newest = await prisma.reconciliationPull.groupBy({
    by: ['reconciliationId'], _min: { startedAt: true }, orderBy: { _min: { startedAt: 'desc' } }, take: limit,
  });
  return viewsOf(prisma, newest.map(({ reconciliationId }) => reconciliationId));
}

export async function oneReconciliation(prisma: PrismaClient, reconciliationId: string): Promise<ReconciliationView | undefined> {
  return (await viewsOf(prisma, [reconciliationId]))[0];
}

async function viewsOf(prisma: PrismaClient, ids: readonly string[]): Promise<readonly ReconciliationView[]> {
  const pulls = await prisma.reconciliationPull.findMany({
    where: { reconciliationId: { in: [...ids] } }, orderBy: [{ startedAt: 'asc' }, { providerId: 'asc' }],
  });
  return ids.flatMap((reconciliationId) => {
    const own = pulls.filter((pull) => pull.reconciliationId === reconciliationId);
    const [first] = own;
    if (!first) return [];
    return [{ reconciliationId, trigger: first.trigger, startedAt: first.startedAt.toISOString(), pulls: own.map(pullView) }];
  });
}

function pullView(pull: ReconciliationPull): PullView {
  const { providerId, state, windows, pages, records, newRecords, changedRecords, knownRecords, lastPage, lastProcessId } = pull;
  return {
    providerId, state, startedAt: pull.startedAt.toISOString(), endedAt: pull.endedAt?.toISOString() ?? null,
    window: { from: pull.windowFrom.toISOString(), to: pull.windowTo.toISOString() },
    watermark: pull.watermark?.toISOString() ?? null,
    windows, pages, records, newRecords, changedRecords, knownRecords, lastPage, lastProcessId,
    error: pull.errorSlug === null ? null : { slug: pull.errorSlug, message: pull.errorMessage ?? '' },
  };
}
