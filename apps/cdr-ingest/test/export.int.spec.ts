import { get as httpGet, type IncomingMessage } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { conditionsOf, type CdrSelection } from '../src/cdrs/cdr-selection.ts';
import { generateCdrs } from '../src/bench/generate-cdrs.ts';
import { beginExport, readExport } from '../src/export/export-store.ts';
import { exportedText } from '../src/export/export-stream.ts';
import { readCdrIngestConfig, startCdrIngest } from '../src/index.ts';
import { createLog, type RunningService } from '@emp/service-kit';
import { eventually, FakeClock, testDatabase, type TestDatabase } from '@emp/testing';
import { RECEIVED_AT, VAULT_KEYS, VAULT_PEPPER } from './builders.ts';

const ROWS = 100_000;
let own: TestDatabase;
let log: TestDatabase;
let service: RunningService;
const clock = new FakeClock(RECEIVED_AT);

const startService = (): Promise<RunningService> => startCdrIngest(readCdrIngestConfig({
  DATABASE_URL: own.url, BROKER_URL: log.url, HBS_URL: 'http://127.0.0.1:9/api/oicp', PROVIDERS: 'DE-EMP:online', PORT: '0',
  VAULT_KEYS, VAULT_PEPPER, RECONCILE_EVERY_SECONDS: '0', RECONCILE_SWEEP_EVERY_HOURS: '0', MISSING_RECORDS_EVERY_SECONDS: '0',
  PROOF_EVERY_SECONDS: '0', METERING_THREADS: '0',
}), { clock, log: createLog('test', 'silent') });

beforeAll(async () => {
  [own, log] = await Promise.all([testDatabase(), testDatabase()]);
  service = await startService();
  await generateCdrs(own.database, ROWS);
}, 120_000);
afterAll(async () => {
  await service.stop();
  await Promise.all([own.close(), log.close()]);
});

/** What the exporting connections are at. */
const exporting = (): Promise<{ state: string; wait: string | null; quiet: boolean }[]> => own.database.query(
  `SELECT state, wait_event_type AS wait, now() - state_change > interval '400 ms' AS quiet FROM pg_stat_activity
   WHERE datname = current_database() AND query LIKE 'SELECT id, %json%' AND application_name = 'cdr-ingest'`,
);

describe('an export of 100 000 records', () => {
  it('holds only some thousand in memory', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    await beginExport(own.database, { id: 'memory', format: 'ndjson', selection: {} }, clock.now());
    const order = { id: 'memory', format: 'ndjson', selection: {}, signal: new AbortController().signal } as const;
    let [characters, chunks, most, least] = [0, 0, 0, Infinity];
    for await (const text of exportedText({ database: own.database, clock }, order)) {
      characters += text.length;
      chunks += 1;
      if (chunks % 5 !== 0) continue;
      gc();
      const { heapUsed } = process.memoryUsage();
      [most, least] = [Math.max(most, heapUsed), Math.min(least, heapUsed)];
    }
    expect(characters).toBeGreaterThan(50_000_000);
    expect(most - least).toBeLessThan(15_000_000);
    expect(await readExport(own.database, 'memory')).toMatchObject({ state: 'done', rows: ROWS });
  }, 120_000);

  it('brings every selected record once, newest first', async () => {
    const text = await (await fetch(`${service.url}/v1/cdrs/export?state=quarantined&format=ndjson`)).text();
    const numbers = text.trim().split('\n').map((line) => Number((JSON.parse(line) as { sessionId: string }).sessionId.slice(8)));
    expect(numbers).toHaveLength(Math.floor(ROWS / 997));
    expect(numbers).toEqual([...numbers].sort((one, other) => other - one));
  });

  it('waits for a reader who is slow, and ends when the reader goes', async () => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      httpGet(`${service.url}/v1/cdrs/export?format=ndjson`, resolve).on('error', reject);
    });
    answer.pause();
    const id = String(answer.headers['x-export-id']);
    await eventually(async () => {
      expect(await exporting()).toMatchObject([{ state: 'idle', quiet: true }]);
      return true;
    }, { what: 'the export waiting for its reader', withinMs: 20_000 });
    expect(await readExport(own.database, id)).toMatchObject({ state: 'running' });
    answer.destroy();
    const ended = await eventually(async () => {
      const run = await readExport(own.database, id);
      return run?.state === 'running' ? undefined : run;
    });
    expect(ended).toMatchObject({ state: 'aborted' });
    expect(ended?.rows).toBeLessThan(ROWS / 2);
  }, 60_000);

  it('does not keep the service from stopping', async () => {
    const other = await startService();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      httpGet(`${other.url}/v1/cdrs/export?format=ndjson`, resolve).on('error', reject);
    });
    answer.pause();
    answer.on('error', () => undefined);
    await other.stop();
    expect(await readExport(own.database, String(answer.headers['x-export-id']))).toMatchObject({ state: 'aborted' });
  }, 60_000);

  it('stops its statement when the reader goes, however long that would still take', async () => {
    await own.database.transaction(async (tx) => {
      await tx.query('LOCK TABLE cdr IN ACCESS EXCLUSIVE MODE');
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        httpGet(`${service.url}/v1/cdrs/export`, resolve).on('error', reject);
      });
      await eventually(async () => (await exporting()).some(({ wait }) => wait === 'Lock'));
      answer.destroy();
      await eventually(async () => (await exporting()).every(({ wait }) => wait !== 'Lock'));
      const id = String(answer.headers['x-export-id']);
      expect(await eventually(async () => {
        const run = await readExport(own.database, id);
        return run?.state === 'running' ? undefined : run;
      })).toMatchObject({ state: 'aborted', rows: 0 });
    });
  }, 60_000);
});

describe('no search reads the whole table', () => {
  const selections: readonly CdrSelection[] = [
    { session: 'session-17' }, { cpoPartnerSession: 'cpo-17' }, { empPartnerSession: 'none' }, { process: 'process-17' }, { contract: 'con-17' },
    { evse: 'DE*SIM*E17*1' }, { operator: 'DE*O17' }, { provider: 'FR-XXX' }, { state: 'quarantined' }, { state: 'rejected' },
    { finding: 'energy-identity' }, { finding: 'never-seen' }, { verdict: 'invalid' }, { fingerprint: 'fingerprint-17' }, { id: 'cpo-17' },
    { startedFrom: new Date('2026-02-01T00:00:00Z'), startedTo: new Date('2026-02-01T01:00:00Z') },
    { from: new Date('2026-02-01T00:00:00Z'), to: new Date('2026-02-01T01:00:00Z') },
    { contract: 'con-17', state: 'accepted', from: new Date('2026-02-01T00:00:00Z') },
  ];
  it.each(selections.map((selection) => [JSON.stringify(selection), selection] as const))('%s', async (_name, selection) => {
    const { where, values } = conditionsOf(selection);
    const rows = await own.database.query<Record<string, [{ Plan: PlanNode }]>>(
      `EXPLAIN (ANALYZE, FORMAT JSON) SELECT id FROM cdr ${where} ORDER BY id DESC LIMIT 51`, values,
    );
    const plan = Object.values(rows[0] ?? {})[0]?.[0].Plan;
    const touched = plan ? nodesOf(plan).filter((node) => node['Relation Name'] === 'cdr')
      .map((node) => Number(node['Actual Rows']) + Number(node['Rows Removed by Filter'] ?? 0) + Number(node['Rows Removed by Index Recheck'] ?? 0)) : [Infinity];
    expect(Math.max(0, ...touched)).toBeLessThan(ROWS / 5);
  });
});

interface PlanNode extends Record<string, unknown> {
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
