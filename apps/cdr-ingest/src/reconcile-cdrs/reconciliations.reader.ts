import type { PrismaClient, PullStep, ReconciliationPull } from '@emp/prisma-cdr-ingest';

/** One reconciliation as the API shows it: a pull per provider. */
export interface ReconciliationView {
  readonly reconciliationId: string;
  /** `regular`, `sweep`, `window` or `sessions`. */
  readonly kind: string;
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
  /** The reconciliation whose unfinished steps it took over. */
  readonly resumes: string | null;
  readonly steps: readonly StepView[];
}

/** A window, or some sessions, and how far the reading has come. */
export interface StepView {
  readonly selection: string;
  readonly window: { readonly from: string; readonly to: string };
  /** How many sessions were asked for; 0 = all. */
  readonly sessions: number;
  readonly state: string;
  /** 1 for the first time that it is read. */
  readonly reading: number;
  /** Page to ask for next. */
  readonly nextPage: number;
  /** Records that Hubject counts in it. */
  readonly announced: number | null;
}

/** The last reconciliations, newest first. */
export async function lastReconciliations(
  prisma: PrismaClient, limit: number, kind?: string,
): Promise<readonly ReconciliationView[]> {
  const newest = await prisma.reconciliationPull.groupBy({
    ...(kind === undefined ? {} : { where: { kind } }), by: ['reconciliationId'], _min: { startedAt: true }, orderBy: { _min: { startedAt: 'desc' } }, take: limit,
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
  const steps = await prisma.pullStep.findMany({
    where: { reconciliationId: { in: [...ids] } }, orderBy: [{ selection: 'desc' }, { windowFrom: 'asc' }, { id: 'asc' }],
  });
  return ids.flatMap((reconciliationId) => {
    const own = pulls.filter((pull) => pull.reconciliationId === reconciliationId);
    const [first] = own;
    if (!first) return [];
    const { kind, trigger } = first;
    const views = own.map((pull) => pullView(
      pull, steps.filter((step) => step.reconciliationId === reconciliationId && step.providerId === pull.providerId),
    ));
    return [{ reconciliationId, kind, trigger, startedAt: first.startedAt.toISOString(), pulls: views }];
  });
}

function pullView(pull: ReconciliationPull, steps: readonly PullStep[]): PullView {
  const { providerId, state, windows, pages, records, newRecords, changedRecords, knownRecords, lastPage, lastProcessId } = pull;
  return {
    providerId, state, startedAt: pull.startedAt.toISOString(), endedAt: pull.endedAt?.toISOString() ?? null,
    window: { from: pull.windowFrom.toISOString(), to: pull.windowTo.toISOString() },
    watermark: pull.watermark?.toISOString() ?? null,
    windows, pages, records, newRecords, changedRecords, knownRecords, lastPage, lastProcessId,
    error: pull.errorSlug === null ? null : { slug: pull.errorSlug, message: pull.errorMessage ?? '' },
    resumes: pull.resumes, steps: steps.map(stepView),
  };
}

function stepView({ selection, windowFrom, windowTo, sessionIds, state, reading, nextPage, announced }: PullStep): StepView {
  const window = { from: windowFrom.toISOString(), to: windowTo.toISOString() };
  return { selection, window, sessions: sessionIds.length, state, reading, nextPage, announced };
}
