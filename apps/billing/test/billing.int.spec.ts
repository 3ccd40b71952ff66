import { newEvent, CdrAcceptedV1, type EmpEvent } from '@emp/events';
import { encodeEvent, openBroker, type Broker } from '@emp/messaging';
import { createLog, type RunningService } from '@emp/service-kit';
import { eventually, testDatabase, type TestDatabase } from '@emp/testing';
import { readBillingConfig, startBilling } from '../src/index.ts';
import { anAcceptedCdr, cdrAccepted, contractRegistered, evseRecorded, priceListed, standardPlan } from './builders.ts';

const log = createLog('test', 'silent');

describe('billing, with the event log and HTTP', () => {
  let own: TestDatabase;
  let eventLog: TestDatabase;
  let broker: Broker;
  let services: RunningService[] = [];

  beforeAll(async () => {
    own = await testDatabase();
    eventLog = await testDatabase();
    broker = await openBroker({ kind: 'postgres', address: eventLog.url, clientId: 'test', log });
    await broker.ensureTopics();
    services = [await start(), await start()];
  });

  afterAll(async () => {
    for (const service of services) await service.stop();
    await broker.close();
    await eventLog.close();
    await own.close();
  });

  const start = () => startBilling(
    readBillingConfig({ DATABASE_URL: own.url, BROKER_URL: eventLog.url, PORT: '0', LOG_LEVEL: 'silent', DATABASE_CONNECTIONS: '6' }), { log });
  const publish = (...events: EmpEvent[]) => broker.publish(events.map((event) => encodeEvent(event, 'test')));

  async function call(method: string, path: string, body?: unknown): Promise<{ status: number; type: string | null; body: Record<string, unknown> }> {
    const response = await fetch(`${services[0]?.url}${path}`, {
      method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.json() as Record<string, unknown> };
  }
  const get = async (path: string) => (await call('GET', path)).body;

  it('takes a tariff plan, and the same again without a new version', async () => {
    expect(await call('PUT', '/v1/tariff-plans/standard', standardPlan())).toMatchObject({ status: 200, body: { version: 1, outcome: 'created' } });
    expect(await call('PUT', '/v1/tariff-plans/standard', standardPlan('0.4900'))).toMatchObject({ body: { version: 1, outcome: 'unchanged' } });
    expect(await get('/v1/tariff-plans')).toMatchObject({ tariffPlans: [{ id: 'standard', versions: [{ version: 1, validFrom: '1970-01-01T00:00:00.000Z' }] }] });
  });

  it.each([
    ['/elements/0/components/0/price', { currency: 'EUR', elements: [{ components: [{ type: 'ENERGY', price: 0.49 }] }] }],
    ['/elements/0/restrictions', { currency: 'EUR', elements: [{ components: [{ type: 'ENERGY', price: '1' }], restrictions: { startTime: '22:00' } }] }],
    ['/validFrom', { ...standardPlan(), validFrom: 'tomorrow' }],
    ['/validFrom', { ...standardPlan(), validFrom: '2027-01-01T00:00:00' }],
  ])('explains what is wrong with a plan: %s', async (pointer, plan) => {
    const answer = await call('PUT', '/v1/tariff-plans/broken', plan);
    expect(answer).toMatchObject({ status: 422, type: expect.stringMatching('application/problem\\+json') });
    expect(answer.body).toMatchObject({ type: 'urn:emp:problem:tariff-invalid', problems: [{ pointer }] });
  });

  it('refuses a version that would begin in the past, an id that is none, a page that is none', async () => {
    const past = { ...standardPlan('0.10'), validFrom: '2020-01-01T00:00:00Z' };
    expect(await call('PUT', '/v1/tariff-plans/standard', past)).toMatchObject({ status: 409, body: { title: 'version-in-the-past' } });
    expect(await call('PUT', '/v1/tariff-plans/not%20an%20id', standardPlan())).toMatchObject({ status: 422 });
    expect(await call('GET', '/v1/charges?limit=0')).toMatchObject({ status: 400, body: { title: 'page-invalid' } });
    expect(await call('GET', '/v1/charges?state=odd')).toMatchObject({ status: 400 });
    expect(await call('GET', '/v1/charges/never')).toMatchObject({ status: 404, body: { title: 'charge-unknown' } });
    expect(await call('GET', '/v1/invoice-drafts/never')).toMatchObject({ status: 404 });
  });

  it('turns events into charges: one per session over two replicas, in whatever order facts come', async () => {
    const sessions = Array.from({ length: 120 }, (_, i) => anAcceptedCdr({ sessionId: `s-${i}`, contractRef: `con-${i % 3}` }));
    const time = new Date();
    await publish(...sessions.map((data) => newEvent(CdrAcceptedV1, data, { time })));
    await publish(evseRecorded(), priceListed(), ...[0, 1, 2].map((i) => contractRegistered(`con-${i}`)));
    await publish(...sessions.map((data) => newEvent(CdrAcceptedV1, data, { time })));
    await eventually(async () => (await broker.lag()).every(({ behind }) => behind === 0) && (await get('/v1/summary'))['charges'] === 120, { withinMs: 20_000 });

    expect(await get('/v1/summary')).toMatchObject({ charges: 120, waiting: 0, revenue: { EUR: '646.80' }, energyKwh: '1320.000' });
    const published = await eventually(async () => {
      const events: string[] = [];
      for await (const { headers, payload } of broker.read('emp.billing.v1')) {
        if (headers['ce_type'] === 'ChargeRated') events.push((JSON.parse(payload) as { sessionId: string }).sessionId);
      }
      return events.length >= 120 ? events : undefined;
    });
    expect([...new Set(published)]).toHaveLength(120);
    expect(published).toHaveLength(120);
  });

  it('shows charges page by page, and drafts with their lines', async () => {
    const first = await get('/v1/charges?limit=100&state=rated');
    const second = await get(`/v1/charges?limit=100&state=rated&cursor=${String(first['nextCursor'])}`);
    expect([first, second].map((page) => (page['charges'] as unknown[]).length)).toEqual([100, 20]);
    expect(second['nextCursor']).toBeNull();

    const { invoiceDrafts } = await get('/v1/invoice-drafts?contractRef=con-1') as { invoiceDrafts: { id: string }[] };
    const draft = await get(`/v1/invoice-drafts/${invoiceDrafts[0]?.id}`);
    expect(draft).toMatchObject({ lineCount: 40, net: '215.60', vat: '40.96', gross: '256.56', month: '2026-05', taxCountry: 'DE' });
    expect(draft['lines']).toHaveLength(40);
    expect(await get('/v1/charges/s-1')).toMatchObject({ invoiceDraftId: invoiceDrafts[0]?.id, contractRef: 'con-1', breakdown: { net: '5.39' } });
  });

  it('is alive and ready, and goes on after a restart without charging again', async () => {
    const [first] = services;
    await first?.stop();
    services = [await start(), ...services.slice(1)];
    expect((await call('GET', '/health/ready')).status).toBe(200);
    await publish(cdrAccepted({ sessionId: 's-0' }), cdrAccepted({ sessionId: 's-new', contractRef: 'con-0' }));
    await eventually(async () => (await get('/v1/charges/s-new'))['state'] === 'rated');
    expect(await get('/v1/summary')).toMatchObject({ charges: 121 });
  });
});
