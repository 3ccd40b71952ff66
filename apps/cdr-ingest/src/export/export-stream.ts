import type { Connection, Database } from '@emp/database';
import { EmpError, type Clock } from '@emp/kernel';
import { conditionsOf, type CdrSelection } from '../cdrs/cdr-selection.ts';
import { EXPORT_COLUMNS, type ExportedRow } from './export-columns.ts';
import { endExport, noteProgress } from './export-store.ts';
import { csvHead, csvLine, type ExportFormat } from './write-rows.ts';

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
    yield format === 'csv' ? csvHead() : '';
    let notedAt = performance.now();
    for await (const chunk of chunksOf(connection, selection, format)) {
      yield chunk.text;
      rows += chunk.rows;
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

interface Chunk {
  readonly text: string;
  readonly rows: number;
}

/** The next chunk is fetched while the one before is on its way. */
async function* chunksOf(connection: Connection, selection: CdrSelection, format: ExportFormat): AsyncGenerator<Chunk> {
  const read = (after: string | undefined): Promise<readonly FoundRow[]> => fetchChunk(connection, selection, { format, after });
  let next = read(undefined);
  for (;;) {
    const found = await next;
    const more = found.length === CHUNK;
    if (more) next = read(found.at(-1)?.id);
    next.catch(() => undefined); // Told when it is awaited; nobody awaits it after the reader went.
    if (found.length > 0) yield { text: textOf(format, found), rows: found.length };
    if (!more) return;
  }
}

interface FoundRow {
  readonly id: string;
  readonly line: string;
}

/** Each row comes as one text, which is read faster than many: in NDJSON already the line. */
async function fetchChunk(
  connection: Connection, selection: CdrSelection, { format, after }: { readonly format: ExportFormat; readonly after: string | undefined },
): Promise<readonly FoundRow[]> {
  const { where, values } = conditionsOf(selection, after);
  const line = format === 'csv' ? CSV_VALUES : NDJSON_LINE;
  return connection.query<FoundRow>(`SELECT id, ${line} AS line FROM cdr ${where} ORDER BY id DESC LIMIT ${CHUNK}`, values);
}

const CSV_VALUES = `json_build_array(${EXPORT_COLUMNS.map(([, expression]) => expression).join(', ')})::text`;
const NDJSON_LINE = `(SELECT row_to_json(line)::text FROM (SELECT ${EXPORT_COLUMNS.map(([column, expression, json]) =>
  `${json ?? expression} AS "${column}"`).join(', ')}) AS line)`;

const textOf = (format: ExportFormat, found: readonly FoundRow[]): string => (format === 'csv'
  ? found.map(({ line }) => csvLine(JSON.parse(line) as ExportedRow)).join('')
  : found.map(({ line }) => `${line}\n`).join(''));
