/**
 * `npm run bench -- cdr-intake [records]`: intake per second, as a ratio to plain `unnest` inserts of the same rows: with
 * the signatures verified on a thread, verified on the event loop, and not at all, so that their cost is seen.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createNoopMeter } from '@opentelemetry/api';
import { Database, migrate } from '@emp/database';
import type { EmpEvent } from '@emp/events';
import { systemClock } from '@emp/kernel';
import { Outbox } from '@emp/messaging';
import { evseKey } from '@emp/oicp';
import { migrationsDirectory } from '@emp/prisma-cdr-ingest';
import { createLog } from '@emp/service-kit';
import { startEmbeddedPostgres } from '@emp/testing';
import { generateVaultSecrets, Vault } from '@emp/vault';
import { CdrMetrics } from '../cdrs/cdr-metrics.ts';
import { CDR_COLUMNS } from '../cdrs/cdr-row.ts';
import { CheckDesk } from '../check-records/check-desk.ts';
import { Recheck } from '../check-records/recheck.ts';
import { DEFAULT_LIMITS } from '../domain/check-context.ts';
import { ReceiveCdrHandler } from '../receive-cdr/receive-cdr.handler.ts';
import { NO_SIGNED_VALUES } from '../domain/metering-outcome.ts';
import { verifyInline, type MeteringVerifier } from '../verify-metering/metering-verifier.ts';
import { VerifierThreads } from '../verify-metering/verifier-threads.ts';
import { SignedRecords } from './signed-records.ts';

const BATCH = 500;
/** Batches side by side, as the event transport feeds them. */
const AT_ONCE = 4;
const WARM_UP = 5_000;

export async function run([records = '30000']: readonly string[]): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'cdr-intake-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory });
  const database = new Database({ url: postgres.url('postgres'), applicationName: 'bench' });
  const threads = new VerifierThreads(1);
  try {
    await migrate(database, migrationsDirectory);
    await database.query('CREATE TABLE plain (LIKE cdr INCLUDING ALL)');
    const secrets = generateVaultSecrets();
    const vault = Vault.fromKeys(secrets.keys, secrets.pepper);
    const signed = new SignedRecords(vault);
    await listEvses(database, signed.evseIds);
    const events = Array.from({ length: Number(records) + WARM_UP }, (_, number) => signed.event(number));
    const size = (events[0]?.data as { sealedRecord: string }).sealedRecord.length;
    const measure = async (verifier: MeteringVerifier): Promise<number> => {
      await database.query('TRUNCATE cdr, cdr_metering, meter_key, outbox');
      const intake = intakeOf(database, vault, verifier);
      await intake(events.slice(0, WARM_UP));
      return rate(events.length - WARM_UP, await timed(() => intake(events.slice(WARM_UP))));
    };
    const unverified = await measure(verifyNothing);
    const onLoop = await measure(verifyInline);
    const onThread = await measure(threads);
    await sayWhatIsStored(database);
    const baseline = rate(events.length - WARM_UP, await timed(async () => plainInserts(database)));
    const ratio = (name: string, perSecond: number): void =>
      void process.stdout.write(`${name.padEnd(34)}${perSecond} records/s   ratio ${(perSecond / baseline).toFixed(2)}\n`);
    process.stdout.write(`two OCMF values a record, P-256; ${size} bytes sealed; baseline: unnest inserts of the same rows\n`);
    process.stdout.write(`${'baseline'.padEnd(34)}${baseline} rows/s\n`);
    ratio('cdr-intake, verified on a thread', onThread);
    ratio('cdr-intake, verified on the loop', onLoop);
    ratio('cdr-intake, not verified', unverified);
  } finally {
    await threads.close();
    await database.close();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

const verifyNothing: MeteringVerifier = {
  verify: (requests) => Promise.resolve(requests.map(() => NO_SIGNED_VALUES)), close: () => Promise.resolve(),
};

async function listEvses(database: Database, evseIds: readonly string[]): Promise<void> {
  await database.query(
    `INSERT INTO evse_fact (evse_key, operator_id, operator_key, country, time_zone, maximum_power_kw, calibration_law, recorded_at)
     SELECT key, 'DE*SIM', 'DESIM', 'DE', 'Europe/Berlin', 150, 'External', now() FROM unnest($1::text[]) AS key`,
    [evseIds.map(evseKey)],
  );
}

/** A benchmark of records that were not accepted, or not verified, would measure something else. */
async function sayWhatIsStored(database: Database): Promise<void> {
  const rows = await database.query<{ state: string; verdict: string | null; count: bigint }>(
    'SELECT state, verdict, count(*) FROM cdr LEFT JOIN cdr_metering ON cdr_id = id GROUP BY 1, 2',
  );
  process.stdout.write(`${rows.map(({ state, verdict, count }) => `${count} ${state}, signed values ${verdict}`).join('; ')}\n`);
}

function intakeOf(
  database: Database, vault: Vault, verifier: MeteringVerifier,
): (events: readonly EmpEvent[]) => Promise<void> {
  const outbox = new Outbox({ source: 'cdr-ingest' });
  const checks = new CheckDesk(verifier);
  const handler = new ReceiveCdrHandler(
    vault, outbox, systemClock, DEFAULT_LIMITS, createLog('bench', 'silent'), new CdrMetrics(createNoopMeter(), database), checks,
    new Recheck(checks, vault, outbox, DEFAULT_LIMITS),
  );
  return async (events) => {
    let next = 0;
    const partition = async (): Promise<void> => {
      for (let at = next; at < events.length; at = next) {
        next += BATCH;
        await database.transaction((tx) => handler.handle(events.slice(at, at + BATCH), {
          tx, group: 'bench', afterCommit: (then) => tx.afterCommit(then),
        }));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, partition));
  };
}

/** The rows that the intake stored, each column as it is, straight into a table of the same shape. */
async function plainInserts(database: Database): Promise<number> {
  const columns = CDR_COLUMNS.map(([column]) => column).join(', ');
  const texts = CDR_COLUMNS.map(([column]) => `${column}::text`).join(', ');
  const parameters = CDR_COLUMNS.map(([, type], at) => `$${at + 1}::${type}[]`).join(', ');
  const insert = `INSERT INTO plain (${columns}) SELECT * FROM unnest(${parameters})`;
  const select = `SELECT ${texts} FROM cdr WHERE id > $1 ORDER BY cdr.id OFFSET $2 LIMIT ${BATCH}`;
  let reading = 0;
  for (let last: string | undefined = ''; last !== undefined;) {
    const began = performance.now();
    const rows: Record<string, unknown>[] = await database.query(select, [last, last === '' ? WARM_UP : 0]);
    reading += performance.now() - began;
    last = rows.length > 0 ? String(rows.at(-1)?.['id']) : undefined;
    if (rows.length > 0) {
      await database.transaction(async (tx) => {
        await tx.prepared({ name: 'plain-insert', text: insert }, CDR_COLUMNS.map(([column]) => rows.map((row) => row[column])));
      });
    }
  }
  return reading;
}

/** Milliseconds, less those that `work` says do not count. */
async function timed(work: () => Promise<number | void>): Promise<number> {
  const began = performance.now();
  const uncounted = await work();
  return performance.now() - began - (uncounted ?? 0);
}

const rate = (count: number, ms: number): number => Math.round((count * 1000) / ms);
