import {
  ChargeRatedV1, ChargingNotifiedV1, newEvent, SessionAuthorizedV1, SessionRecordMissingV1, type EmpEvent,
} from '@emp/events';
import { encodeEvent, openBroker, type Broker } from '@emp/messaging';
import { createLog, type RunningService } from '@emp/service-kit';
import { eventually, FakeClock, testDatabase, type TestDatabase } from '@emp/testing';
import { readCdrIngestConfig, startCdrIngest } from '../src/index.ts';
import { byCard, cardRegistered, cdr, FOREIGN_UID, OUR_UID, received, RECEIVED_AT, sessionId, VAULT_KEYS, VAULT_PEPPER } from './builders.ts';
import { FakeHbs } from './fake-hbs.ts';

let own: TestDatabase;
let log: TestDatabase;
let hbs: FakeHbs;
let broker: Broker;
let service: RunningService;
const silent = createLog('test', 'silent');
const clock = new FakeClock(RECEIVED_AT);

beforeAll(async () => {
  [own, log, hbs] = await Promise.all([testDatabase(), testDatabase(), FakeHbs.start()]);
  broker = await openBroker({ kind: 'postgres', address: log.url, clientId: 'test', log: silent });
  await broker.ensureTopics();
  service = await startCdrIngest(readCdrIngestConfig({
    DATABASE_URL: own.url, BROKER_URL: log.url, HBS_URL: hbs.baseUrl, PROVIDERS: 'DE-EMP:online,DE-OFL:offline', PORT: '0',
    VAULT_KEYS, VAULT_PEPPER, RECONCILE_EVERY_SECONDS: '0', RECONCILE_LOOK_BACK_DAYS: '2', RECONCILE_SWEEP_EVERY_HOURS: '0',
    MISSING_RECORDS_EVERY_SECONDS: '1', PROOF_EVERY_SECONDS: '0', METERING_THREADS: '0',
  }), { clock, log: silent });
});
afterAll(async () => {
  await service.stop();
  await broker.close();
  await hbs.close();
  await Promise.all([own.close(), log.close()]);
});

const publish = (...events: readonly EmpEvent[]): Promise<void> => broker.publish(events.map((event) => encodeEvent(event, 'test')));

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const body = init.body === undefined ? {} : { headers: { 'content-type': 'application/json' } };
  return fetch(`${service.url}${path}`, { ...body, ...init });
}
async function get<T = Record<string, unknown>>(path: string, status = 200): Promise<T> {
  const answer = await ask(path);
  expect([answer.status, path]).toEqual([status, path]);
  return await answer.json() as T;
}

const at = { time: RECEIVED_AT };
const authorized = (number: number): EmpEvent => newEvent(SessionAuthorizedV1, {
  ...SessionAuthorizedV1.samples[0], sessionId: sessionId(number), authorizedAt: '2026-05-01T07:57:00.000Z',
}, at);
const notified = (number: number): EmpEvent => newEvent(ChargingNotifiedV1, {
  sessionId: sessionId(number), evseId: 'DE*SIM*E0001*1', kind: 'started', occurredAt: '2026-05-01T10:00:00+02:00',
  receivedAt: '2026-05-01T08:00:02.000Z', energyKwh: null, errorType: null,
}, at);
const rated = (number: number, energyKwh = '11'): EmpEvent => newEvent(ChargeRatedV1, {
  ...ChargeRatedV1.samples[0], sessionId: sessionId(number), chargeId: `chg-${number}`, energyKwh,
}, { time: new Date('2026-05-01T09:06:05.000Z') });
const missing = (number: number): EmpEvent => newEvent(SessionRecordMissingV1, {
  ...SessionRecordMissingV1.samples[0], sessionId: sessionId(number),
}, at);

type Missing = { missingRecords: { sessionId: string; state: string; attempts: number; lastOutcome: string | null; settledBy: string | null }[] };
const missingNow = async (number: number): Promise<Missing['missingRecords'][number] | undefined> =>
  (await get<Missing>('/v1/missing-records')).missingRecords.find((one) => one.sessionId === sessionId(number));

type Proof = { proof: { totals: Record<string, unknown>; operators: unknown[]; reasons: object; differences: { sessionId: string; reasons: string[] }[] }; closed: unknown };
const DAY = '/v1/proofs/2026-05-01';

/** 1 as it should be, 2 not billed, 3 never came, 4 billed without a record, 5 only pulled, unknown to us, with an unknown card. */
beforeAll(async () => {
  await publish(
    authorized(1), notified(1), authorized(2), authorized(3),
    received(cdr(1), { processId: 'proc-1' }), received(cdr(2, { CPOPartnerSessionID: 'cpo-2', EMPPartnerSessionID: '=emp(2)' })), rated(1), rated(4),
  );
  hbs.keep(cdr(1), cdr(2, { CPOPartnerSessionID: 'cpo-2', EMPPartnerSessionID: '=emp(2)' }), cdr(5, byCard(FOREIGN_UID)));
  await eventually(async () => (await get<{ received: number }>('/v1/summary')).received === 2, { withinMs: 30_000 });
  expect((await ask('/v1/reconciliations?wait=true', { method: 'POST' })).status).toBe(200);
  await eventually(async () => (await get<{ received: number }>('/v1/summary')).received === 3, { withinMs: 30_000 });
  await eventually(async () => (await get<Proof>(DAY)).proof.totals['sessions'] === 5, { withinMs: 30_000 });
}, 120_000);

describe('sessions whose record is missing', () => {
  it('are asked for by SessionID, again after a pause, until the record has come', async () => {
    await publish(missing(3), missing(1));
    expect(await eventually(async () => {
      const found = await missingNow(3);
      return found?.attempts === 1 ? found : undefined;
    })).toMatchObject({ state: 'asking', lastOutcome: 'not-there' });
    expect(hbs.asked.at(-1)).toMatchObject({ providerId: 'DE-EMP', sessionIds: [sessionId(3)] });
    expect(await missingNow(1)).toMatchObject({ state: 'settled', attempts: 0, settledBy: 'pushed' });

    hbs.keep(cdr(3));
    clock.advance({ hours: 1 });
    await eventually(async () => (await missingNow(3))?.state === 'settled', { withinMs: 10_000 });
    expect(await missingNow(3)).toMatchObject({ settledBy: 'pulled' });
    expect((await get<Missing>('/v1/missing-records?state=asking')).missingRecords).toEqual([]);
    expect(await get('/v1/summary')).toMatchObject({ missingRecords: { asking: 0, givenUp: 0, settled: 2 } });
  });
});

describe('the proof of a day', () => {
  it('tells what became of every session, and lists what does not fit', async () => {
    const { proof } = await eventually(async () => {
      const found = await get<Proof>(DAY);
      return found.proof.totals['stored'] === 4 ? found : undefined;
    });
    expect(proof.totals).toMatchObject({
      sessions: 5, authorized: 3, pushed: 2, pulled: 4, pulledNeverPushed: 2, stored: 4, accepted: 3, quarantined: 1, billed: 2,
      acceptedKwh: '33', states: { 'billed': 1, 'accepted-not-billed': 2, 'quarantined': 1, 'billed-without-record': 1, 'without-record': 0 },
    });
    expect(Object.fromEntries(proof.differences.map((one) => [one.sessionId.slice(-1), one.reasons]))).toEqual({
      2: ['accepted-not-billed'], 3: ['accepted-not-billed', 'pulled-never-pushed'], 4: ['billed-without-record'],
      5: ['record-without-session', 'quarantined', 'pulled-never-pushed'],
    });
  });

  it('narrows to an operator, and belongs to the zone that is asked for', async () => {
    const { proof } = await get<Proof>(`${DAY}?operator=${encodeURIComponent('DE*SIM')}&provider=DE-EMP`);
    expect(proof.totals['sessions']).toBe(3);
    expect((await get<Proof>(`${DAY}?operator=desim&provider=de*emp`)).proof.totals['sessions']).toBe(3);
    expect((await get<Proof>(`${DAY}?zone=Pacific/Auckland`)).proof.totals['sessions']).toBe(5);
    expect((await get<Proof>('/v1/proofs/2026-05-02?zone=Pacific/Kiritimati')).proof.totals['sessions']).toBe(0);
    expect((await get<Proof>('/v1/proofs/2026-04-30?zone=Pacific/Pago_Pago')).proof.totals['sessions']).toBe(5);
  });

  it('counts an operator once, however its id was written', async () => {
    for (const [number, operatorId] of [[71, 'DE*SIM'], [72, 'de*sim'], [73, 'DESIM']] as const) {
      await publish(newEvent(SessionAuthorizedV1, {
        ...SessionAuthorizedV1.samples[0], sessionId: sessionId(number), operatorId, authorizedAt: '2026-06-02T07:57:00.000Z',
      }, at));
    }
    const { proof: { operators } } = await eventually(async () => {
      const found = await get<Proof>('/v1/proofs/2026-06-02');
      return found.proof.totals['sessions'] === 3 ? found : undefined;
    });
    expect(operators).toMatchObject([{ operatorId: 'DE*SIM', totals: { sessions: 3 } }]);
  });

  it('is a page for a person, complete in itself, in which nothing that came from elsewhere is markup', async () => {
    await publish(newEvent(SessionAuthorizedV1, {
      ...SessionAuthorizedV1.samples[0], sessionId: '<script>alert(1)</script>', operatorId: 'DE*<b>', authorizedAt: '2026-06-01T07:57:00.000Z',
    }, at));
    const page = await eventually(async () => {
      const text = await (await ask('/v1/proofs/2026-06-01.html')).text();
      return text.includes('alert') ? text : undefined;
    });
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/<script|<b>|src=|href=/);
    expect(page).toMatch(/@media print/);
    const asked = await ask(DAY, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect([asked.headers.get('content-type'), (await asked.text()).startsWith('<!doctype html>')]).toEqual(['text/html; charset=utf-8', true]);
  });

  it.each([['/v1/proofs/2026-02-30', 'day-malformed'], [`${DAY}?zone=Mars`, 'query-malformed'], ['/v1/cdrs?evze=DE*SIM*E1', 'query-malformed']])('refuses %s as %s', async (path, slug) => {
    expect(await get(path, 400)).toMatchObject({ type: `urn:emp:problem:${slug}` });
  });
});

describe('the story of a session', () => {
  it('goes from the tap to the invoice, in order', async () => {
    const { moments } = await get<{ moments: { at: string; what: string; facts: Record<string, unknown> }[] }>(`/v1/cdrs/${sessionId(1).toUpperCase()}/story`);
    expect(moments.map(({ what }) => what)).toEqual([
      'authorized', 'charging-started', 'record-received', 'record-listed', 'record-checked', 'record-accepted', 'record-settled', 'charge-rated', 'record-missing',
    ]);
    expect(moments[2]?.facts).toMatchObject({ origin: 'pushed', processId: 'proc-1' });
    expect(moments.at(-2)?.facts).toMatchObject({ chargeId: 'chg-1', invoiceDraftId: 'drf-0001', gross: '6.83' });
    expect(JSON.stringify(moments)).not.toContain(OUR_UID);
    expect(await get('/v1/cdrs/nobody/story', 404)).toMatchObject({ title: 'session-unknown' });
  });
});

type Page = { cdrs: { sessionId: string }[]; nextCursor: string | null };
const found = async (query: string): Promise<readonly string[]> => (await get<Page>(`/v1/cdrs?${query}`)).cdrs.map((one) => one.sessionId.slice(-1)).sort();

describe('records are found', () => {
  it.each([
    [`session=${sessionId(2).toUpperCase()}`, ['2']], ['cpoPartnerSession=cpo-2', ['2']], [`empPartnerSession=${encodeURIComponent('=emp(2)')}`, ['2']],
    ['process=proc-1', ['1']], ['contract=con-0001', ['1', '2', '3']], ['evse=desime00011', ['1', '2', '3', '5']],
    ['operator=DE*SIM', ['1', '2']], ['operator=de-sim', ['1', '2']], ['provider=deemp&origin=pulled', ['3', '5']], ['provider=DE-EMP&origin=pulled', ['3', '5']], ['state=quarantined', ['5']], ['finding=contract-unknown', ['5']],
    ['verdict=absent', ['1', '2', '3', '5']], ['verdict=valid', []], ['id=cpo-2', ['2']], ['id=proc-1', ['1']], [`id=${sessionId(5)}`, ['5']],
    ['id=DE*SIM*E0001*1', ['1', '2', '3', '5']], ['startedFrom=2026-05-01T09:58:00%2B02:00&state=accepted', ['1', '2', '3']],
    ['startedTo=2026-05-01T07:58:00Z', []],
  ])('by %s', async (query, sessions) => {
    expect(await found(query)).toEqual(sessions);
  });

  it('by the number of a card, which stands in no URL and in no answer', async () => {
    const search = async (body: object, status = 200): Promise<Page & { title?: string; detail?: string }> => {
      const answer = await ask('/v1/cdrs/search', { method: 'POST', body: JSON.stringify(body) });
      expect(answer.status).toBe(status);
      return await answer.json() as Page;
    };
    const ours = await search({ uid: '04:a2:b3:c4:d5:e6:80', state: 'accepted' });
    expect(ours.cdrs.map((one) => one.sessionId.slice(-1)).sort()).toEqual(['1', '2', '3']);
    expect(JSON.stringify(ours)).not.toContain(OUR_UID);
    expect((await search({ uid: FOREIGN_UID })).cdrs).toHaveLength(1);
    const refused = await search({ uid: 'no-card-4711' }, 400);
    expect(refused.title).toBe('identification-malformed');
    expect(refused.detail).not.toContain('4711');
    expect((await search({ card: 'x' }, 400)).title).toBe('body-malformed');
  });

  it('page by page, without a gap while new ones come', async () => {
    const walked: string[] = [];
    for (let cursor = ''; ;) {
      const page = await get<Page>(`/v1/cdrs?limit=1${cursor && `&cursor=${cursor}`}`);
      walked.push(...page.cdrs.map((one) => one.sessionId.slice(-1)));
      if (page.nextCursor === null) break;
      if (!cursor) await publish(received(cdr(6), { contractRef: null }), cardRegistered(OUR_UID, 'con-0001'));
      cursor = page.nextCursor;
    }
    expect([...walked].sort()).toEqual(['1', '2', '3', '5']);
    await eventually(async () => (await found('')).includes('6'));
  });
});

describe('an export', () => {
  it('is CSV in which nothing calculates, with its progress', async () => {
    const answer = await ask('/v1/cdrs/export?format=csv&session=' + sessionId(2));
    const [head, line] = (await answer.text()).split('\r\n');
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(head).toMatch(/^sessionId,version,state,/);
    expect(line).toMatch(new RegExp(`^${sessionId(2)},1,accepted,DE-EMP,DE\\*SIM,DE\\*SIM\\*E0001\\*1,con-0001,rfid,DC,`));
    expect(line).toContain(",'=emp(2),");
    const run = await eventually(async () => {
      const one = await get(`/v1/exports/${answer.headers.get('x-export-id')}`);
      return one['state'] === 'running' ? undefined : one;
    });
    expect(run).toMatchObject({ state: 'done', rows: 1, format: 'csv', selection: { session: sessionId(2) }, error: null });
  });

  it('is NDJSON, too, also by the number of a card, which is not noted', async () => {
    const answer = await ask('/v1/cdrs/export', { method: 'POST', body: JSON.stringify({ format: 'ndjson', uid: FOREIGN_UID }) });
    const lines = (await answer.text()).trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([{ sessionId: sessionId(5), version: 1, state: 'quarantined', contractRef: null, identification: 'rfid', findings: expect.arrayContaining(['contract-unknown']) }]);
    const run = await get(`/v1/exports/${answer.headers.get('x-export-id')}`);
    expect(run['selection']).toEqual({ identification: 'uid' });
    expect(JSON.stringify([lines, run])).not.toContain(FOREIGN_UID);
    expect(await get('/v1/cdrs/export?format=xml', 400)).toMatchObject({ title: 'query-malformed' });
    expect(await get('/v1/exports/nobody', 404)).toMatchObject({ title: 'export-unknown' });
  });
});

describe('a pull by hand', () => {
  const order = async (body: object, status: number): Promise<Record<string, unknown>> => {
    const answer = await ask('/v1/reconciliations?wait=true', { method: 'POST', body: JSON.stringify(body) });
    expect(answer.status).toBe(status);
    return await answer.json() as Record<string, unknown>;
  };

  it('is of a window, of a provider, of sessions, or a sweep', async () => {
    expect(await order({ from: '2026-05-01T00:00:00Z', to: '2026-05-01T06:00:00Z', providerId: 'DE*OFL' }, 200)).toMatchObject({
      kind: 'window', pulls: [{ providerId: 'DE-OFL', state: 'done', window: { from: '2026-05-01T00:00:00.000Z' } }],
    });
    expect(await order({ sessionIds: [sessionId(1)] }, 200)).toMatchObject({ kind: 'sessions', pulls: [{ records: 1 }, {}] });
    expect(await order({ kind: 'sweep' }, 200)).toMatchObject({ kind: 'sweep', pulls: [{ steps: expect.arrayContaining([expect.objectContaining({ selection: 'not-forwarded', state: 'complete' })]) }, {}] });
    expect(await get('/v1/reconciliations?kind=sweep')).toMatchObject({ reconciliations: [{ kind: 'sweep' }] });
    expect(await get('/v1/summary')).toMatchObject({ lastSweep: { state: 'done' } });
  });

  it.each([
    [{ from: '2026-05-01T00:00:00Z' }, 'pull-contradictory'], [{ kind: 'sweep', sessionIds: ['x'] }, 'pull-contradictory'],
    [{ providerId: 'FR-XXX' }, 'provider-unknown'], [{ sessionIds: [] }, 'body-malformed'], [{ windows: 1 }, 'body-malformed'],
  ])('refuses %j as %s', async (body, slug) => {
    expect(await order(body, 400)).toMatchObject({ title: slug });
  });
});

it('measures what is missing', async () => {
  const text = await (await ask('/metrics')).text();
  expect(text).toMatch(/emp_cdr_missing_records\{[^}]*state="asking"[^}]*\} 0/);
  expect(text).toMatch(/emp_cdr_watermark_age_seconds\{[^}]*provider="DE-EMP"[^}]*\} \d+/);
});
