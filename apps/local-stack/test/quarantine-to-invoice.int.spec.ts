import { readBillingConfig, startBilling } from '@emp/billing';
import { readCdrIngestConfig, startCdrIngest } from '@emp/cdr-ingest';
import { CardRegisteredV1, CdrReceivedV1, ContractRegisteredV1, EvseRecordedV1, newEvent, type EmpEvent } from '@emp/events';
import { encodeEvent, openBroker, type Broker } from '@emp/messaging';
import { createLog, type RunningService } from '@emp/service-kit';
import { eventually, FakeClock, testDatabase, type TestDatabase } from '@emp/testing';
import { generateVaultSecrets, Vault } from '@emp/vault';

const secrets = generateVaultSecrets();
const vault = Vault.fromKeys(secrets.keys, secrets.pepper);
const silent = createLog('test', 'silent');
const now = new Date('2026-05-20T12:00:00Z');
const UID = '04A2B3C4D5E680';

let databases: TestDatabase[];
let broker: Broker;
let ingest: RunningService;
let billing: RunningService;

beforeAll(async () => {
  databases = await Promise.all([testDatabase(), testDatabase(), testDatabase()]);
  const [records, charges, log] = databases.map(({ url }) => url);
  broker = await openBroker({ kind: 'postgres', address: log ?? '', clientId: 'test', log: silent });
  await broker.ensureTopics();
  const common = { BROKER_URL: log, PORT: '0', DATABASE_CONNECTIONS: '5' };
  const given = { clock: new FakeClock(now), log: silent };
  ingest = await startCdrIngest(readCdrIngestConfig({
    ...common, DATABASE_URL: records, HBS_URL: 'http://127.0.0.1:9/api/oicp', PROVIDERS: 'DE-EMP:online', VAULT_KEYS: secrets.keys,
    VAULT_PEPPER: secrets.pepper, RECONCILE_EVERY_SECONDS: '0', RECONCILE_SWEEP_EVERY_HOURS: '0', MISSING_RECORDS_EVERY_SECONDS: '0',
  }), given);
  billing = await startBilling(readBillingConfig({ ...common, DATABASE_URL: charges }), given);
  await publish(
    newEvent(ContractRegisteredV1, {
      contractRef: 'con-1', providerId: 'DE-EMP', customerRef: 'cus-1', tariffPlanId: 'standard', status: 'active',
      validFrom: '2026-01-01T00:00:00.000Z', validUntil: null, evcoFingerprint: vault.fingerprint('evco', 'DEEMPC12345678'),
    }, { time: new Date('2026-01-01T00:00:00Z') }),
    newEvent(EvseRecordedV1, EvseRecordedV1.samples[0], { time: now }),
  );
  const tariff = { currency: 'EUR', elements: [{ components: [{ type: 'ENERGY', price: '0.49' }] }] };
  const put = await fetch(`${billing.url}/v1/tariff-plans/standard`, {
    method: 'PUT', body: JSON.stringify(tariff), headers: { 'content-type': 'application/json' },
  });
  expect(put.status).toBe(200);
});
afterAll(async () => {
  for (const service of [ingest, billing]) await service.stop();
  await broker.close();
  for (const database of databases) await database.close();
});

const publish = (...events: readonly EmpEvent[]): Promise<void> => broker.publish(events.map((event) => encodeEvent(event, 'gateway')));
const sessionId = (number: number): string => `b2688855-7f00-0002-6d8e-${String(number).padStart(12, '0')}`;

/** 11 kWh on a day of May of its own. */
function received(number: number, changes: object = {}, contractRef: string | null = 'con-1'): EmpEvent {
  const at = (time: string): string => `2026-05-${String(number).padStart(2, '0')}T${time}+02:00`;
  const record = {
    SessionID: sessionId(number), PartnerProductID: 'DC', EvseID: 'DE*SIM*E0001*1', Identification: { RFIDMifareFamilyIdentification: { UID } },
    SessionStart: at('09:58:00'), ChargingStart: at('10:00:00'), ChargingEnd: at('11:00:00'), SessionEnd: at('11:05:00'),
    MeterValueStart: 100, MeterValueEnd: 111, ConsumedEnergy: 11, ...changes,
  };
  return newEvent(CdrReceivedV1, {
    sessionId: sessionId(number), origin: 'pushed', providerId: 'DE-EMP', operatorId: 'DE*SIM', receivedAt: now.toISOString(),
    processId: null, page: null, contractRef, sealedRecord: vault.seal(JSON.stringify(record)),
  }, { time: now });
}

interface Case { readonly state: string; readonly openVersions: readonly number[] }
interface Charge {
  readonly state: string; readonly net: string; readonly gross: string; readonly correction: number; readonly invoiceDraftId: string;
  readonly ledger: readonly { readonly entry: string; readonly net: string; readonly gross: string }[];
}
const get = async <T>(service: RunningService, path: string): Promise<T | undefined> => {
  const answer = await fetch(`${service.url}/v1${path}`);
  return answer.ok ? await answer.json() as T : undefined;
};
const caseThat = (number: number, is: (one: Case) => boolean): Promise<Case> => eventually(async () => {
  const found = await get<Case>(ingest, `/quarantine/${sessionId(number)}`);
  return found && is(found) ? found : undefined;
}, { what: `case ${number}`, withinMs: 15_000 });
const chargeThat = (number: number, is: (one: Charge) => boolean): Promise<Charge> => eventually(async () => {
  const found = await get<Charge>(billing, `/charges/${sessionId(number)}`);
  return found && is(found) ? found : undefined;
}, { what: `charge ${number}`, withinMs: 15_000 });

/** Acts on the case as it is, and expects that it can be done. */
async function act(number: number, move: string, body: object): Promise<void> {
  const path = `${ingest.url}/v1/quarantine/${sessionId(number)}`;
  const etag = (await fetch(path)).headers.get('etag') ?? '';
  const answer = await fetch(`${path}/${move}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'if-match': etag } });
  expect([answer.status, move, answer.status === 200 ? '' : await answer.text()]).toEqual([200, move, '']);
}

const linesOf = async (draftId: string, number: number): Promise<readonly { kind: string; net: string }[]> =>
  ((await get<{ lines: { kind: string; net: string; sessionId: string }[] }>(billing, `/invoice-drafts/${draftId}`))?.lines ?? [])
    .filter((line) => line.sessionId === sessionId(number)).map(({ kind, net }) => ({ kind, net }));

describe('from the quarantine to the invoice', () => {
  it('a record in quarantine is rechecked by hand after its fact was repaired, accepted, and rated', async () => {
    await publish(received(1, {}, null));
    await caseThat(1, ({ state }) => state === 'open');
    expect(await get(billing, `/charges/${sessionId(1)}`)).toBeUndefined();
    const [records] = databases;
    await records?.database.query(
      `INSERT INTO contract_identification (fingerprint, kind, contract_ref, told_at) VALUES ($1, 'uid', 'con-1', $2)`, [vault.fingerprint('uid', UID), now]);
    await act(1, 'recheck', { reason: 'the card was entered' });
    expect(await chargeThat(1, ({ state }) => state === 'rated')).toMatchObject({ net: '5.39', gross: '6.41', correction: 0 });
  });

  it('of two that contradict each other the second wins: the line of the invoice is corrected', async () => {
    await publish(newEvent(CardRegisteredV1, { cardRef: 'card-1', contractRef: 'con-1', fingerprint: vault.fingerprint('uid', UID), status: 'active', validUntil: null }, { time: now }));
    await publish(received(2));
    const before = await chargeThat(2, ({ state }) => state === 'rated');
    expect(await linesOf(before.invoiceDraftId, 2)).toEqual([{ kind: 'charge', net: '5.39' }]);
    await publish(received(2, { ConsumedEnergy: 9, MeterValueEnd: 109 }));
    await caseThat(2, ({ openVersions }) => openVersions.length === 1);
    await act(2, 'resolve-conflict', { version: 2, reason: 'the operator confirms the second' });
    const after = await chargeThat(2, ({ correction }) => correction === 1);
    expect(after).toMatchObject({ state: 'rated', net: '4.41', ledger: [{ entry: 'charge', net: '5.39' }, { entry: 'reversal', net: '-5.39' }, { entry: 'charge', net: '4.41' }] });
    expect(await linesOf(after.invoiceDraftId, 2)).toEqual([{ kind: 'charge', net: '4.41' }]);
  });

  it('a correction after the draft was closed is a credit and a new line in the next one', async () => {
    const { invoiceDraftId: closed } = await chargeThat(2, ({ state }) => state === 'rated');
    expect((await fetch(`${billing.url}/v1/invoice-drafts/${closed}/close`, { method: 'POST' })).status).toBe(200);
    await act(2, 'correct', { members: { energyKwh: '8', meterEndKwh: '108' }, reason: 'read once more' });
    const { invoiceDraftId: next } = await chargeThat(2, ({ correction }) => correction === 2);
    expect(next).not.toBe(closed);
    expect(await linesOf(closed, 2)).toEqual([{ kind: 'charge', net: '4.41' }]);
    expect((await linesOf(next, 2)).map(({ kind, net }) => `${kind} ${net}`).sort()).toEqual(['charge 3.92', 'credit -4.41']);
  });

  it('a record that is withdrawn is charged no more', async () => {
    await act(1, 'reject', { reason: 'charged by somebody else' });
    expect(await chargeThat(1, ({ state }) => state === 'reversed')).toMatchObject({ ledger: [{ gross: '6.41' }, { gross: '-6.41' }] });
    const summary = await get<{ revenue: object }>(billing, '/summary');
    expect(summary?.revenue).toEqual({ EUR: '3.92' });
  });
});
