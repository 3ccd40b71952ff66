/** `npm run bench -- cdr-export [rows]`: rows per second handed out, as a ratio to a plain COPY of the same selection. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Database, migrate } from '@emp/database';
import { systemClock } from '@emp/kernel';
import { migrationsDirectory } from '@emp/prisma-cdr-ingest';
import { startEmbeddedPostgres } from '@emp/testing';
import { EXPORT_COLUMNS } from '../export/export-columns.ts';
import { beginExport } from '../export/export-store.ts';
import { exportedText } from '../export/export-stream.ts';
import type { ExportFormat } from '../export/write-rows.ts';
import { copiedOut } from './copied-out.ts';
import { generateCdrs } from './generate-cdrs.ts';

const AT_ONCE = 100_000;

export async function run([rows = '1000000']: readonly string[]): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'cdr-export-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory });
  const url = postgres.url('postgres');
  const database = new Database({ url, applicationName: 'bench', statementTimeoutMs: 0 });
  try {
    await migrate(database, migrationsDirectory);
    const count = Number(rows);
    for (let from = 0; from < count; from += AT_ONCE) await generateCdrs(database, Math.min(AT_ONCE, count - from), from);
    const columns = EXPORT_COLUMNS.map(([, expression], at) => `${expression} AS c${at}`).join(', ');
    const copy = await timed(() => copiedOut(url, `COPY (SELECT ${columns} FROM cdr ORDER BY id DESC) TO STDOUT`));
    process.stdout.write(`baseline:       ${rate(count, copy.ms)} rows/s (COPY (select …) TO STDOUT, ${megabytes(copy.result)})\n`);
    for (const format of ['csv', 'ndjson'] as const) {
      const { ms, result } = await timed(() => exported(database, format));
      const peak = megabytes(result.mostResident);
      process.stdout.write(`${format.padEnd(15)} ${rate(count, ms)} rows/s, ratio ${(copy.ms / ms).toFixed(2)} (${megabytes(result.bytes)}, resident ≤ ${peak})\n`);
    }
  } finally {
    await database.close();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function exported(database: Database, format: ExportFormat): Promise<{ bytes: number; mostResident: number }> {
  const id = `bench-${format}`;
  await beginExport(database, { id, format, selection: {} }, systemClock.now());
  let [bytes, mostResident] = [0, 0];
  const order = { id, format, selection: {}, signal: new AbortController().signal };
  for await (const text of exportedText({ database, clock: systemClock }, order)) {
    bytes += Buffer.from(text).length; // As a socket would have it.
    mostResident = Math.max(mostResident, process.memoryUsage.rss());
  }
  return { bytes, mostResident };
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const began = performance.now();
  const result = await work();
  return { ms: performance.now() - began, result };
}

const rate = (count: number, ms: number): number => Math.round((count * 1000) / ms);
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
