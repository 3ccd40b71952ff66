import type { Queryable } from '@emp/database';
import type { Rejection } from '../register-contracts/contracts-request.ts';
import type { ImportFormat, ImportKind } from './line-reader.ts';

/** A running import that is silent for so long has lost its process. */
const SILENT_SECONDS = 30;

export interface ImportView {
  readonly importId: string;
  readonly kind: ImportKind;
  readonly format: ImportFormat;
  /** `interrupted`: everything up to `lastLine` is kept or refused; sent again, whole or from there, it goes on. */
  readonly state: 'running' | 'done' | 'interrupted';
  readonly caller: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Of the file; all up to here is committed. */
  readonly lastLine: number;
  /** Lines with something on them, the header left out. */
  readonly read: number;
  readonly kept: number;
  /** Contracts and cards that are new or other than before. */
  readonly changed: number;
  readonly refused: number;
  readonly linesPerSecond: number;
  /** Why it was interrupted. */
  readonly detail: string | null;
}

interface ImportRow {
  readonly import_id: string;
  readonly kind: ImportKind;
  readonly format: ImportFormat;
  readonly state: ImportView['state'];
  readonly is_silent: boolean;
  readonly caller: string;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly seconds: number;
  readonly last_line: number;
  readonly read: number;
  readonly kept: number;
  readonly changed: number;
  readonly refused: number;
  readonly detail: string | null;
}

const IMPORT = `
  SELECT *, state = 'running' AND heard_at < now() - interval '${SILENT_SECONDS} seconds' AS is_silent,
    greatest(extract(epoch FROM coalesce(ended_at, heard_at) - started_at), 0.001)::float8 AS seconds
  FROM bulk_import`;

export interface BatchOutcome {
  readonly lastLine: number;
  readonly read: number;
  readonly kept: number;
  readonly changed: number;
  readonly refusals: readonly { readonly number: number; readonly reasons: readonly Rejection[] }[];
}

export async function beginImport(
  database: Queryable,
  begun: { importId: string; kind: ImportKind; format: ImportFormat; caller: string; lastLine: number },
): Promise<void> {
  await database.execute(
    `INSERT INTO bulk_import (import_id, kind, format, state, caller, last_line)
     VALUES ($1, $2, $3, 'running', $4, $5)`,
    [begun.importId, begun.kind, begun.format, begun.caller, begun.lastLine],
  );
}

const ADVANCE = `
  UPDATE bulk_import SET last_line = $3, read = read + $4, kept = kept + $5, changed = changed + $6,
    refused = refused + $7, heard_at = now()
  WHERE import_id = $1 AND last_line = $2`;

const REFUSE = `
  INSERT INTO bulk_import_refusal (import_id, line, reasons)
  SELECT $1, * FROM unnest($2::integer[], $3::jsonb[])`;

/** In the transaction of the batch. `false`: the batch was committed before, by an attempt that seemed to fail. */
export async function advance(tx: Queryable, importId: string, from: number, batch: BatchOutcome): Promise<boolean> {
  const { lastLine, read, kept, changed, refusals } = batch;
  const values = [importId, from, lastLine, read, kept, changed, refusals.length];
  if ((await tx.execute(ADVANCE, values)) === 0) return false;
  if (refusals.length > 0) {
    const reasons = refusals.map((refusal) => JSON.stringify(refusal.reasons));
    await tx.execute(REFUSE, [importId, refusals.map(({ number }) => number), reasons]);
  }
  return true;
}

export async function lastLineOf(database: Queryable, importId: string): Promise<number | undefined> {
  const rows = await database.query<{ last_line: number }>('SELECT last_line FROM bulk_import WHERE import_id = $1', [
    importId,
  ]);
  return rows[0]?.last_line;
}

export async function stillThere(database: Queryable, importId: string): Promise<void> {
  await database.execute('UPDATE bulk_import SET heard_at = now() WHERE import_id = $1', [importId]);
}

export async function endImport(
  database: Queryable,
  importId: string,
  end: { readonly state: 'done' | 'interrupted'; readonly lastLine?: number; readonly detail?: string },
): Promise<void> {
  await database.execute(
    `UPDATE bulk_import SET state = $2, detail = $3, ended_at = now(), heard_at = now(),
       last_line = coalesce($4, last_line)
     WHERE import_id = $1`,
    [importId, end.state, end.detail ?? null, end.lastLine ?? null],
  );
}

/** Newest first. */
export async function readImports(database: Queryable, limit: number): Promise<readonly ImportView[]> {
  return (await database.query<ImportRow>(`${IMPORT} ORDER BY started_at DESC, import_id DESC LIMIT $1`, [limit])).map(
    viewOf,
  );
}

export async function readImport(database: Queryable, importId: string): Promise<ImportView | undefined> {
  const [row] = await database.query<ImportRow>(`${IMPORT} WHERE import_id = $1`, [importId]);
  return row && viewOf(row);
}

export interface RefusedLine {
  readonly line: number;
  readonly reasons: readonly Rejection[];
}

export const readRefusals = (
  database: Queryable,
  importId: string,
  page: { readonly afterLine: number; readonly limit: number },
): Promise<RefusedLine[]> =>
  database.query<RefusedLine>(
    'SELECT line, reasons FROM bulk_import_refusal WHERE import_id = $1 AND line > $2 ORDER BY line LIMIT $3',
    [importId, page.afterLine, page.limit],
  );

const viewOf = (row: ImportRow): ImportView => ({
  importId: row.import_id,
  kind: row.kind,
  format: row.format,
  state: row.is_silent ? 'interrupted' : row.state,
  caller: row.caller,
  startedAt: row.started_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  lastLine: row.last_line,
  read: row.read,
  kept: row.kept,
  changed: row.changed,
  refused: row.refused,
  linesPerSecond: Math.round(row.read / row.seconds),
  detail: row.is_silent ? 'its process ended without a word' : row.detail,
});
