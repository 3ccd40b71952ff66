import type { Database, Queryable } from '@emp/database';
import { newId } from '@emp/kernel';
import { DATABASE } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { PullReport } from './pull-report.ts';
import type { PullKind, PullRun, PullState } from './pull-run.ts';

const COLUMNS = `id, kind, state, started_at AS "startedAt", progressed_at AS "progressedAt", ended_at AS "endedAt",
  counts, findings, duplicates, notes, error`;

@Injectable()
export class PullRunStore {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  /** The caller holds the lock of this kind: whatever still seems to run was interrupted. */
  async begin(kind: PullKind, now: Date): Promise<string> {
    const id = newId();
    await this.#database.transaction(async (tx) => {
      await tx.execute(
        `UPDATE pull_run SET state = 'interrupted', ended_at = $2 WHERE kind = $1 AND state = 'running'`, [kind, now]
      );
      await tx.execute(
        `INSERT INTO pull_run (id, kind, state, started_at, progressed_at, counts, findings, duplicates, notes)
         VALUES ($1, $2, 'running', $3, $3, '{}', '{}', '[]', '[]')`,
        [id, kind, now],
      );
    });
    return id;
  }

  async progress(tx: Queryable, id: string, report: PullReport, now: Date): Promise<void> {
    await tx.execute(
      'UPDATE pull_run SET progressed_at = $2, counts = $3, findings = $4, duplicates = $5, notes = $6 WHERE id = $1',
      [id, now, ...report.columns()],
    );
  }

  async end(
    id: string, report: PullReport,
    end: { readonly state: Exclude<PullState, 'running'>; readonly error: string | null; readonly now: Date },
  ): Promise<PullRun> {
    const [run] = await this.#database.query<PullRun>(
      `UPDATE pull_run SET state = $7, error = $8, ended_at = $2, progressed_at = $2,
              counts = $3, findings = $4, duplicates = $5, notes = $6
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, end.now, ...report.columns(), end.state, end.error],
    );
    if (!run) throw new Error(`pull run ${id} is gone from the table`);
    return run;
  }

  async last(kind: PullKind): Promise<PullRun | null> {
    const [run] = await this.#database.query<PullRun>(
      `SELECT ${COLUMNS} FROM pull_run WHERE kind = $1 ORDER BY started_at DESC, id DESC LIMIT 1`, [kind]);
    return run ?? null;
  }

  async lastComplete(kind: PullKind): Promise<PullRun | null> {
    const [run] = await this.#database.query<PullRun>(
      `SELECT ${COLUMNS} FROM pull_run WHERE kind = $1 AND state = 'complete'
       ORDER BY started_at DESC, id DESC LIMIT 1`, [kind]);
    return run ?? null;
  }

  /** The newest first. */
  list(kind: PullKind | null, limit: number): Promise<PullRun[]> {
    return this.#database.query<PullRun>(
      `SELECT ${COLUMNS} FROM pull_run WHERE $1::text IS NULL OR kind = $1
       ORDER BY started_at DESC, id DESC LIMIT $2`, [kind, limit]);
  }
}
