import type { SessionRecordMissingData } from '@emp/events';
import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import {
  CARDS, CDR, NOTIFY, START, STOP, ask, demoContracts, newSession, notification, record, rfid,
} from './messages.ts';

let bench: Bench;
let gateways: readonly RunningGateway[];
beforeAll(async () => {
  bench = await Bench.open();
  const limits = {
    EXPIRE_EVERY_SECONDS: '1', RECORD_LIMIT_ENDED_MINUTES: '60', RECORD_LIMIT_CHARGING_MINUTES: '600',
    SESSION_SILENCE_MINUTES: '6000',
  };
  // Two replicas look, and each missing record is told once.
  gateways = [await bench.start(limits), await bench.start(limits)];
  await api(gateway(), '/v1/contracts', { contracts: demoContracts() });
}, 60_000);
afterAll(async () => {
  await bench.close();
}, 30_000);

const gateway = (): RunningGateway => gateways[0] as RunningGateway;

interface Listed {
  readonly sessions: readonly {
    readonly sessionId: string;
    readonly contractRef: string | null;
    readonly operatorId: string | null;
    readonly state: string;
    readonly recordMissingSince: string | null;
  }[];
}
const listed = async (query: string): Promise<Listed['sessions']> =>
  (await api<Listed>(gateway(), `/v1/sessions?${query}`)).body.sessions;
const missing = async (): Promise<readonly string[]> =>
  (await listed('state=record-missing')).map(({ sessionId }) => sessionId).sort();
const told = async (): Promise<readonly SessionRecordMissingData[]> =>
  (await bench.events<SessionRecordMissingData>('SessionRecordMissing')).map(({ data }) => data);

async function session(...types: readonly ('Start' | 'Progress' | 'End')[]): Promise<string> {
  const sessionId = newSession();
  await post(gateway(), START, ask(sessionId, rfid(CARDS.good)));
  for (const type of types) await post(gateway(), NOTIFY, notification(type, sessionId));
  return sessionId;
}

describe('a session without a record', () => {
  it('is told once after its limit, shorter after the end than in the middle, and settled by its record', async () => {
    const ended = await session('Start', 'End');
    const charging = await session('Start', 'Progress');
    const stopped = await session();
    await post(gateway(), STOP, ask(stopped, rfid(CARDS.good)));
    const silent = await session();
    const recorded = await session('Start', 'End');
    await post(gateway(), CDR, record(recorded));
    const ofNobody = newSession();
    await post(gateway(), NOTIFY, notification('End', ofNobody));
    const heardAt = bench.clock.now().toISOString();

    bench.clock.advance({ minutes: 61 });
    await eventually(async () => (await missing()).length > 0);
    expect(await missing()).toEqual([ended]);
    expect(await told()).toEqual([
      {
        sessionId: ended, providerId: 'DE-EMP', contractRef: expect.stringMatching(/^con-/), operatorId: 'DE*SIM',
        evseId: 'DE*SIM*E0001*1', lastHeardAt: heardAt, missingSince: bench.clock.now().toISOString(),
      },
    ]);

    bench.clock.advance({ minutes: 600 });
    await eventually(async () => (await missing()).length === 3);
    expect(await missing()).toEqual([charging, ended, stopped].sort());
    expect((await told()).map(({ sessionId }) => sessionId).sort()).toEqual([charging, ended, stopped].sort());
    expect(await missing()).not.toContain(silent);

    expect((await post(gateway(), CDR, record(ended))).verdict).toBe('true 000');
    expect(await missing()).toEqual([charging, stopped].sort());
    const { body } = await api<{ state: string; recordMissingSince: string | null; story: { what: string }[] }>(
      gateway(), `/v1/sessions/${ended}`,
    );
    expect(body).toMatchObject({ state: 'closed', recordMissingSince: null });
    expect(body.story.map(({ what }) => what)).toEqual([
      'authorized', 'charging started', 'charging ended', 'record missing', 'record received',
    ]);
  });

  it('that was cancelled or expired without charging, or nobody of ours began, is not told', async () => {
    expect((await told()).every(({ contractRef }) => contractRef !== null)).toBe(true);
  });
});

describe('the list of sessions', () => {
  it('is narrowed by state, contract, operator and time', async () => {
    const sessionId = await session('Start');
    const [{ contractRef, ...one }] = (await listed(`state=charging&limit=1`)) as [Listed['sessions'][number]];
    expect(one.sessionId).toBe(sessionId);
    const of = await listed(`contractRef=${contractRef}&state=charging`);
    expect(of.map((each) => each.contractRef)).toEqual(of.map(() => contractRef));
    expect(of.length).toBeGreaterThan(0);
    expect(await listed('contractRef=con-none')).toEqual([]);
    for (const operator of ['DE*SIM', 'de-sim', 'DESIM']) {
      expect((await listed(`operator=${operator}`)).map((each) => each.sessionId)).toContain(sessionId);
    }
    expect(await listed('operator=DE*OTH')).toEqual([]);
    const now = bench.clock.now().toISOString();
    expect((await listed(`from=${now}`)).map((each) => each.sessionId)).toEqual([sessionId]);
    expect((await listed(`until=${now}`)).map((each) => each.sessionId)).not.toContain(sessionId);
    expect((await api(gateway(), '/v1/sessions?state=lost')).status).toBe(400);
    expect((await api(gateway(), '/v1/sessions?from=yesterday')).status).toBe(400);
  });
});

describe('the progress of a session', () => {
  it('keeps the last points, in the order in which they came', async () => {
    const sessionId = await session('Start');
    const points = [1, 2, 3, 4].map((n) => ({
      EventOccurred: `2026-05-01T10:0${n}:00+02:00`, ConsumedEnergyProgress: n / 10, ChargingDuration: n * 60_000,
    }));
    for (const point of points) {
      bench.clock.advance({ seconds: 1 });
      await post(gateway(), NOTIFY, notification('Progress', sessionId, point));
    }
    const { body } = await api<{ points: readonly object[] }>(gateway(), `/v1/sessions/${sessionId}/progress?limit=3`);
    expect(body.points).toMatchObject(
      [2, 3, 4].map((n) => ({ energyKwh: String(n / 10), chargingSeconds: n * 60, occurredAt: points[n - 1]?.EventOccurred })),
    );
    expect((await api(gateway(), `/v1/sessions/${newSession()}/progress`)).status).toBe(404);
  });
});

describe('charging notifications', () => {
  it('count once, whatever their order and however often they come, also for sessions nobody authorized', async () => {
    const sessionId = newSession();
    const types = ['End', 'Progress', 'Start', 'Error', 'Progress', 'End', 'Start', 'Error'] as const;
    for (const type of types) {
      expect((await post(gateway(), NOTIFY, notification(type, sessionId))).verdict).toBe('true 000');
    }
    const { body } = await api<{ state: string; chargingSeconds: number; story: { what: string; detail?: string }[] }>(
      gateway(), `/v1/sessions/${sessionId}`,
    );
    expect(body).toMatchObject({ state: 'ended', energyKwh: '11', chargingSeconds: 3_600 });
    expect(body.story.map(({ what }) => what).sort()).toEqual([
      'charging ended', 'charging progressed', 'charging started', 'station reported a failure',
    ]);
    const changes = await bench.service.database.query(
      'SELECT number FROM session_change WHERE session_id = $1 ORDER BY number', [sessionId],
    );
    expect(changes).toEqual([1, 2, 3, 4].map((number) => ({ number })));
  });

  it.each([
    ['an error with nothing but its session', { Type: 'Error' }, 'true 000'],
    ['a progress with nothing but its session', { Type: 'Progress' }, 'true 000'],
    ['a type nobody knows', { Type: 'Paused' }, 'false 022'],
    ['times that are none', { Type: 'Progress', EventOccurred: 'soon', ChargingStart: 'then' }, 'true 000'],
    ['a duration that is absurd', { Type: 'Progress', ChargingDuration: 1e15 }, 'true 000'],
  ])('with %s are tolerated, or refused as OICP has it', async (_, message, verdict) => {
    const sessionId = newSession();
    expect((await post(gateway(), NOTIFY, { ...message, SessionID: sessionId })).verdict).toBe(verdict);
    const { status, body } = await api<{ chargingSeconds: number | null }>(gateway(), `/v1/sessions/${sessionId}`);
    expect([status, body.chargingSeconds ?? null]).toEqual([verdict === 'true 000' ? 200 : 404, null]);
  });
});
