import type { Connection, Database } from '@emp/database';
import { EmpError, type Clock } from '@emp/kernel';
import { conditionsOf, type CdrSelection } from '../cdrs/cdr-selection.ts';
import { EXPORT_COLUMNS, type ExportedRow } from './export-columns.ts';
import { endExport, noteProgress } from './export-store.ts';
import { headOf, rowsText, type ExportFormat } from './write-rows.ts';

export interface ExportOrder {
  readonly id: string;
  readonly format: ExportFormat;
  readonly selection: CdrSelection;
  /** Aborts when whoever fetches the export goes away. */
  readonly signal: AbortSignal;
}

/** Rows fetched and written at once: what an export holds in memory. */
const CHUNK = 2_000;
const NOTE_EVERY_MS = 1_000;
const COLUMNS = EXPORT_COLUMNS.map(([, expression], at) => `${expression} AS c${at}`).join(', ');

/**
 * The selected records as text, newest first, chunk by chunk, each fetched when the one before has been taken: by the
 * last id, so that no transaction stays open however slowly somebody reads. Its progress and end are on record.
 */
export async function* exportedText(
  { database, clock }: { readonly database: Database; readonly clock: Clock }, { id, format, selection, signal }: ExportOrder,
): AsyncGenerator<string> {
  let rows = 0;
  let state: 'done' | 'aborted' | 'failed' = 'aborted';
  let error: string | null = null;
  const connection = await database.connect();
  const release = await cancelOn(signal, connection, database);
  try {
    yield headOf(format);
    let notedAt = performance.now();
    for await (const chunk of chunksOf(connection, selection)) {
      yield rowsText(format, chunk);
      rows += chunk.length;
      if (performance.now() - notedAt < NOTE_EVERY_MS) continue;
      notedAt = performance.now();
      await noteProgress(database, id, rows, clock.now());
    }
    state = 'done';
  } catch (thrown) {
    if (signal.aborted) return;
    state = 'failed';
    error = thrown instanceof EmpError ? thrown.slug : 'unforeseen';
    throw thrown;
  } finally {
    release();
    await connection.close();
    await endExport(database, id, { state, rows, error, now: clock.now() });
  }
}

/** Ends the statement that the connection is at when the signal aborts: nobody waits for its rows any more. */
async function cancelOn(signal: AbortSignal, connection: Connection, database: Database): Promise<() => void> {
  const [backend] = await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const cancel = (): void => {
    void database.query('SELECT pg_cancel_backend($1)', [backend?.pid]).catch(() => undefined); // It ends by itself, later.
  };
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  return () => signal.removeEventListener('abort', cancel);
}

async function* chunksOf(connection: Connection, selection: CdrSelection): AsyncGenerator<readonly ExportedRow[]> {
  let after: string | undefined;
  for (;;) {
    const { where, values } = conditionsOf(selection, after);
    const rows = await connection.query<Record<string, string | null>>(
      `SELECT id, ${COLUMNS} FROM cdr ${where} ORDER BY id DESC LIMIT ${CHUNK}`, values,
    );
    if (rows.length > 0) yield rows.map((row) => EXPORT_COLUMNS.map((_, at) => row[`c${at}`] ?? null));
    if (rows.length < CHUNK) return;
    after = rows.at(-1)?.['id'] ?? undefined;
  }
}
