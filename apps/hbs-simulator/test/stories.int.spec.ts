import { readFileSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '@emp/testing';
import { TestWorld, type Parsed } from './world.ts';

const GOOD = '04A2B3C4D5E680';
const OFFLINE = '04C0FFEE000001';

describe('a story', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await TestWorld.open();
    world.emp.cards.add(GOOD);
  });
  afterAll(() => world.close());

  it('is played online from the tap to the acknowledged record', async () => {
    const begun = Date.now();
    const { status, json } = await world.call('POST', '/simulator/stories/online', { uid: GOOD });
    expect({ status, ...json }).toMatchObject({
      status: 200, evseId: 'DE*SIM*E0001*1', operatorId: 'DE*SIM', providerId: 'DE-EMP', energyKwh: '31.250', forwarded: true,
    });

    const [authorize] = world.emp.at('/charging/v21/operators/DE*SIM/authorize/start');
    expect(authorize?.body).toMatchObject({
      SessionID: json['sessionId'], EMPPartnerSessionID: null, OperatorID: 'DE*SIM', PartnerProductID: null,
      Identification: {
        RFIDMifareFamilyIdentification: { UID: GOOD }, RFIDIdentification: null, QRCodeIdentification: null,
        PlugAndChargeIdentification: null, RemoteIdentification: null,
      },
    });
    expect(world.emp.at('/charging-notifications').map(({ body }) => body['Type'])).toEqual(['Start', 'Progress', 'Progress', 'End']);
    const [record] = world.emp.at('/cdrmgmt/v22/operators/DE*SIM/charge-detail-record');
    expect(record?.text).toContain('"ConsumedEnergy":31.250');
    const { SessionStart, ChargingStart, ChargingEnd, SessionEnd } = record?.body as Record<string, string>;
    const instants = [SessionStart, ChargingStart, ChargingEnd, SessionEnd].map((text) => Date.parse(text ?? ''));
    expect(instants).toEqual(instants.toSorted((one, other) => one - other));
    expect(instants.at(-1)).toBeLessThanOrEqual(Date.now());
    // Laid back so that it ends while it is played; a record tells whole seconds.
    expect(instants.at(-1)).toBeGreaterThan(begun - 1_000);
  });

  it('is played offline without asking the EMP, its record only kept', async () => {
    expect((await world.pushCards('DE-OFL', [OFFLINE])).json).toMatchObject({ Result: true, StatusCode: { Code: '000' } });
    const before = world.emp.received.length;
    const { json } = await world.call('POST', '/simulator/stories/offline', {});
    expect(json).toMatchObject({ providerId: 'DE-OFL', forwarded: false });
    expect(world.emp.received).toHaveLength(before);
    expect((await world.records('DE-OFL')).map((record) => record['SessionID'])).toEqual([json['sessionId']]);
    expect(await world.records('DE-OFL', { CDRForwarded: true })).toEqual([]);
  });

  it('is not played with an unknown card, and says what the station was told', async () => {
    const { status, json } = await world.call('POST', '/simulator/stories/online', { uid: '04FFFFFFFFFFFF' });
    expect({ status, ...json }).toMatchObject({
      status: 409, title: 'story-not-authorized', answer: { SessionID: null, AuthorizationStatus: 'NotAuthorized', StatusCode: { Code: '102' } },
    });
  });

  it('survives a torn journal: records, acknowledgements and pushed cards are there again', async () => {
    const acknowledged = (await world.call('GET', '/simulator/journal/acknowledged')).text;
    expect(acknowledged.trim().split('\n')).toHaveLength(1);
    const [online, offline] = [await world.records('DE-EMP'), await world.records('DE-OFL')];
    await world.simulator.stop();
    const journal = path.join(world.directory, 'journal.ndjson');
    const whole = await readFile(journal, 'utf8');
    await appendFile(journal, '{"entry":"record-stored","record":{"sessionId":"torn');

    await world.start();
    expect((await world.call('GET', '/simulator/journal/acknowledged')).text).toBe(acknowledged);
    expect(await world.records('DE-EMP')).toEqual(online);
    expect(await world.records('DE-OFL')).toEqual(offline);
    expect((await world.call('GET', '/simulator/summary')).json['authenticationData']).toEqual({ 'DE-OFL': 1 });
    expect(await readFile(journal, 'utf8')).toBe(whole);
    expect((await world.call('POST', '/simulator/stories/offline', {})).status).toBe(200);
  });
});

describe('a record', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await TestWorld.open();
    world.emp.cards.add(GOOD);
  });
  afterEach(() => world.close());

  const kept = (): string => readFileSync(path.join(world.directory, 'journal.ndjson'), 'utf8');

  it('is on the disk before it is forwarded, and its acknowledgement after', async () => {
    const then: string[] = [];
    world.emp.onRecord = () => { then.push(kept()); };
    const { json } = await world.call('POST', '/simulator/stories/online', { uid: GOOD });
    expect(then).toHaveLength(1);
    expect(then[0]).toContain(`"entry":"record-stored","record":{"sessionId":"${String(json['sessionId'])}"`);
    expect(then[0]).not.toContain('record-acknowledged');
    expect(kept()).toContain('record-acknowledged');
  });

  it('that the EMP does not take is found by CDRForwarded false, and not in the list of the acknowledged', async () => {
    world.emp.acknowledges = () => false;
    const { json } = await world.call('POST', '/simulator/stories/online', { uid: GOOD });
    expect(json['forwarded']).toBe(false);
    expect((await world.records('DE-EMP', { CDRForwarded: false })).map((record) => record['SessionID'])).toEqual([json['sessionId']]);
    expect((await world.call('GET', '/simulator/journal/acknowledged')).text).toBe('');
  });

  it.each(['lostAcknowledgement', 'repeatedRecord'])('comes twice, the same text, with the fault %s', async (fault) => {
    await world.call('PUT', '/simulator/faults', { [fault]: 1 });
    await world.call('POST', '/simulator/stories/online', { uid: GOOD });
    const texts = world.emp.at('/charge-detail-record').map(({ text }) => text);
    expect(texts).toHaveLength(2);
    expect(new Set(texts).size).toBe(1);
  });

  it('is never forwarded with the fault unforwardedRecord', async () => {
    await world.call('PUT', '/simulator/faults', { unforwardedRecord: 1 });
    await world.call('POST', '/simulator/stories/online', { uid: GOOD });
    expect(world.emp.at('/charge-detail-record')).toEqual([]);
    expect(await world.records('DE-EMP')).toHaveLength(1);
  });
});

describe('simulated drivers', () => {
  it('charge by themselves; a stop ends their sessions with plausible, never overlapping records', async () => {
    const world = await TestWorld.open({ SESSION_SECONDS: '3', UNKNOWN_SHARE: '0.3', OFFLINE_SHARE: '0.2' });
    const uids = Array.from({ length: 40 }, (_, index) => `04AA0000${String(index).padStart(6, '0')}`);
    const online = uids.slice(0, 30);
    for (const uid of online) world.emp.cards.add(uid);
    await world.pushCards('DE-OFL', uids.slice(30));
    await world.call('POST', '/simulator/drivers', {
      online: online.map((uid) => ({ uid })), offline: uids.slice(30).map((uid) => ({ uid })),
    });
    await world.call('PUT', '/simulator/traffic', { tapsPerSecond: 40 });
    await eventually(async () => (await world.call('GET', '/simulator/summary')).json['records'].stored >= 10, { withinMs: 15_000 });
    const { json: summary } = await world.call('GET', '/simulator/summary');
    expect(summary['answers']['000']).toBeGreaterThan(0);
    expect(summary['answers']['102']).toBeGreaterThan(0);
    await world.simulator.stop();

    const records = (await readFile(path.join(world.directory, 'journal.ndjson'), 'utf8')).trim().split('\n')
      .map((line) => JSON.parse(line) as { entry: string; record: { uid: string; evseId: string; text: string } })
      .filter(({ entry }) => entry === 'record-stored')
      .map(({ record }) => ({ ...record, message: JSON.parse(record.text) as Record<string, Parsed> }));
    expect(records.length).toBeGreaterThanOrEqual(10);
    for (const { message } of records) {
      expect((message['MeterValueEnd'] - message['MeterValueStart']).toFixed(3)).toBe(message['ConsumedEnergy'].toFixed(3));
      const instants = ['SessionStart', 'ChargingStart', 'ChargingEnd', 'SessionEnd'].map((name) => Date.parse(message[name] as string));
      expect(instants).toEqual(instants.toSorted((one, other) => one - other));
      const hours = ((instants[2] ?? 0) - (instants[1] ?? 0)) / 3_600_000;
      expect(message['ConsumedEnergy']).toBeLessThanOrEqual(hours * 300 + 0.001);
    }
    for (const key of ['uid', 'evseId'] as const) {
      const byKey = groupBy(records, key);
      for (const group of byKey.values()) {
        const spans = group.map(({ message }) => [Date.parse(message['SessionStart']), Date.parse(message['SessionEnd'])] as const)
          .toSorted(([one], [other]) => one - other);
        for (const [index, [start]] of spans.entries()) expect(start).toBeGreaterThanOrEqual(spans[index - 1]?.[1] ?? 0);
      }
    }
    await world.start();
    await world.close();
  }, 30_000);
});

function groupBy<T, K extends keyof T>(list: readonly T[], key: K): Map<T[K], T[]> {
  const groups = new Map<T[K], T[]>();
  for (const one of list) groups.set(one[key], [...(groups.get(one[key]) ?? []), one]);
  return groups;
}
