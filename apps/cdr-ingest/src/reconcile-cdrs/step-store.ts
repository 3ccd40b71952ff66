import type { Queryable, Transaction } from '@emp/database';
import { newId } from '@emp/kernel';
import type { PlannedStep, PullKind, Selection } from '../domain/pull-plan.ts';
import type { OpenStep } from '../domain/pull-plan.ts';
import type { PullId } from './pull-store.ts';

/** A step as it is kept: what to read, and how far the reading has come. */
export interface PullStep extends PlannedStep {
  readonly id: string;
  readonly reading: number;
  readonly nextPage: number;
}

interface StepRow {
  readonly id: string;
  readonly selection: Selection;
  readonly window_from: Date;
  readonly window_to: Date;
  readonly session_ids: readonly string[];
  readonly reaches: Date;
  readonly state: string;
  readonly reading: number;
  readonly next_page: number;
}

const OPEN = `state IN ('waiting', 'reading')`;

export async function addSteps(tx: Transaction, { reconciliationId, providerId }: PullId, steps: readonly PlannedStep[]): Promise<void> {
  for (const { selection, window, sessionIds, reaches } of steps) {
    await tx.execute(
      `INSERT INTO pull_step (id, reconciliation_id, provider_id, selection, window_from, window_to, session_ids, reaches, state)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting')`,
      [newId(), reconciliationId, providerId, selection, window.from, window.to, sessionIds, reaches],
    );
  }
}

/** The step to go on with: what was begun, then what was not delivered, then the oldest window. */
export async function nextStep(database: Queryable, { reconciliationId, providerId }: PullId): Promise<PullStep | undefined> {
  const [row] = await database.query<StepRow>(
    `SELECT * FROM pull_step WHERE reconciliation_id = $1 AND provider_id = $2 AND ${OPEN}
     ORDER BY state = 'waiting', selection <> 'not-forwarded', window_from, id LIMIT 1`,
    [reconciliationId, providerId],
  );
  if (!row) return undefined;
  return {
    id: row.id, selection: row.selection, window: { from: row.window_from, to: row.window_to },
    sessionIds: row.session_ids, reaches: row.reaches, reading: row.reading, nextPage: row.next_page,
  };
}

/** Notes in the page's transaction that it need not be asked for again, and which records it brought. */
export async function notePage(
  tx: Transaction, step: PullStep,
  page: { readonly reading: number; readonly number: number; readonly announced: number | null; readonly hashes: readonly string[] },
): Promise<void> {
  await tx.execute(
    `UPDATE pull_step SET state = 'reading', reading = $2, next_page = $3, announced = $4 WHERE id = $1`,
    [step.id, page.reading, page.number + 1, page.announced],
  );
  await tx.execute(
    `INSERT INTO pull_page (step_id, reading, page, hashes) VALUES ($1, $2, $3, $4)
     ON CONFLICT (step_id, reading, page) DO UPDATE SET hashes = excluded.hashes`,
    [step.id, page.reading, page.number, Buffer.from(page.hashes.map(shortHash).join(''), 'hex')],
  );
}

export async function readAgain(database: Queryable, stepId: string, reading: number): Promise<void> {
  await database.execute('UPDATE pull_step SET reading = $2, next_page = 0 WHERE id = $1', [stepId, reading]);
}

const HASH_BYTES = 8;

/** Enough to tell the records of a window apart. */
export const shortHash = (hash: string): string => hash.slice(0, HASH_BYTES * 2);

/** The records that earlier pages of the step brought, before this process or in it. */
export async function seenBefore(database: Queryable, stepId: string): Promise<Set<string>> {
  const rows = await database.query<{ hashes: Buffer }>('SELECT hashes FROM pull_page WHERE step_id = $1', [stepId]);
  const seen = new Set<string>();
  for (const { hashes } of rows) {
    for (let at = 0; at < hashes.length; at += HASH_BYTES) seen.add(hashes.toString('hex', at, at + HASH_BYTES));
  }
  return seen;
}

/** Ends a step and counts it. Returns whether every window before it is complete, too. */
export async function endStep(
  tx: Transaction, { reconciliationId, providerId }: PullId, step: PullStep,
  end: { readonly state: 'complete' | 'incomplete' | 'split'; readonly now: Date },
): Promise<{ readonly unbroken: boolean }> {
  await tx.execute('UPDATE pull_step SET state = $2, ended_at = $3 WHERE id = $1', [step.id, end.state, end.now]);
  await tx.execute('DELETE FROM pull_page WHERE step_id = $1', [step.id]);
  const count = end.state === 'split' ? 0 : 1;
  await tx.execute(
    'UPDATE reconciliation_pull SET windows = windows + $3 WHERE reconciliation_id = $1 AND provider_id = $2',
    [reconciliationId, providerId, count],
  );
  const broken = await tx.query(
    `SELECT 1 FROM pull_step
     WHERE reconciliation_id = $1 AND provider_id = $2 AND selection = 'all' AND window_from <= $3
       AND state NOT IN ('complete', 'split') LIMIT 1`,
    [reconciliationId, providerId, step.window.from],
  );
  return { unbroken: broken.length === 0 };
}

export async function anyIncomplete(database: Queryable, { reconciliationId, providerId }: PullId): Promise<boolean> {
  const rows = await database.query(
    `SELECT 1 FROM pull_step WHERE reconciliation_id = $1 AND provider_id = $2 AND state = 'incomplete' LIMIT 1`,
    [reconciliationId, providerId],
  );
  return rows.length > 0;
}

export interface UnfinishedPull {
  readonly reconciliationId: string;
  readonly plannedUntil: Date;
  readonly open: readonly OpenStep[];
}

/** The last pull of this kind, if it ended before its end, got somewhere, and left no window incomplete. */
export async function unfinishedPull(
  database: Queryable, providerId: string, kind: PullKind, notBefore: Date,
): Promise<UnfinishedPull | undefined> {
  const [last] = await database.query<{ reconciliation_id: string; state: string; window_to: Date; started_at: Date; windows: number }>(
    `SELECT reconciliation_id, state, window_to, started_at, windows FROM reconciliation_pull
     WHERE provider_id = $1 AND kind = $2 ORDER BY started_at DESC, reconciliation_id DESC LIMIT 1`,
    [providerId, kind],
  );
  if (!last || (last.state !== 'interrupted' && last.state !== 'failed') || last.started_at < notBefore) return undefined;
  const id = { reconciliationId: last.reconciliation_id, providerId };
  const rows = await database.query<StepRow>(
    `SELECT * FROM pull_step WHERE reconciliation_id = $1 AND provider_id = $2 AND ${OPEN} ORDER BY window_from`,
    [id.reconciliationId, providerId],
  );
  const open = rows.map((row): OpenStep => ({
    id: row.id, selection: row.selection, window: { from: row.window_from, to: row.window_to }, begun: row.state === 'reading',
  }));
  const gotSomewhere = last.windows > 0 || open.some(({ begun }) => begun);
  if (open.length === 0 || !gotSomewhere || (await anyIncomplete(database, id))) return undefined;
  return { reconciliationId: id.reconciliationId, plannedUntil: last.window_to, open };
}

/** Takes the kept steps over, with their progress; the others are planned anew. */
export async function takeOver(tx: Transaction, from: UnfinishedPull, to: PullId, kept: readonly string[]): Promise<void> {
  await tx.execute('UPDATE pull_step SET reconciliation_id = $2 WHERE id = ANY($1::text[])', [kept, to.reconciliationId]);
  await tx.execute(
    `DELETE FROM pull_step WHERE reconciliation_id = $1 AND provider_id = $2 AND ${OPEN}`,
    [from.reconciliationId, to.providerId],
  );
}
