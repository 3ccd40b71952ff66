import { Agent, request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api } from './bench.ts';
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

const EACH = 2_500;
const AT_ONCE = 8;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let bench: Bench;
let gateway: RunningGateway;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start({ LOG_LEVEL: 'warn', DOOR_DEADLINE_MS: '10000' });
  await api(gateway, '/v1/contracts', { contracts: demoContracts() });
});
afterAll(async () => {
  agent.destroy();
  await bench.close();
});

interface Reply {
  readonly status: number;
  readonly text: string;
}

function post(path: string, body: string | Uint8Array): Promise<Reply> {
  const { port } = new URL(gateway.doorUrl);
  return new Promise((resolve, reject) => {
    const asking = request({ agent, method: 'POST', host: '127.0.0.1', port, path: `/api/oicp${path}` }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

/** Sends them all; answers by verdict. Throws for an answer that is no OICP message. */
async function send(seed: number, each: number): Promise<Readonly<Record<string, number>>> {
  const verdicts: Record<string, number> = {};
  const valid: readonly (readonly [string, object])[] = [
    [START, ask(newSession(), rfid(CARDS.good))],
    [STOP, ask(newSession(), rfid(CARDS.good))],
    [CDR, record(newSession())],
    [NOTIFY, notification('Progress', newSession())],
  ];
  for (const [path, message] of valid) {
    const bodies = brokenBodies(message, each, seed).values();
    const worker = async (): Promise<void> => {
      for (const body of bodies) {
        const { status, text } = await post(path, body);
        const answer = JSON.parse(text) as Readonly<Record<string, unknown>>;
        const { Code: code, AdditionalInfo: info = '' } = answer['StatusCode'] as Readonly<Record<string, string>>;
        const verdict = `${status} ${String(answer['AuthorizationStatus'] ?? answer['Result'])} ${code}`;
        if (info.length > 1_000 || info.includes(CARDS.good)) throw new Error(`AdditionalInfo of ${verdict}: ${info}`);
        if (code === '022' && info === '') throw new Error(`${path} does not say what was wrong with ${String(body)}`);
        verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  return verdicts;
}

const heapMb = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1_048_576;
};

describe('ten thousand broken messages', () => {
  it('have an OICP answer each, break nothing, and leave nothing in memory', async () => {
    await send(1, 200);
    const before = heapMb();
    const verdicts = await send(2, EACH);
    expect(heapMb() - before).toBeLessThan(10);
    expect(Object.values(verdicts).reduce((sum, count) => sum + count, 0)).toBe(4 * EACH);
    for (const verdict of Object.keys(verdicts)) {
      expect(verdict).toMatch(/^200 (Authorized 000|NotAuthorized (022|1\d\d|2\d\d|400)|true 000|false (022|400))$/);
    }
    expect(verdicts['200 NotAuthorized 022']).toBeGreaterThan(EACH / 2);
    expect(verdicts['200 false 022']).toBeGreaterThan(EACH / 2);
    expect(bench.log).not.toContain('"level":"error"');
  }, 120_000);
});
