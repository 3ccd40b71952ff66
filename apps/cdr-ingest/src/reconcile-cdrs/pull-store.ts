import type { Queryable, Transaction } from '@emp/database';
import type { PullKind } from '../domain/pull-plan.ts';
import type { PullWindow } from '../domain/pull-windows.ts';

export type PullTrigger = 'schedule' | 'request';
export type PullState = 'running' | 'done' | 'incomplete' | 'failed' | 'interrupted';

/** One pull of one provider, within one reconciliation. */
export interface PullId {
  readonly reconciliationId: string;
  readonly providerId: string;
}

/** What one page added. */
export interface PageCount {
  readonly records: number;
  readonly newRecords: number;
  readonly changedRecords: number;
  readonly knownRecords: number;
}

export interface PullResult {
  readonly state: Exclude<PullState, 'running'>;
  readonly errorSlug?: string;
  readonly errorMessage?: string;
}

/** Pulls that a dead process left behind. Only whoever holds the lock of these kinds may say so. */
export async function markInterrupted(database: Queryable, kinds: readonly PullKind[], now: Date): Promise<void> {
  await database.execute(
    `UPDATE reconciliation_pull SET state = 'interrupted', ended_at = $1 WHERE state = 'running' AND kind = ANY($2::text[])`,
    [now, kinds],
  );
}

export async function readWatermark(database: Queryable, providerId: string): Promise<Date | null> {
  const [row] = await database.query<{ watermark: Date }>(
    'SELECT watermark FROM pull_watermark WHERE provider_id = $1', [providerId],
  );
  return row?.watermark ?? null;
}

/** Moves the watermark forward, never back. Only after the last page of everything before it is committed. */
export async function moveWatermark(tx: Transaction, providerId: string, to: Date, now: Date): Promise<void> {
  await tx.execute(
    `INSERT INTO pull_watermark AS known (provider_id, watermark, moved_at) VALUES ($1, $2, $3)
     ON CONFLICT (provider_id) DO UPDATE SET watermark = excluded.watermark, moved_at = excluded.moved_at
     WHERE known.watermark < excluded.watermark`,
    [providerId, to, now],
  );
}

export interface NewPull {
  readonly kind: PullKind;
  readonly trigger: PullTrigger;
  readonly span: PullWindow;
  readonly now: Date;
  /** The reconciliation whose steps it took over. */
  readonly resumes: string | null;
}

export async function beginPull(tx: Transaction, id: PullId, pull: NewPull): Promise<void> {
  await tx.execute(
    `INSERT INTO reconciliation_pull
       (reconciliation_id, provider_id, kind, state, trigger, started_at, window_from, window_to, resumes)
     VALUES ($1, $2, $3, 'running', $4, $5, $6, $7, $8)`,
    [id.reconciliationId, id.providerId, pull.kind, pull.trigger, pull.now, pull.span.from, pull.span.to, pull.resumes],
  );
}

/** Notes a page, in the transaction that sends its records on. */
export async function countPage(
  tx: Transaction, id: PullId, page: PageCount & { readonly name: string; readonly processId: string | null },
): Promise<void> {
  await tx.execute(
    `UPDATE reconciliation_pull
     SET pages = pages + 1, records = records + $3, new_records = new_records + $4, changed_records = changed_records + $5,
         known_records = known_records + $6, last_page = $7, last_process_id = $8
     WHERE reconciliation_id = $1 AND provider_id = $2`,
    [
      id.reconciliationId, id.providerId, page.records, page.newRecords, page.changedRecords, page.knownRecords,
      page.name, page.processId,
    ],
  );
}

/** Notes how a pull ended and where the watermark stands now. */
export async function endPull(database: Queryable, id: PullId, result: PullResult, now: Date): Promise<void> {
  await database.execute(
    `UPDATE reconciliation_pull
     SET state = $3, ended_at = $4, error_slug = $5, error_message = $6,
         watermark = (SELECT watermark FROM pull_watermark WHERE provider_id = $2)
     WHERE reconciliation_id = $1 AND provider_id = $2`,
    [id.reconciliationId, id.providerId, result.state, now, result.errorSlug ?? null, result.errorMessage ?? null],
  );
}
