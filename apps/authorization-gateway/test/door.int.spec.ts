import { request } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post, type Answered } from './bench.ts';
import { brokenBodies } from './broken-bodies.ts';
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
  gateway = await bench.start({ DOOR_BODY_LIMIT_BYTES: '20000' });
  await api(gateway, '/v1/contracts', { contracts: demoContracts() });
}, 30_000);
afterAll(async () => {
  await bench.close();
}, 30_000);

/** Writes to the socket what no HTTP client would. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(gateway.doorUrl).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
  });
}

describe('paths', () => {
  it.each([['DE*SIM'], ['DE%2ASIM'], ['DESIM'], ['de*sim'], ['+49*536'], ['%2B49%2A536'], ['+49%2A536']])(
    'takes %s as an operator id',
    async (inPath) => {
      const answer = await post(
        gateway,
        `/charging/v21/operators/${inPath}/authorize/start`,
        ask(newSession(), rfid(CARDS.good)),
      );
      expect(answer.verdict).toBe('Authorized 000');
    },
  );

  it.each([
    ['/api/oicp//charging/v21/operators/DE*SIM/authorize/start'],
    [`/api/oicp${START}/`],
    [`/api/oicp${START}?x=1`],
  ])('takes %s, as a portal entry may make of it', async (path) => {
    const response = await fetch(`${gateway.doorUrl}${path}`, {
      method: 'POST',
      body: JSON.stringify(ask(newSession(), rfid(CARDS.good))),
    });
    expect(await response.json()).toMatchObject({ AuthorizationStatus: 'Authorized' });
  });

  it('notes that path and body name different operators, and answers all the same', async () => {
    const sessionId = newSession();
    const answer = await post(
      gateway,
      '/charging/v21/operators/DE*XYZ/authorize/start',
      ask(sessionId, rfid(CARDS.good)),
    );
    expect(answer.verdict).toBe('Authorized 000');
    expect(await bench.logLine(sessionId)).toMatchObject({
      operatorId: 'DE*SIM',
      findings: ['path-operator-differs'],
    });
  });

  it('does not note it when they are two spellings of one operator', async () => {
    const sessionId = newSession();
    await post(gateway, '/charging/v21/operators/DESIM/authorize/start', ask(sessionId, rfid(CARDS.good)));
    expect(await bench.logLine(sessionId)).not.toHaveProperty('findings');
  });

  it('answers a path that cannot be decoded with 022', async () => {
    const answer = await post(
      gateway,
      '/charging/v21/operators/DE%ZZ/authorize/start',
      ask(newSession(), rfid(CARDS.good)),
    );
    expect(answer).toMatchObject({ http: 200, verdict: 'NotAuthorized 022' });
  });

  it('answers 404 elsewhere', async () => {
    expect((await post(gateway, '/charging/v99/anything', {})).http).toBe(404);
    expect((await fetch(`${gateway.doorUrl}/api/oicp${START}`)).status).toBe(404);
  });

  it('takes another prefix', async () => {
    const other = await bench.start({ DOOR_PREFIX: '/' });
    const response = await fetch(`${other.doorUrl}${START}`, {
      method: 'POST',
      body: JSON.stringify(ask(newSession(), rfid(CARDS.good))),
    });
    expect(await response.json()).toMatchObject({ AuthorizationStatus: 'Authorized' });
    await bench.stop(other);
  });
});

describe('bodies', () => {
  it.each([
    ['application/json;charset=UTF-8'],
    ['application/json; charset=ISO-8859-1'],
    ['text/plain'],
    ['application/octet-stream'],
    ['application/x-www-form-urlencoded'],
    ['*/*'],
    ['garbage'],
    [';'],
  ])('reads JSON that is announced as %s', async (contentType) => {
    const answer = await post(gateway, START, JSON.stringify(ask(newSession(), rfid(CARDS.good))), {
      'content-type': contentType,
    });
    expect(answer).toMatchObject({ http: 200, verdict: 'Authorized 000' });
  });

  it('reads JSON that is not announced at all, and says so to nobody', async () => {
    const body = JSON.stringify(ask(newSession(), rfid(CARDS.good)));
    const answer = await raw(
      `POST /api/oicp${START} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n` +
        `content-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
    expect(answer).toContain('"Authorized"');
  });

  it.each([
    [START, 'NotAuthorized 022'],
    [STOP, 'NotAuthorized 022'],
    [CDR, 'false 022'],
    [NOTIFY, 'false 022'],
  ])('answers an empty body, one that is too large and one that is no JSON at %s', async (path, verdict) => {
    expect((await post(gateway, path, '')).verdict).toBe(verdict);
    expect((await post(gateway, path, `{"SessionID":"${'x'.repeat(30_000)}"}`)).verdict).toBe(verdict);
    expect((await post(gateway, path, 'nonsense')).verdict).toBe(verdict);
    const answer = await raw(`POST /api/oicp${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK[^]*"022"/);
  });

  it('answers a message that expects what no server does', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { expect: 'the unexpected' };
      request(`${gateway.doorUrl}/api/oicp${START}`, { method: 'POST', headers }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode));
      })
        .once('error', reject)
        .end('{}');
    });
    expect(status).toBe(200);
  });

  it('answers whatever is broken, hundreds of them, and lives on', async () => {
    const valid: readonly (readonly [string, object])[] = [
      [START, ask(newSession(), rfid(CARDS.good))],
      [STOP, ask(newSession(), rfid(CARDS.good))],
      [CDR, record(newSession())],
      [NOTIFY, notification('Progress', newSession())],
    ];
    const verdicts = new Map<string, number>();
    for (const [path, message] of valid) {
      for (const body of brokenBodies(message, 150)) {
        const answer: Answered = await post(gateway, path, body);
        expect(answer.http).toBe(200);
        expect(answer.verdict).toMatch(
          /^(Authorized 000|NotAuthorized (022|1\d\d|2\d\d|400)|true 000|false (022|400))$/,
        );
        verdicts.set(answer.verdict, (verdicts.get(answer.verdict) ?? 0) + 1);
      }
    }
    expect(verdicts.get('NotAuthorized 022')).toBeGreaterThan(50);
    expect(verdicts.get('false 022')).toBeGreaterThan(50);
    expect((await post(gateway, START, ask(newSession(), rfid(CARDS.good)))).verdict).toBe('Authorized 000');
    await bench.logLine('"code":"022"');
    expect(bench.log).not.toContain('"level":"error"');
  }, 60_000);
});

describe('measurements', () => {
  it('count answers by code and sessions by state', async () => {
    await post(gateway, START, ask(newSession(), rfid(CARDS.unknown)));
    // A scrape does without what the database is slow to tell.
    const metrics = await eventually(async () => {
      const scraped = await (await fetch(`${gateway.url}/metrics`)).text();
      return scraped.includes('emp_scrape_missing 0') && scraped;
    });
    expect(metrics).toMatch(/emp_door_answers\w*\{[^}]*code="102"[^}]*\} \d+/);
    expect(metrics).toMatch(/emp_door_answer_duration\w*_bucket\{[^}]*operation="AuthorizeStart"/);
    expect(metrics).toMatch(/emp_sessions\{[^}]*state="authorized"[^}]*\} \d+/);
    expect(metrics).toMatch(/emp_card_index_cards\S* 8/);
  });
});
