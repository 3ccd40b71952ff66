import { connect } from 'node:net';
import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import {
  CARDS,
  CDR,
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
  gateway = await bench.start({
    DOOR_PEER_CONCURRENCY: '3',
    DOOR_DEADLINE_MS: '4000',
    DOOR_HEADER_TIMEOUT_MS: '1000',
    DOOR_REQUEST_TIMEOUT_MS: '2000',
    DOOR_HEADER_LIMIT_BYTES: '2048',
    DOOR_CONNECTIONS: '40',
  });
  await api(gateway, '/v1/contracts', { contracts: demoContracts() });
});
afterAll(() => bench.close());

const metrics = async (): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text();

/** What comes back for these bytes until the connection is closed. */
function raw(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(gateway.doorUrl).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(answer));
  });
}

describe('a peer that asks too much at once', () => {
  it('hears 106 at once for what is too much, whatever it asks', async () => {
    const connection = await bench.service.database.connect();
    await connection.query('BEGIN; LOCK TABLE charging_session IN ACCESS EXCLUSIVE MODE');
    try {
      const waiting = [1, 2, 3].map(() => post(gateway, START, ask(newSession(), rfid(CARDS.good))));
      await eventually(async () => /emp_door_in_flight\S* 3/.test(await metrics()));
      let answered = 0;
      for (const one of waiting) void one.then(() => (answered += 1));
      const refused = await Promise.all([
        post(gateway, START, ask(newSession(), rfid(CARDS.good))),
        post(gateway, STOP, ask(newSession(), rfid(CARDS.good))),
        post(gateway, CDR, record(newSession())),
        post(gateway, NOTIFY, notification('Start', newSession())),
      ]);
      expect(refused.map(({ verdict }) => verdict)).toEqual([
        'NotAuthorized 106',
        'NotAuthorized 106',
        'false 106',
        'false 106',
      ]);
      // At once: those that came before them still wait.
      expect(answered).toBe(0);
      const waited = new Set((await Promise.all(waiting)).map(({ verdict }) => verdict));
      expect(waited).toEqual(new Set(['NotAuthorized 021']));
    } finally {
      await connection.query('ROLLBACK');
      await connection.close();
    }
    expect((await post(gateway, START, ask(newSession(), rfid(CARDS.good)))).verdict).toBe('Authorized 000');
    expect(await metrics()).toMatch(/emp_door_refusals\w*\{[^}]*reason="peer-too-busy"[^}]*\} 4/);
    expect(await metrics()).toMatch(/emp_door_answers\w*\{[^}]*code="106"[^}]*\} \d/);
    expect(await metrics()).toMatch(/emp_door_in_flight\S* 0/);
  });
});

describe('a peer that dawdles', () => {
  it.each([
    ['with the head', 'POST /api/oicp HTTP/1.1\r\nhost: x\r\n'],
    ['with the body', `POST /api/oicp${START} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{`],
  ])('%s is cut off', async (_, text) => {
    await raw(text);
    expect(await metrics()).toMatch(/reason="too-slow"/);
    expect(await metrics()).toMatch(/emp_door_in_flight\S* 0/);
  });
});

describe('what is no message', () => {
  it('is refused when its head is too large', async () => {
    const answer = await raw(`POST /api/oicp${START} HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(4_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431/);
  });

  it('is refused when it is not HTTP', async () => {
    expect(await raw('\u0016\u0003\u0001 hello\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
  });
});

describe('more connections than are taken', () => {
  it('are closed, and the others answered', async () => {
    const sockets = Array.from({ length: 60 }, () => connect(Number(new URL(gateway.doorUrl).port), '127.0.0.1'));
    for (const socket of sockets) socket.on('error', () => undefined);
    await eventually(async () => (await metrics()).includes('reason="too-many-connections"'));
    for (const socket of sockets) socket.destroy();
    const verdict = async (): Promise<string> =>
      (await post(gateway, START, ask(newSession(), rfid(CARDS.unknown)))).verdict;
    await eventually(async () => (await verdict()) === 'NotAuthorized 102');
  });
});

describe('a 022', () => {
  const info = async (path: string, body: unknown): Promise<unknown> =>
    ((await post(gateway, path, body)).body['StatusCode'] as { AdditionalInfo?: string }).AdditionalInfo;

  it.each<[string, string, unknown, string]>([
    ['no JSON', START, '{"a":1,}', 'not JSON at line 1, column 8'],
    ['nothing', STOP, '', 'the body is empty'],
    ['a list', START, [], 'the message: no JSON object'],
    ['no identification', START, { OperatorID: 'DE*SIM' }, '/Identification: is missing'],
    ['no operator', START, { ...ask(newSession(), {}), OperatorID: null }, '/OperatorID: is missing'],
    ['no session', START, ask(undefined, rfid(CARDS.good)), '/SessionID: is missing'],
    ['no card', START, ask(newSession(), {}), '/Identification: is missing a card'],
    ['a record that is none', CDR, '\n{"SessionID":', 'not JSON at line 2, column 14'],
    ['a record without session', CDR, {}, '/SessionID: is missing'],
    ['a notification without type', NOTIFY, { SessionID: newSession() }, '/Type: is missing'],
    ['a notification of no type', NOTIFY, { Type: 'None', SessionID: newSession() }, '/Type: is none of Start'],
  ])('says what was wrong with %s', async (_, path, body, what) => {
    expect(await info(path, body)).toContain(what);
  });
});
