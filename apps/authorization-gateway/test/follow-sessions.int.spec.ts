import { connect } from 'node:net';
import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import { EventStream } from './event-stream.ts';
import { CARDS, CDR, NOTIFY, START, ask, demoContracts, newSession, notification, record, rfid } from './messages.ts';

let bench: Bench;
let one: RunningGateway;
let other: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  const few = { SESSION_LISTENERS: '3', SESSION_HEARTBEAT_SECONDS: '1' };
  one = await bench.start(few);
  other = await bench.start(few);
  await api(one, '/v1/contracts', { contracts: demoContracts() });
}, 60_000);
afterAll(async () => {
  await bench.close();
}, 30_000);

const streams: EventStream[] = [];
async function follow(gateway: RunningGateway, sessionId: string, lastEventId?: string): Promise<EventStream> {
  const stream = await EventStream.open(`${gateway.url}/v1/sessions/${sessionId}/events`, lastEventId);
  streams.push(stream);
  return stream;
}
const listeners = async (gateway: RunningGateway): Promise<number> => {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(/^(?:\w+_)?session_listeners(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1]);
};
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.leave();
  await eventually(async () => (await listeners(one)) + (await listeners(other)) === 0);
});

async function session(): Promise<string> {
  const sessionId = newSession();
  await eventually(async () => (await post(one, START, ask(sessionId, rfid(CARDS.good)))).verdict === 'Authorized 000');
  return sessionId;
}
const notify = (gateway: RunningGateway, type: 'Start' | 'Progress' | 'End', sessionId: string, more = {}): Promise<unknown> =>
  post(gateway, NOTIFY, notification(type, sessionId, more));

describe('following a session', () => {
  it('tells how it stands, then every change on any replica, and ends after its record', async () => {
    const sessionId = await session();
    const here = await follow(one, sessionId);
    const there = await follow(other, sessionId);
    expect(here.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await notify(one, 'Start', sessionId);
    await notify(other, 'Progress', sessionId, { ChargingDuration: 300_000 });
    await notify(one, 'End', sessionId);
    await post(other, CDR, record(sessionId));
    for (const stream of [here, there]) {
      const events = await stream.until(6);
      expect(stream.names).toEqual([
        'session', 'charging started', 'charging progressed', 'charging ended', 'record received', 'closed',
      ]);
      expect(events.map(({ id }) => id)).toEqual(['0', '1', '2', '3', '4', '4']);
      expect(events[0]?.data).toMatchObject({ sessionId, state: 'authorized' });
      expect(events[2]?.data).toMatchObject({ state: 'charging', energyKwh: '0.917', chargingSeconds: 300 });
      expect(events[5]?.data).toMatchObject({ sessionId, state: 'closed', energyKwh: '11', chargingSeconds: 3_600 });
      await eventually(() => stream.ended, { what: 'the end of the stream' });
    }
  });

  it('goes on after the last change an app has seen, on another replica, with all it missed', async () => {
    const sessionId = await session();
    const before = await follow(one, sessionId);
    await notify(one, 'Start', sessionId);
    await before.until(2);
    before.leave();
    const times = ['05', '10', '15'].map((minute) => `2026-05-01T10:${minute}:00+02:00`);
    for (const EventOccurred of times) await notify(one, 'Progress', sessionId, { EventOccurred });
    const resumed = await follow(other, sessionId, '1');
    const events = await resumed.until(3);
    expect(events.map(({ id, data }) => [id, data['what'], data['occurredAt']])).toEqual(
      times.map((time, index) => [String(index + 2), 'charging progressed', time]),
    );
    await notify(one, 'End', sessionId);
    expect((await resumed.until(4)).map(({ id }) => id)).toEqual(['2', '3', '4', '5']);
  });

  it('has nothing more to tell whoever has heard the end', async () => {
    const sessionId = await session();
    await post(one, CDR, record(sessionId));
    const late = await follow(one, sessionId);
    await late.until(2);
    expect(late.names).toEqual(['session', 'closed']);
    expect((await follow(other, sessionId, late.events[1]?.id)).response.status).toBe(204);
    const resumed = await follow(other, sessionId, '0');
    await resumed.until(2);
    expect(resumed.names).toEqual(['record received', 'closed']);
  });

  it('starts over for a number that was never given', async () => {
    const sessionId = await session();
    for (const odd of ['99', 'x', '-1']) {
      const stream = await follow(one, sessionId, odd);
      expect((await stream.until(1)).map(({ event }) => event)).toEqual(['session']);
      stream.leave();
      await eventually(async () => (await listeners(one)) === 0);
    }
  });

  it('hears heartbeats meanwhile', async () => {
    const stream = await follow(one, await session());
    await eventually(() => stream.beats >= 2, { what: 'two heartbeats' });
  });

  it('refuses one more than may listen with 503, and takes the next when one has left', async () => {
    const sessionId = await session();
    const places = await Promise.all([1, 2, 3].map(() => follow(one, sessionId)));
    const refused = await follow(one, sessionId);
    expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([503, '5']);
    places[0]?.leave();
    await eventually(async () => (await listeners(one)) === 2);
    expect((await follow(one, sessionId)).response.status).toBe(200);
  });

  it('of a session nobody spoke of is 404, and keeps no place', async () => {
    expect((await follow(one, newSession())).response.status).toBe(404);
    expect(await listeners(one)).toBe(0);
  });

  it('finds out by itself what nobody told, a heartbeat later', async () => {
    const sessionId = await session();
    const stream = await follow(one, sessionId);
    await stream.until(1);
    // A change whose notice was lost: only the database has it.
    await bench.service.database.query(
      `WITH changed AS (UPDATE charging_session SET changes = changes + 1 WHERE session_id = $1 RETURNING changes)
       INSERT INTO session_change SELECT $1, changes, now(), 'charging started', 'charging', '{}' FROM changed`,
      [sessionId],
    );
    await stream.until(2);
    expect(stream.names).toEqual(['session', 'charging started']);
  });

  it('goes on after the connection that hears of changes was lost', async () => {
    const sessionId = await session();
    const stream = await follow(one, sessionId);
    await stream.until(1);
    await bench.service.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query = 'LISTEN "gateway_session_changed"'`,
    );
    await notify(other, 'Start', sessionId);
    await stream.until(2);
    expect(stream.names).toEqual(['session', 'charging started']);
  });

  it('lets go of an app that is gone or does not read', async () => {
    const sessionId = await session();
    const { hostname, port } = new URL(one.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET /v1/sessions/${sessionId}/events HTTP/1.1\r\nhost: x\r\n\r\n`);
    await eventually(async () => (await listeners(one)) === 1);
    socket.destroy();
    await eventually(async () => (await listeners(one)) === 0);
  });

  it('ends when its replica stops, and goes on at another', async () => {
    const sessionId = await session();
    const third = await bench.start({ SESSION_HEARTBEAT_SECONDS: '1' });
    const stream = await follow(third, sessionId);
    await stream.until(1);
    await bench.stop(third);
    await eventually(() => stream.ended);
    await notify(one, 'Start', sessionId);
    const resumed = await follow(one, sessionId, '0');
    await resumed.until(1);
    expect(resumed.names).toEqual(['charging started']);
  });
});
