import { newEvent, CdrReceivedV1, type EmpEvent } from '@emp/events';
import { decodeEvent, encodeEvent, openBroker, type Broker } from '@emp/messaging';
import { createLog, type RunningService } from '@emp/service-kit';
import { eventually, FakeClock, testDatabase, type TestDatabase } from '@emp/testing';
import { readCdrIngestConfig, startCdrIngest } from '../src/index.ts';
import {
  byCard, cardRegistered, cdr, FOREIGN_UID, OUR_UID, received, RECEIVED_AT, sessionId, VAULT_KEYS, VAULT_PEPPER,
} from './builders.ts';
import { FakeHbs } from './fake-hbs.ts';

let own: TestDatabase;
let log: TestDatabase;
let hbs: FakeHbs;
let broker: Broker;
let service: RunningService;
const silent = createLog('test', 'silent');
const clock = new FakeClock(RECEIVED_AT);

const start = (): Promise<RunningService> => startCdrIngest(readCdrIngestConfig({
  DATABASE_URL: own.url, BROKER_URL: log.url, HBS_URL: hbs.baseUrl, PROVIDERS: 'DE-EMP:online,DE-OFL:offline', PORT: '0',
  VAULT_KEYS, VAULT_PEPPER, RECONCILE_EVERY_SECONDS: '0', RECONCILE_LOOK_BACK_DAYS: '2', RECONCILE_PAGE_SIZE: '2', METERING_THREADS: '0',
  RECONCILE_SWEEP_EVERY_HOURS: '0',
}), { clock, log: silent });

beforeAll(async () => {
  [own, log, hbs] = await Promise.all([testDatabase(), testDatabase(), FakeHbs.start()]);
  broker = await openBroker({ kind: 'postgres', address: log.url, clientId: 'test', log: silent });
  await broker.ensureTopics();
  service = await start();
});
afterAll(async () => {
  await service.stop();
  await broker.close();
  await hbs.close();
  await Promise.all([own.close(), log.close()]);
});

const publish = (...events: readonly EmpEvent[]): Promise<void> => broker.publish(events.map((event) => encodeEvent(event, 'gateway')));

async function get<T = Record<string, unknown>>(path: string, status = 200): Promise<T> {
  const answer = await fetch(`${service.url}${path}`);
  expect([answer.status, path]).toEqual([status, path]);
  return await answer.json() as T;
}

async function decisions(session: string): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const delivered of broker.read('emp.cdr.v1')) {
    const event = decodeEvent(delivered);
    if (event.ok && event.value.key === session) types.push(event.value.type);
  }
  return types;
}

const stateOf = (session: string, state: string): Promise<Record<string, unknown>> => eventually(async () => {
  const answer = await fetch(`${service.url}/v1/cdrs/${session}`);
  const found = await answer.json() as Record<string, unknown>;
  return found['state'] === state ? found : undefined;
}, { what: `session ${session} ${state}`, withinMs: 20_000 });

describe('cdr-ingest on the event log', () => {
  it('takes pushed records, shows them and tells what it decided, once', async () => {
    const push = received(cdr(1));
    await publish(push, received(cdr(1)), received(cdr(2, { ConsumedEnergy: 20 })), push);
    await stateOf(sessionId(1), 'accepted');
    const quarantined = await stateOf(sessionId(2), 'quarantined');
    expect(quarantined).toMatchObject({
      findings: [
        { code: 'energy-identity', severity: 'error', source: 'OICP §8.3', pointer: '/ConsumedEnergy', numbers: { differenceKwh: '9' } },
        { code: 'overlap-evse', severity: 'warning', numbers: { sessionId: sessionId(1), overlapSeconds: '4020' } },
        { code: 'overlap-card', severity: 'warning' },
      ],
    });
    await eventually(async () => (await decisions(sessionId(2))).length > 0);
    expect(await decisions(sessionId(1))).toEqual(['CdrAccepted']);
    expect(await decisions(sessionId(2))).toEqual(['CdrQuarantined']);
  });

  it('shows a record with its versions and without a card number', async () => {
    await publish(received(cdr(3)), received(cdr(3, byCard(FOREIGN_UID)), { origin: 'pulled', page: 'a/b#0' }));
    const text = JSON.stringify(await eventually(async () => {
      const found = await stateOf(sessionId(3), 'accepted');
      return (found['versions'] as unknown[]).length === 2 ? found : undefined;
    }));
    expect(JSON.parse(text)).toMatchObject({
      sessionId: sessionId(3), version: 1, contractRef: 'con-0001', matchedBy: 'session', identification: 'rfid', energyKwh: '11',
      versions: [
        { version: 1, state: 'accepted', origin: 'pushed' },
        { version: 2, state: 'conflict', origin: 'pulled', page: 'a/b#0', differingMembers: ['/Identification/RFIDMifareFamilyIdentification/UID'] },
      ],
    });
    for (const secret of [OUR_UID, FOREIGN_UID]) expect(text).not.toContain(secret);
  });

  it('frees a quarantined record by itself when its card is registered later', async () => {
    await publish(received(cdr(4, byCard(FOREIGN_UID)), { contractRef: null }));
    await stateOf(sessionId(4), 'quarantined');
    await publish(cardRegistered(FOREIGN_UID, 'con-0009'));
    expect(await stateOf(sessionId(4), 'accepted')).toMatchObject({ contractRef: 'con-0009', matchedBy: 'identification' });
    await eventually(async () => (await decisions(sessionId(4))).length === 2);
    expect(await decisions(sessionId(4))).toEqual(['CdrQuarantined', 'CdrAccepted']);
  });

  it('pulls when asked, through the same door, and tells how it went', async () => {
    hbs.keep(cdr(1), cdr(5), cdr(6));
    const answer = await fetch(`${service.url}/v1/reconciliations?wait=true`, { method: 'POST' });
    const run = await answer.json() as { reconciliationId: string };
    expect(answer.status).toBe(200);
    expect(run).toMatchObject({
      trigger: 'request',
      pulls: [
        { providerId: 'DE-EMP', state: 'done', records: 3, newRecords: 2, knownRecords: 1, watermark: '2026-05-01T09:06:00.000Z' },
        { providerId: 'DE-OFL', state: 'done' },
      ],
    });
    await eventually(async () => (await get<{ received: number }>('/v1/summary')).received >= 7);
    expect(await get(`/v1/cdrs/${sessionId(6)}`)).toMatchObject({ versions: [{ origin: 'pulled', page: '2026-04-29T09:06:00Z/2026-05-01T09:06:00Z#1' }] });
    expect(await get('/v1/reconciliations')).toMatchObject({ reconciliations: [run] });
    expect(await get(`/v1/reconciliations/${run.reconciliationId}`)).toEqual(run);
  });

  it('answers 202 with the id of a run, and joins the one under way; who waits gets a fresh one', async () => {
    let release = (): void => undefined;
    const held = new Promise<'answer'>((resolve) => { release = () => resolve('answer'); });
    hbs.before = () => held;
    const ask = async (): Promise<unknown> => {
      const answer = await fetch(`${service.url}/v1/reconciliations`, { method: 'POST' });
      expect(answer.status).toBe(202);
      return (await answer.json() as { reconciliationId: string }).reconciliationId;
    };
    const id = await ask();
    expect(await ask()).toBe(id);
    expect(await get(`/v1/reconciliations/${String(id)}`)).toMatchObject({ pulls: [{ state: 'running' }] });
    const fresh = fetch(`${service.url}/v1/reconciliations?wait=true`, { method: 'POST' });
    release();
    expect((await (await fresh).json() as { reconciliationId: string }).reconciliationId).not.toBe(id);
    await eventually(async () => (await get<{ pulls: { state: string }[] }>(`/v1/reconciliations/${String(id)}`)).pulls.every(({ state }) => state === 'done'));
  });

  it('says so when another replica is pulling', async () => {
    await own.database.lock('job:cdr-ingest.reconcile-cdrs', async () => {
      const answer = await fetch(`${service.url}/v1/reconciliations`, { method: 'POST' });
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ type: 'urn:emp:problem:reconciliation-running' });
    });
  });

  it('lists records page by page, newest first, by state and time of receipt', async () => {
    type Page = { cdrs: { id: string; sessionId: string; state: string }[]; nextCursor: string | null };
    const all = await get<Page>('/v1/cdrs?limit=500');
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = await get<Page>(`/v1/cdrs?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      walked.push(...page.cdrs.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(walked).toEqual(all.cdrs.map(({ id }) => id));
    expect(walked).toEqual([...walked].sort().reverse());
    expect((await get<Page>('/v1/cdrs?state=conflict')).cdrs).toMatchObject([{ sessionId: sessionId(3), state: 'conflict' }]);
    expect((await get<Page>('/v1/cdrs?from=2026-05-01T11:06:00.001%2B02:00')).cdrs).toEqual([]);
    expect((await get<Page>('/v1/cdrs?to=2026-05-01T09:06:00.001Z')).cdrs).toHaveLength(all.cdrs.length);
  });

  it('sums up', async () => {
    const summary = await get<Record<string, unknown>>('/v1/summary');
    expect(summary).toMatchObject({ received: 7, accepted: 3, quarantined: 3, conflicts: 1, rejected: 0, energyKwh: '33' });
    expect(summary['quarantine']).toEqual({
      open: 4, oldestOpenedAt: RECEIVED_AT.toISOString(), oldestSeconds: 0, byAge: { 'under-1h': 4 },
      byCode: { 'contract-unknown': 2, 'energy-identity': 1, 'other-content': 1 },
    });
  });

  it.each([
    ['/v1/cdrs?limit=0', 400, 'query-malformed'], ['/v1/cdrs?from=yesterday', 400, 'query-malformed'],
    ['/v1/cdrs?state=lost', 400, 'query-malformed'], ['/v1/cdrs/nobody', 404, 'cdr-unknown'],
    ['/v1/reconciliations/nobody', 404, 'reconciliation-unknown'],
  ])('refuses %s with %i %s', async (path, status, slug) => {
    expect(await get(path, status)).toMatchObject({ type: `urn:emp:problem:${slug}`, status });
  });

  it('tells what travels in the event log', async () => {
    const answer = await fetch(`${service.url}/asyncapi.json`);
    expect(await answer.json()).toMatchObject({ asyncapi: '3.0.0', channels: { 'emp.cdr.v1': { address: 'emp.cdr.v1' } } });
  });

  it('measures outcomes, lag and the size of the quarantine', async () => {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    expect(text).toMatch(/emp_cdr_records_total\{[^}]*outcome="repeat"[^}]*\} [1-9]/);
    expect(text).toMatch(/emp_cdr_findings_total\{[^}]*code="energy-identity"[^}]*\} [1-9]/);
    expect(text).toMatch(/emp_cdr_signed_metering_total\{[^}]*verdict="absent"[^}]*\} [1-9]/);
    expect(text).toMatch(/emp_cdr_lag_seconds_bucket\{[^}]*origin="pushed"[^}]*le="60"[^}]*\} [1-9]/);
    expect(text).toMatch(/emp_cdr_quarantine_size(\{[^}]*\})? 3/);
  });

  it('goes on where it stopped after a restart', async () => {
    await service.stop();
    await publish(received(cdr(8)), newEvent(CdrReceivedV1, received(cdr(1)).data, { time: RECEIVED_AT }));
    service = await start();
    await stateOf(sessionId(8), 'accepted');
    await eventually(async () => (await decisions(sessionId(8))).length === 1);
    expect(await decisions(sessionId(1))).toEqual(['CdrAccepted']);
  });
});
