import { Vault } from '@emp/vault';
import type { CdrReceivedData } from '@emp/events';
import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post, type StoredEvent } from './bench.ts';
import {
  CARDS,
  CDR,
  EVCO,
  NOTIFY,
  START,
  STOP,
  ask,
  demoContracts,
  newSession,
  notification,
  record,
  rfid,
} from './messages.ts';

let bench: Bench;
let gateway: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start({ EXPIRE_EVERY_SECONDS: '1', SESSION_SILENCE_MINUTES: '60' });
  await api(gateway, '/v1/contracts', { contracts: demoContracts() });
}, 30_000);
afterAll(async () => {
  await bench.close();
}, 30_000);

interface Story {
  readonly state: string;
  readonly energyKwh: string | null;
  readonly story: readonly { readonly what: string }[];
}
const story = async (sessionId: string): Promise<Story> =>
  (await api<Story>(gateway, `/v1/sessions/${sessionId}`)).body;
const whats = async (sessionId: string): Promise<readonly string[]> =>
  (await story(sessionId)).story.map(({ what }) => what);
const eventsOf = async (sessionId: string): Promise<readonly StoredEvent[]> =>
  (await bench.events()).filter(({ data }) => data['sessionId'] === sessionId);

async function authorizedSession(uid: string = CARDS.good): Promise<string> {
  const sessionId = newSession();
  expect((await post(gateway, START, ask(sessionId, rfid(uid)))).verdict).toBe('Authorized 000');
  return sessionId;
}

describe('AuthorizeStop', () => {
  it.each<[string, object, string]>([
    ['the same card', rfid(CARDS.good), 'Authorized 000'],
    ['another card of the contract', rfid(CARDS.second), 'Authorized 000'],
    ['the vehicle of the contract', { PlugAndChargeIdentification: { EvcoID: EVCO.good } }, 'Authorized 000'],
    ['a card of another contract', rfid(CARDS.otherContract), 'NotAuthorized 102'],
    ['an unknown card', rfid(CARDS.unknown), 'NotAuthorized 102'],
    ['no identification', {}, 'NotAuthorized 022'],
  ])('answers %s', async (_, identification, verdict) => {
    const sessionId = await authorizedSession();
    const answer = await post(gateway, STOP, ask(sessionId, identification));
    expect(answer.verdict).toBe(verdict);
    expect(answer.body).toMatchObject(
      verdict === 'Authorized 000' ? { SessionID: sessionId, ProviderID: 'DE-EMP' } : {},
    );
    expect((await eventsOf(sessionId)).map(({ type }) => type)).toEqual(
      verdict === 'Authorized 000' ? ['SessionAuthorized', 'StopAuthorized'] : ['SessionAuthorized'],
    );
  });

  it('has the same answer again, and no second event', async () => {
    const sessionId = await authorizedSession();
    const first = await post(gateway, STOP, ask(sessionId, rfid(CARDS.good)));
    expect(await post(gateway, STOP, ask(sessionId, rfid(CARDS.good)))).toEqual(first);
    expect((await eventsOf(sessionId)).filter(({ type }) => type === 'StopAuthorized')).toHaveLength(1);
  });

  it('refuses an unknown session, and one whose record has come', async () => {
    expect((await post(gateway, STOP, ask(newSession(), rfid(CARDS.good)))).verdict).toBe('NotAuthorized 400');
    const sessionId = await authorizedSession();
    await post(gateway, CDR, record(sessionId));
    expect((await post(gateway, STOP, ask(sessionId, rfid(CARDS.good)))).verdict).toBe('NotAuthorized 400');
  });
});

describe('charging notifications', () => {
  it('tell the story of a session in order, each once', async () => {
    const sessionId = await authorizedSession();
    for (const type of ['Start', 'Progress', 'Progress', 'Error', 'End'] as const) {
      bench.clock.advance({ seconds: 1 });
      expect((await post(gateway, NOTIFY, notification(type, sessionId))).verdict).toBe('true 000');
    }
    expect(await story(sessionId)).toMatchObject({
      state: 'ended',
      energyKwh: '11',
      story: [
        { what: 'authorized' },
        { what: 'charging started', occurredAt: '2026-05-01T10:00:00+02:00' },
        { what: 'charging progressed', energyKwh: '0.917' },
        { what: 'station reported a failure', errorType: 'ConnectorError', detail: 'plug not locked' },
        { what: 'charging ended', energyKwh: '11' },
      ],
    });
    expect(
      (await bench.events('ChargingNotified'))
        .filter(({ data }) => data['sessionId'] === sessionId)
        .map(({ data }) => data['kind']),
    ).toEqual(['started', 'progressed', 'failed', 'ended']);
  });

  it('are accepted for a session HBS authorized, which becomes known by them', async () => {
    const sessionId = newSession();
    expect((await post(gateway, NOTIFY, notification('Progress', sessionId))).verdict).toBe('true 000');
    expect(await story(sessionId)).toMatchObject({
      state: 'charging',
      contractRef: null,
      evseId: 'DE*SIM*E0001*1',
      operatorId: 'DE*SIM',
    });
    expect((await post(gateway, STOP, ask(sessionId, rfid(CARDS.good)))).verdict).toBe('NotAuthorized 400');
  });

  it('are refused after the record', async () => {
    const sessionId = await authorizedSession();
    await post(gateway, CDR, record(sessionId));
    expect((await post(gateway, NOTIFY, notification('End', sessionId))).verdict).toBe('false 400');
    expect(await whats(sessionId)).toEqual(['authorized', 'record received']);
  });

  it('may overtake the authorization, which keeps what they told', async () => {
    const sessionId = newSession();
    await post(gateway, NOTIFY, notification('Start', sessionId));
    expect((await post(gateway, START, ask(sessionId, rfid(CARDS.good)))).verdict).toBe('Authorized 000');
    expect(await story(sessionId)).toMatchObject({ state: 'charging', providerId: 'DE-EMP' });
    expect((await eventsOf(sessionId)).map(({ type }) => type)).toEqual(['ChargingNotified', 'SessionAuthorized']);
  });

  it('may all come at once', async () => {
    const sessionId = newSession();
    const all = [START, ...(['Start', 'Progress', 'End', 'Error'] as const)];
    const answers = await Promise.all(
      all.map((each) =>
        each === START
          ? post(gateway, START, ask(sessionId, rfid(CARDS.good)))
          : post(gateway, NOTIFY, notification(each as 'Start', sessionId)),
      ),
    );
    expect(answers.map(({ verdict }) => verdict)).toEqual([
      'Authorized 000',
      'true 000',
      'true 000',
      'true 000',
      'true 000',
    ]);
    expect(await story(sessionId)).toMatchObject({ state: 'ended', energyKwh: '11', providerId: 'DE-EMP' });
  });
});

describe('ChargeDetailRecord', () => {
  const vault = (): Vault => Vault.fromKeys(bench.secrets.keys, bench.secrets.pepper);
  const recordsOf = async (sessionId: string): Promise<readonly CdrReceivedData[]> =>
    (await bench.events<CdrReceivedData>('CdrReceived'))
      .map(({ data }) => data)
      .filter((data) => data.sessionId === sessionId);

  it('is acknowledged once it is in the outbox, byte for byte and sealed, and closes its session', async () => {
    const sessionId = await authorizedSession();
    const more = '"CPOPartnerSessionID":"cpo-4711", "ConsumedEnergy": 11.000 , "x":"\\u00e9é"';
    const text = `\uFEFF { "SessionID" : "${sessionId}",\r\n\t${more} }\n`;
    const answer = await post(gateway, CDR, text, { 'process-id': '5e4e8b3a-7e1e-4c6e-9a3e-0d8f0c6b1a11' });
    expect(answer.body).toEqual({
      Result: true,
      StatusCode: { Code: '000', Description: 'Success.' },
      SessionID: sessionId,
      CPOPartnerSessionID: 'cpo-4711',
    });
    const [event] = await recordsOf(sessionId);
    expect(event).toMatchObject({
      origin: 'pushed',
      providerId: 'DE-EMP',
      operatorId: 'DE*SIM',
      processId: '5e4e8b3a-7e1e-4c6e-9a3e-0d8f0c6b1a11',
      page: null,
      contractRef: expect.stringMatching(/^con-/),
      receivedAt: bench.clock.now().toISOString(),
    });
    expect(vault().open(event?.sealedRecord ?? '')).toBe(text);
    expect((await story(sessionId)).state).toBe('closed');
  });

  it('is taken once when it comes again, and passed on when it differs', async () => {
    const sessionId = await authorizedSession();
    expect((await post(gateway, CDR, record(sessionId))).verdict).toBe('true 000');
    expect((await post(gateway, CDR, record(sessionId))).verdict).toBe('true 000');
    expect(await recordsOf(sessionId)).toHaveLength(1);
    expect((await post(gateway, CDR, record(sessionId, { ConsumedEnergy: 12 }))).verdict).toBe('true 000');
    expect(await recordsOf(sessionId)).toHaveLength(2);
    expect(await whats(sessionId)).toEqual(['authorized', 'record received', 'another record received']);
  });

  it('is taken once when it comes several times at once', async () => {
    const sessionId = newSession();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(gateway, CDR, record(sessionId))));
    expect(new Set(answers.map(({ verdict }) => verdict))).toEqual(new Set(['true 000']));
    expect(await recordsOf(sessionId)).toHaveLength(1);
  });

  it('of a session we never heard of is taken, for the provider of its card', async () => {
    const sessionId = newSession();
    expect((await post(gateway, CDR, record(sessionId, { Identification: rfid(CARDS.offline) }))).verdict).toBe(
      'true 000',
    );
    expect(await recordsOf(sessionId)).toMatchObject([{ providerId: 'DE-OFL', contractRef: null }]);
    expect((await story(sessionId)).state).toBe('closed');
  });

  it.each<[string, string]>([
    ['nothing but a session', `{"SessionID":"${newSession()}"}`],
    [
      'members of all the wrong types',
      `{"SessionID":"${newSession()}","EvseID":[1],"Identification":"x","ConsumedEnergy":{},"ChargingStart":true}`,
    ],
    ['a session id that is none', '{"SessionID":"4711 \\u0000"}'],
  ])('is taken with %s: nothing may be lost at the door', async (_, text) => {
    const before = (await bench.events('CdrReceived')).length;
    expect((await post(gateway, CDR, text)).verdict).toBe('true 000');
    const events = await bench.events<CdrReceivedData>('CdrReceived');
    expect(events).toHaveLength(before + 1);
    expect(vault().open(events.at(-1)?.data.sealedRecord ?? '')).toBe(text);
  });

  it('keeps every byte of a record that is not UTF-8', async () => {
    const sessionId = newSession();
    const bytes = Buffer.from(`{"SessionID":"${sessionId}","Name":"M\u00fcller"}`, 'latin1');
    expect((await post(gateway, CDR, bytes, { 'content-type': 'application/json;charset=ISO-8859-1' })).verdict).toBe(
      'true 000',
    );
    const [event] = await recordsOf(sessionId);
    expect(Buffer.from(vault().open(event?.sealedRecord ?? ''), 'latin1').equals(bytes)).toBe(true);
  });

  it.each([
    ['no JSON', '{"SessionID":'],
    ['no session', '{"EvseID":"DE*SIM*E1"}'],
    ['a session that is a number', '{"SessionID":4711}'],
    ['a list', '[]'],
  ])('is refused with 022 when it is or has %s', async (_, text) => {
    expect((await post(gateway, CDR, text)).verdict).toBe('false 022');
  });

  it('is not acknowledged when it cannot be made durable, and taken afterwards', async () => {
    const sessionId = newSession();
    const connection = await bench.service.database.connect();
    await connection.query('BEGIN; LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE');
    expect((await post(gateway, CDR, record(sessionId))).verdict).toBe('false 021');
    await connection.query('ROLLBACK');
    await connection.close();
    await eventually(async () => (await post(gateway, CDR, record(sessionId))).verdict === 'true 000');
    expect(await recordsOf(sessionId)).toHaveLength(1);
  });

  it('comes last in the story, whatever was heard before', async () => {
    const sessionId = await authorizedSession();
    await post(gateway, NOTIFY, notification('Start', sessionId));
    await post(gateway, STOP, ask(sessionId, rfid(CARDS.good)));
    await post(gateway, CDR, record(sessionId));
    expect(await whats(sessionId)).toEqual(['authorized', 'charging started', 'stop authorized', 'record received']);
  });
});

describe('silent sessions', () => {
  it('expire after their limit, and come back with whatever is heard of them', async () => {
    const silent = await authorizedSession();
    const charging = await authorizedSession();
    await post(gateway, NOTIFY, notification('Start', charging));
    const stopped = await authorizedSession();
    await post(gateway, STOP, ask(stopped, rfid(CARDS.good)));
    bench.clock.advance({ minutes: 61 });
    await eventually(async () => (await story(silent)).state === 'expired');
    expect((await story(charging)).state).toBe('charging');
    expect((await story(stopped)).state).toBe('authorized');
    await post(gateway, CDR, record(silent));
    expect(await story(silent)).toMatchObject({
      state: 'closed',
      story: [{ what: 'authorized' }, { what: 'expired in silence' }, { what: 'record received' }],
    });
  });
});

describe('the list of sessions', () => {
  interface Page {
    readonly sessions: readonly { readonly sessionId: string; readonly createdAt: string }[];
    readonly next: string | null;
  }

  it('has every session once, newest first, page by page', async () => {
    const seen: { readonly sessionId: string; readonly createdAt: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Page } = await api<Page>(
        gateway,
        `/v1/sessions?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...body.sessions);
      cursor = body.next;
    }
    expect(seen).toHaveLength(await bench.count('charging_session'));
    expect(new Set(seen.map(({ sessionId }) => sessionId)).size).toBe(seen.length);
    expect(seen.map(({ createdAt }) => createdAt)).toEqual(
      seen
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
  });

  it.each([['limit=0'], ['limit=x'], ['cursor=nonsense']])('refuses ?%s', async (query) => {
    expect((await api(gateway, `/v1/sessions?${query}`)).status).toBe(400);
  });

  it('does not know a session nobody spoke of', async () => {
    expect((await api(gateway, `/v1/sessions/${newSession()}`)).status).toBe(404);
  });

  it('is summed up', async () => {
    const { body } = await api<{
      authorizations: Record<string, number>;
      sessions: Record<string, number>;
      outbox: { pending: number };
    }>(gateway, '/v1/summary');
    expect(body.authorizations['000']).toBeGreaterThan(0);
    expect(Object.keys(body.sessions).sort()).toEqual([
      'authorized', 'cancelled', 'charging', 'closed', 'ended', 'expired', 'reserved',
    ]);
    expect(Object.values(body.sessions).reduce((sum, count) => sum + count)).toBe(
      await bench.count('charging_session'),
    );
    await eventually(
      async () => (await api<{ outbox: { pending: number } }>(gateway, '/v1/summary')).body.outbox.pending === 0,
    );
  });
});
