import type { Queryable } from '@emp/database';
import type { ExportFormat } from './write-rows.ts';

export interface ExportRun {
  readonly id: string;
  readonly format: ExportFormat;
  /** Names and values of the filters; of a card or a contract only that it was asked for. */
  readonly selection: Readonly<Record<string, unknown>>;
  /** `aborted`: whoever fetched it went away. */
  readonly state: 'running' | 'done' | 'aborted' | 'failed';
  readonly rows: number;
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly endedAt: string | null;
  readonly error: string | null;
}

export async function beginExport(
  database: Queryable, { id, format, selection }: Pick<ExportRun, 'id' | 'format' | 'selection'>, now: Date,
): Promise<void> {
  await database.execute(
    `INSERT INTO export_run (id, format, selection, state, started_at, updated_at) VALUES ($1, $2, $3::jsonb, 'running', $4, $4)`,
    [id, format, JSON.stringify(selection), now],
  );
}

export async function noteProgress(database: Queryable, id: string, rows: number, now: Date): Promise<void> {
  await database.execute('UPDATE export_run SET rows_so_far = $2, updated_at = $3 WHERE id = $1', [id, rows, now]);
}

export async function endExport(
  database: Queryable, id: string,
  end: { readonly state: 'done' | 'aborted' | 'failed'; readonly rows: number; readonly error: string | null; readonly now: Date },
): Promise<void> {
  await database.execute(
    `UPDATE export_run SET state = $2, rows_so_far = $3, error = $4, updated_at = $5, ended_at = $5 WHERE id = $1 AND state = 'running'`,
    [id, end.state, end.rows, end.error, end.now],
  );
}

interface Row {
  readonly id: string;
  readonly format: ExportFormat;
  readonly selection: Record<string, unknown>;
  readonly state: ExportRun['state'];
  readonly rows_so_far: bigint;
  readonly started_at: Date;
  readonly updated_at: Date;
  readonly ended_at: Date | null;
  readonly error: string | null;
}

const runOf = (row: Row): ExportRun => ({
  id: row.id, format: row.format, selection: row.selection, state: row.state, rows: Number(row.rows_so_far),
  startedAt: row.started_at.toISOString(), updatedAt: row.updated_at.toISOString(), endedAt: row.ended_at?.toISOString() ?? null,
  error: row.error,
});

export async function readExport(database: Queryable, id: string): Promise<ExportRun | undefined> {
  const [row] = await database.query<Row>('SELECT * FROM export_run WHERE id = $1', [id]);
  return row && runOf(row);
}

export async function lastExports(database: Queryable, limit: number): Promise<readonly ExportRun[]> {
  return (await database.query<Row>('SELECT * FROM export_run ORDER BY started_at DESC, id DESC LIMIT $1', [limit])).map(runOf);
}
