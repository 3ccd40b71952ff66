import { encodeEvent, openBroker, type Broker } from '@emp/messaging';
import type { EmpEvent } from '@emp/events';
import { createHash, randomBytes } from 'node:crypto';
import { createLog, type RunningService } from '@emp/service-kit';
import { eventually, FakeClock, testDatabase, type TestDatabase } from '@emp/testing';
import { verifyFile } from '@emp/signed-metering';
import { readCdrIngestConfig, startCdrIngest } from '../src/index.ts';
import { OUR_UID, cdr, received, RECEIVED_AT, sessionId, VAULT_KEYS, VAULT_PEPPER } from './builders.ts';
import { FakeHbs } from './fake-hbs.ts';
import { signedCdr, testMeter } from './signed-cdr.ts';

let own: TestDatabase;
let log: TestDatabase;
let hbs: FakeHbs;
let broker: Broker;
let service: RunningService;
const silent = createLog('test', 'silent');
const KEY = randomBytes(16).toString('hex');
const WEAK_KEY = randomBytes(16).toString('hex');
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

beforeAll(async () => {
  [own, log, hbs] = await Promise.all([testDatabase(), testDatabase(), FakeHbs.start()]);
  broker = await openBroker({ kind: 'postgres', address: log.url, clientId: 'test', log: silent });
  await broker.ensureTopics();
  service = await startCdrIngest(readCdrIngestConfig({
    DATABASE_URL: own.url, BROKER_URL: log.url, HBS_URL: hbs.baseUrl, PROVIDERS: 'DE-EMP:online', PORT: '0',
    VAULT_KEYS, VAULT_PEPPER, RECONCILE_EVERY_SECONDS: '0', RECONCILE_SWEEP_EVERY_HOURS: '0', METERING_THREADS: '0',
    CHECK_POLICY: 'metering-missing:quarantine', API_KEYS: `office:read+write+secrets:${hashOf(KEY)},viewer:read:${hashOf(WEAK_KEY)}`,
  }), { clock: new FakeClock(RECEIVED_AT), log: silent });
});
afterAll(async () => {
  await service.stop();
  await broker.close();
  await hbs.close();
  await Promise.all([own.close(), log.close()]);
});

const publish = (...events: readonly EmpEvent[]): Promise<void> => broker.publish(events.map((event) => encodeEvent(event, 'gateway')));

interface Answer { readonly status: number; readonly text: string; readonly type: string | null; json(): Record<string, unknown> }

async function call(path: string, { key = KEY, ...init }: RequestInit & { readonly key?: string } = {}): Promise<Answer> {
  const answer = await fetch(`${service.url}${path}`, { ...init, headers: { 'x-api-key': key, ...init.headers } });
  const text = await answer.text();
  return { status: answer.status, text, type: answer.headers.get('content-type'), json: () => JSON.parse(text) as Record<string, unknown> };
}
const post = (body: string, type = 'application/json'): Promise<Answer> =>
  call('/v1/meter-keys', { method: 'POST', body, headers: { 'content-type': type } });

const arrived = (number: number, state: string): Promise<Answer> => eventually(async () => {
  const answer = await call(`/v1/cdrs/${sessionId(number)}`);
  return answer.status === 200 && answer.json()['state'] === state ? answer : undefined;
}, { what: `session ${number} ${state}` });

describe('the registry of meters\' keys', () => {
  const meter = testMeter();
  const intruder = testMeter('METER-X');

  it('takes keys as JSON, CSV and NDJSON, and each bad one costs only itself', async () => {
    const spare = testMeter('METER-2');
    const json = await post(JSON.stringify({ keys: [
      { publicKey: meter.publicKey, evseId: 'de*sim*e0001*1', operatorId: 'DE*SIM' }, { publicKey: 'none', meterId: 'M' }, 7,
    ] }));
    expect([json.status, json.json()]).toMatchObject([200, {
      registered: 1, rejected: [{ at: '/keys/1' }, { at: '/keys/2' }],
    }]);
    const csv = await post(
      `publicKey,meterId,evseId,validFrom,validUntil\n${spare.publicKey},GW-1/METER-2,,2026-01-01T00:00:00Z,\n${spare.publicKey},,nonsense,,\n`,
      'text/csv; charset=utf-8',
    );
    expect(csv.json()).toMatchObject({ registered: 1, rejected: [{ at: 'line 3', detail: expect.stringContaining('evseId') as unknown }] });
    const ndjson = await post(`{"publicKey":"${spare.publicKey}","evseId":"DE*SIM*E0005*1"}\n{"publicKey"\n`, 'application/x-ndjson');
    expect(ndjson.json()).toMatchObject({ registered: 1, rejected: [{ at: 'line 2', detail: 'no JSON' }] });
    const listed = (await call('/v1/meter-keys')).json()['keys'] as readonly Record<string, unknown>[];
    expect(listed.map(({ origin, evseKey, meterId, notedBy }) => [origin, evseKey, meterId, notedBy])).toEqual([
      ['import', 'DESIME00051', null, 'office'], ['import', null, 'GW-1/METER-2', 'office'], ['hand', 'DESIME00011', null, 'office'],
    ]);
    const found = (await call('/v1/meter-keys?evseId=DESIME00011&limit=1')).json()['keys'] as readonly unknown[];
    expect(found).toMatchObject([{ publicKey: meter.publicKey, curve: 'secp256r1' }]);
  });

  it('refuses what it cannot read, and who may not change it', async () => {
    expect((await post('{"keys":1}')).status).toBe(400);
    expect((await post('a,b\n1,2,3\n', 'text/csv')).status).toBe(400);
    expect((await post('<keys/>', 'application/xml')).status).toBe(415);
    expect((await call('/v1/meter-keys', { method: 'POST', body: '{"keys":[]}', headers: { 'content-type': 'application/json' }, key: WEAK_KEY })).status)
      .toBe(403);
    expect((await call('/v1/meter-keys?limit=0')).status).toBe(400);
    expect((await call('/v1/meter-keys/nobody', { method: 'DELETE' })).status).toBe(404);
  });

  it('says whose signature it is, by EVSE or by meter', async () => {
    const spareless = testMeter('METER-9');
    await post(JSON.stringify({ keys: [{ publicKey: spareless.publicKey, meterId: 'GW-1/METER-9' }] }));
    await publish(received(signedCdr(1, [meter.ocmf()])));
    await publish(received(signedCdr(2, [spareless.ocmf()], { EvseID: 'DE*SIM*E0002*1', publicKey: spareless.publicKey })));
    const detail = (await arrived(1, 'accepted')).json();
    expect(detail).toMatchObject({
      signedMetering: {
        verdict: 'valid', origin: 'registered-key', energyKwh: '11', meterId: 'GW-1/METER-1', begin: '2026-05-01T10:00:00,000+0200 S',
        questions: { origin: { answer: 'yes' }, differences: { energy: { answer: 'yes' }, meterEnd: { answer: 'yes', signedKwh: '111' } } },
        values: [{ formatName: 'OCMF 1.0', integrity: 'valid', curve: 'secp256r1' }],
      },
    });
    expect(JSON.stringify(detail)).not.toContain(OUR_UID);
    expect((await arrived(2, 'accepted')).json()).toMatchObject({ signedMetering: { verdict: 'valid', origin: 'registered-key' } });
  });

  it('quarantines what another key signed, until a person registers the exchanged meter', async () => {
    await publish(received(signedCdr(3, [intruder.ocmf()], { publicKey: intruder.publicKey })));
    const detail = (await arrived(3, 'quarantined')).json();
    expect(detail).toMatchObject({ signedMetering: { verdict: 'invalid', code: 'key-changed' } });
    expect((detail['findings'] as readonly { code: string }[]).map(({ code }) => code)).toContain('meter-key-changed');
    const answer = await post(JSON.stringify({ keys: [{ publicKey: intruder.publicKey, evseId: 'DE*SIM*E0001*1', note: 'meter exchanged' }] }));
    expect(answer.json()).toMatchObject({ registered: 1, rechecked: 1 });
    expect((await arrived(3, 'accepted')).json()).toMatchObject({ signedMetering: { verdict: 'valid', origin: 'registered-key' } });
    await publish(received(signedCdr(4, [meter.ocmf()])));
    expect((await arrived(4, 'accepted')).json()).toMatchObject({ signedMetering: { origin: 'registered-key' } });
  });

  it('forgets no revoked key: what it signs is quarantined', async () => {
    const keys = (await call('/v1/meter-keys?origin=hand')).json()['keys'] as readonly { id: string; publicKey: string }[];
    const { id } = keys.find(({ publicKey }) => publicKey === intruder.publicKey) ?? { id: '' };
    expect((await call(`/v1/meter-keys/${id}?reason=stolen`, { method: 'DELETE' })).json()).toEqual({ revoked: id, rechecked: 0 });
    await publish(received(signedCdr(5, [intruder.ocmf()], { publicKey: intruder.publicKey })));
    await arrived(5, 'quarantined');
    const [key] = await own.database.query('SELECT revocation_reason, revoked_by, revoked_at IS NULL AS open FROM meter_key WHERE id = $1', [id]);
    expect(key).toEqual({ revocation_reason: 'stolen', revoked_by: 'office', open: false });
  });
});

describe('for the driver', () => {
  it('is a file of the transparency software, byte for byte what the meter signed; for those who may see card numbers', async () => {
    const answer = await call(`/v1/cdrs/${sessionId(1)}/transparency.xml`);
    expect([answer.status, answer.type]).toEqual([200, 'application/xml; charset=utf-8']);
    const [read] = verifyFile(answer.text);
    expect(read?.verdict).toMatchObject({ verdict: 'valid' });
    expect(read?.verdict.energyKwh?.toString()).toBe('11');
    expect((await call(`/v1/cdrs/${sessionId(1)}/transparency.xml`, { key: WEAK_KEY })).status).toBe(403);
    await publish(received(cdr(7)));
    await arrived(7, 'accepted');
    expect((await call(`/v1/cdrs/${sessionId(7)}/transparency.xml`)).json()).toMatchObject({ type: 'urn:emp:problem:no-signed-values' });
    expect((await call('/v1/cdrs/nobody/transparency.xml')).status).toBe(404);
  });

  it('are plain words in German and English', async () => {
    const path = `/v1/cdrs/${sessionId(1)}/explanation`;
    const german = await call(path, { headers: { 'accept-language': 'de-DE,en;q=0.5' }, key: WEAK_KEY });
    expect(german.type).toBe('text/plain; charset=utf-8');
    expect(german.text).toContain('Die signierten Messwerte belegen diesen Ladevorgang.');
    expect(german.text).toContain('Signierte Energie: 11 kWh\nBeide stimmen überein.');
    expect((await call(`${path}?language=en`)).text).toContain("Did this station's meter sign them? Yes.");
    expect((await call(`${path}?language=fr`)).status).toBe(400);
    expect((await call(`/v1/cdrs/${sessionId(7)}/explanation`)).text).toMatch(/delivered no signed meter values/);
    expect((await call(`/v1/cdrs/${sessionId(5)}/explanation?language=de`)).text).toMatch(/Grund: /);
  });
});

describe('the checks', () => {
  it('are listed with what is done about them, and who decided it', async () => {
    const { checks } = (await call('/v1/checks', { key: WEAK_KEY })).json() as unknown as { checks: readonly { code: string }[] };
    expect(checks.find(({ code }) => code === 'metering-missing')).toEqual({
      code: 'metering-missing', about: 'the EVSE declares External, the record has no signed values', action: 'quarantine',
      severity: 'error', source: 'OICP §8.3, §12', decidedBy: 'policy',
    });
    expect(checks.find(({ code }) => code === 'contract-unknown')).toMatchObject({ action: 'quarantine', decidedBy: 'fixed' });
  });
});
