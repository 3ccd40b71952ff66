/** `npm run bench -- cdr-intake [records]`: intake per second, as a ratio to plain `unnest` inserts of the same rows. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createNoopMeter } from '@opentelemetry/api';
import { Database, migrate } from '@emp/database';
import { CdrReceivedV1, newEvent, type EmpEvent } from '@emp/events';
import { systemClock } from '@emp/kernel';
import { Outbox } from '@emp/messaging';
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
import { verifyInline } from '../verify-metering/metering-verifier.ts';

const BATCH = 500;
/** Batches side by side, as the event transport feeds them. */
const AT_ONCE = 4;
const WARM_UP = 5_000;

export async function run([records = '50000']: readonly string[]): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'cdr-intake-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory });
  const database = new Database({ url: postgres.url('postgres'), applicationName: 'bench' });
  try {
    await migrate(database, migrationsDirectory);
    await database.query('CREATE TABLE plain (LIKE cdr INCLUDING ALL)');
    const secrets = generateVaultSecrets();
    const vault = Vault.fromKeys(secrets.keys, secrets.pepper);
    const intake = intakeOf(database, vault);
    const events = Array.from({ length: Number(records) + WARM_UP }, (_, number) => received(vault, number));
    await intake(events.splice(0, WARM_UP));
    const perSecond = rate(events.length, await timed(() => intake(events)));
    const baseline = rate(events.length, await timed(async () => plainInserts(database)));
    const size = (events[0]?.data as { sealedRecord: string }).sealedRecord.length;
    process.stdout.write(`cdr-intake: ${perSecond} records/s (opened, read, checked, stored, announced; ${size} bytes sealed)\n`);
    process.stdout.write(`baseline:   ${baseline} rows/s (unnest inserts of the same rows)\n`);
    process.stdout.write(`ratio:      ${(perSecond / baseline).toFixed(2)}\n`);
  } finally {
    await database.close();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function intakeOf(database: Database, vault: Vault): (events: readonly EmpEvent[]) => Promise<void> {
  const outbox = new Outbox({ source: 'cdr-ingest' });
  const checks = new CheckDesk(verifyInline);
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

function received(vault: Vault, number: number): EmpEvent {
  const time = new Date('2026-05-01T09:06:00Z');
  const sessionId = `b2688855-7f00-0002-6d8e-${String(number).padStart(12, '0')}`;
  const value = `OCMF|{"FV":"1.0","PG":"T${number}"}|${'7B22'.repeat(120)}`;
  const signed = (status: string): object => ({ SignedMeteringValue: value, MeteringStatus: status });
  const text = JSON.stringify({
    SessionID: sessionId, CPOPartnerSessionID: `cpo-${number}`, EMPPartnerSessionID: null, PartnerProductID: 'DC',
    EvseID: `DE*SIM*E${number % 3000}*1`,
    Identification: { RFIDMifareFamilyIdentification: { UID: '04A2B3C4D5E680' }, RFIDIdentification: null },
    SessionStart: '2026-05-01T09:58:00+02:00', ChargingStart: '2026-05-01T10:00:00+02:00',
    ChargingEnd: '2026-05-01T11:00:00+02:00', SessionEnd: '2026-05-01T11:05:00+02:00',
    MeterValueStart: 1000.123, MeterValueEnd: 1011.123, MeterValueInBetween: { meterValues: [1003.5, 1007.25] },
    ConsumedEnergy: 11.0,
    SignedMeteringValues: [signed('Start'), signed('End')],
  });
  return newEvent(CdrReceivedV1, {
    sessionId, origin: 'pushed', providerId: 'DE-EMP', operatorId: 'DE*SIM', receivedAt: time.toISOString(),
    processId: `process-${number}`, page: null, contractRef: 'con-0001', sealedRecord: vault.seal(text),
  }, { time });
}
