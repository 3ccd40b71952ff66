import type { Queryable } from '@emp/database';
import { Injectable } from '@nestjs/common';

export interface ReportedStatus {
  readonly evseKey: string;
  readonly evseId: string;
  readonly status: string;
}

@Injectable()
export class EvseStatusStore {
  /** Forgets what an earlier pull had staged. The caller holds the lock of the pull. */
  async forgetStaged(db: Queryable): Promise<void> {
    await db.execute('TRUNCATE evse_status_seen');
  }

  /** Sets statuses aside until the answer is whole; of an EVSE that comes twice the first counts. How many are new. */
  stage(db: Queryable, runId: string, statuses: readonly ReportedStatus[]): Promise<number> {
    return db.execute(
      `INSERT INTO evse_status_seen (run_id, evse_key, evse_id, status)
       SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING`,
      [
        runId, statuses.map(({ evseKey }) => evseKey), statuses.map(({ evseId }) => evseId),
        statuses.map(({ status }) => status)
      ],
    );
  }

  async countStaged(db: Queryable, runId: string): Promise<number> {
    const [row] = await db.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM evse_status_seen WHERE run_id = $1', [runId]
    );
    return row?.count ?? 0;
  }

  /** Takes over at most `most` staged statuses that differ from the known ones. */
  takeOverChanged(
    tx: Queryable, runId: string, change: { readonly most: number; readonly now: Date }
  ): Promise<ReportedStatus[]> {
    return tx.query<ReportedStatus>(
      `INSERT INTO evse_status AS known (evse_key, evse_id, status, changed_at)
       SELECT staged.evse_key, staged.evse_id, staged.status, $3::timestamptz
       FROM evse_status_seen AS staged LEFT JOIN evse_status AS before USING (evse_key)
       WHERE staged.run_id = $1 AND before.status IS DISTINCT FROM staged.status
       LIMIT $2
       ON CONFLICT (evse_key) DO UPDATE
         SET evse_id = excluded.evse_id, status = excluded.status, changed_at = excluded.changed_at
       RETURNING evse_key AS "evseKey", evse_id AS "evseId", status`,
      [runId, change.most, change.now],
    );
  }

  /** An EVSE that is missing in the answer is Unknown (OICP §7.7): at most `most` of those that were not yet. */
  forgetMissing(
    tx: Queryable, runId: string, change: { readonly most: number; readonly now: Date }
  ): Promise<ReportedStatus[]> {
    return tx.query<ReportedStatus>(
      `UPDATE evse_status SET status = 'Unknown', changed_at = $3
       WHERE evse_key IN (
         SELECT known.evse_key FROM evse_status AS known
         WHERE known.status <> 'Unknown'
           AND NOT EXISTS (
             SELECT FROM evse_status_seen AS staged WHERE staged.run_id = $1 AND staged.evse_key = known.evse_key)
         LIMIT $2)
       RETURNING evse_key AS "evseKey", evse_id AS "evseId", status`,
      [runId, change.most, change.now],
    );
  }
}
