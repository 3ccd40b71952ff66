import { spawn, type ChildProcess } from 'node:child_process';
import { request, type ClientRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { eventually, freePort } from '@emp/testing';
import { Vault } from '@emp/vault';
import type { ImportView, RefusedLine } from '../src/contracts/import-contracts/imports.store.ts';
import { Pseudonyms } from '../src/contracts/pseudonyms.ts';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import { START, ask, newSession, rfid } from './messages.ts';

const GATEWAY = fileURLToPath(new URL('../src/bench/support/gateway-process.ts', import.meta.url));
const TYPESCRIPT = fileURLToPath(new URL('../../../libs/testing/jest/typescript.mjs', import.meta.url));
const HEADER = 'contractId,providerId,customerRef,tariffPlanId,validFrom,cards\n';

let bench: Bench;
let gateway: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start();
}, 30_000);
afterAll(() => bench.close(), 30_000);

const hex = (number: number): string => number.toString(16).toUpperCase().padStart(10, '0');
const contractId = (number: number): string => `DE-EMP-C${String(number).padStart(8, '0')}-X`;
const row = (number: number): string =>
  `${contractId(number)},DE-EMP,customer-${number},standard,2026-01-01T00:00:00Z,04AB${hex(number)}\n`;

async function upload(
  kind: string,
  lines: Iterable<string> | AsyncIterable<string>,
  { type = 'text/csv', at = gateway.url, query = '' } = {},
): Promise<{ status: number; body: ImportView & { detail: string; importId: string } }> {
  const body = Readable.from(
    (async function* () {
      let chunk = '';
      for await (const line of lines) {
        chunk += line;
        if (chunk.length < 16_384) continue;
        yield Buffer.from(chunk);
        chunk = '';
      }
      yield Buffer.from(chunk);
    })(),
  );
  const response = await fetch(`${at}/v1/imports?kind=${kind}${query}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: Readable.toWeb(body) as never,
    duplex: 'half',
  } as RequestInit);
  return { status: response.status, body: (await response.json()) as never };
}

const refusalsOf = async (importId: string): Promise<readonly RefusedLine[]> => {
  const all: RefusedLine[] = [];
  for (let cursor: number | null = 0; cursor !== null;) {
    const page: { refusals: RefusedLine[]; next: number | null } = (
      await api<{ refusals: RefusedLine[]; next: number | null }>(
        gateway,
        `/v1/imports/${importId}/refusals?limit=100&cursor=${cursor}`,
      )
    ).body;
    all.push(...page.refusals);
    cursor = page.next;
  }
  return all;
};
const verdict = async (uid: string): Promise<string> =>
  (await post(gateway, START, ask(newSession(), rfid(uid)))).verdict;

describe('an import of 20 000 contracts', () => {
  const TOTAL = 20_000;
  /** Every 500th line is bad in one of these ways. */
  const BAD: readonly ((number: number) => string)[] = [
    (number) => `${contractId(number)},DE-EMP,customer,standard,2026-01-01T00:00:00Z,04ABNOCARD\n`,
    (number) => `not a contract 04AB${hex(number)},DE-EMP,customer,standard,2026-01-01T00:00:00Z,\n`,
    (number) => `${contractId(number)},DE-XYZ,customer,standard,2026-01-01T00:00:00Z,\n`,
    (number) => `"${contractId(number)},DE-EMP,customer,standard,2026-01-01T00:00:00Z,\n`,
    (number) => `${contractId(number)},DE-EMP,customer\n`,
    (number) => `${contractId(number)},DE-EMP,customer,standard,yesterday,\n`,
  ];
  const isBad = (number: number): boolean => number % 500 === 0;
  function* file(): Generator<string> {
    yield HEADER;
    for (let number = 1; number <= TOTAL; number += 1) {
      yield isBad(number) ? (BAD[(number / 500) % BAD.length] as (typeof BAD)[0])(number) : row(number);
    }
  }

  it('keeps the good lines and tells the bad ones by number and reason, never by what they say', async () => {
    const { status, body } = await upload('contracts', file());
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: 'contracts',
      format: 'csv',
      state: 'done',
      caller: 'local',
      lastLine: TOTAL + 1,
      read: TOTAL,
      kept: TOTAL - 40,
      refused: 40,
      changed: (TOTAL - 40) * 2,
      detail: null,
    });
    expect(body.linesPerSecond).toBeGreaterThan(0);
    expect(await bench.count('contract')).toBe(TOTAL - 40);
    expect(await bench.count('card')).toBe(TOTAL - 40);
    const refusals = await refusalsOf(body.importId);
    expect(refusals.map(({ line }) => line)).toEqual(Array.from({ length: 40 }, (_, index) => (index + 1) * 500 + 1));
    expect(refusals.slice(0, 6).map(({ reasons }) => reasons[0]?.pointer)).toEqual([
      '/contractId',
      '/providerId',
      '',
      '',
      '/validFrom',
      '/cards/0/uid',
    ]);
    expect(JSON.stringify(refusals)).not.toMatch(/04AB|C000|customer/);
    expect((await bench.events('ContractRegistered')).length).toBe(TOTAL - 40);
  }, 120_000);

  it('is known at the door', async () => {
    await eventually(async () => (await verdict(`04AB${hex(TOTAL - 1)}`)) === 'Authorized 000' || undefined, {
      what: 'the last card',
    });
    expect(await verdict(`04AB${hex(500)}`)).toBe('NotAuthorized 102');
  });

  it('changes nothing the second time', async () => {
    const events = await bench.count('outbox');
    const { body } = await upload('contracts', file());
    expect(body).toMatchObject({ state: 'done', kept: TOTAL - 40, refused: 40, changed: 0 });
    expect(await bench.count('outbox')).toBe(events);
  }, 120_000);
});

describe('an import', () => {
  it('of NDJSON takes whole contracts with rules and cards; the last line about one has the last word', async () => {
    const line = (number: number, more: object): string =>
      `${JSON.stringify({
        contractId: contractId(number),
        providerId: 'DE-EMP',
        customerRef: 'Müller & Söhne',
        tariffPlanId: 'standard',
        validFrom: '2026-01-01T00:00:00Z',
        ...more,
      })}\n`;
    const { body } = await upload(
      'contracts',
      [
        line(30_001, { rules: { countries: { allowed: ['DE'] } }, cards: [{ uid: '04CC0000000001' }] }),
        '{"contractId": "04CC0000000009\n',
        '[]\n\n',
        line(30_002, { rules: { nonsense04CC: true } }),
        line(30_001, { tariffPlanId: 'later', cards: [{ uid: '04CC0000000001', status: 'blocked' }] }),
      ],
      { type: 'application/x-ndjson; charset=utf-8' },
    );
    expect(body).toMatchObject({ state: 'done', format: 'ndjson', lastLine: 6, read: 5, kept: 2, refused: 3 });
    const refusals = await refusalsOf(body.importId);
    expect(refusals.map(({ line: at, reasons }) => [at, reasons[0]?.detail])).toEqual([
      [2, 'the line is not JSON'],
      [3, 'a JSON object is expected'],
      [5, 'has a member that is not known here'],
    ]);
    expect(JSON.stringify(refusals)).not.toContain('04CC');
    const found = await api<{ tariffPlanId: string; rules: object }>(gateway, '/v1/contracts/lookup', {
      contractId: contractId(30_001),
    });
    expect(found.body).toMatchObject({ tariffPlanId: 'later', rules: { countries: { allowed: ['DE'] } } });
    await eventually(async () => (await verdict('04CC0000000001')) === 'NotAuthorized 200' || undefined, {
      what: 'blocked',
    });
  });

  it('of cards blocks and adds them; a card of a contract that is not registered is refused', async () => {
    const { body } = await upload('cards', [
      '\uFEFFUID;contractId;status\r\n',
      `"04CC0000000002";${contractId(1)};\r\n`,
      `04AB${hex(2)};${contractId(2)};blocked\r\n`,
      `04CC0000000003;${contractId(99_999)};\r\n`,
    ]);
    expect(body).toMatchObject({ state: 'done', kind: 'cards', kept: 2, refused: 1, changed: 2 });
    expect(await refusalsOf(body.importId)).toEqual([
      { line: 4, reasons: [{ pointer: '/contractId', detail: 'no contract is registered with this id' }] },
    ]);
    await eventually(async () => (await verdict(`04AB${hex(2)}`)) === 'NotAuthorized 200' || undefined, {
      what: 'blocked',
    });
    expect(await verdict('04CC0000000002')).toBe('Authorized 000');
  });

  it.each([
    ['cards', '04A2B3C4D5E680,DE-EMP-C1\n', 'text/csv', 400, 'header-unknown'],
    ['cards', '{}', 'application/json', 415, 'format-unknown'],
    ['tariffs', HEADER, 'text/csv', 400, 'request-invalid'],
  ])('of %s that cannot be one is refused as a whole (%#)', async (kind, text, type, status, slug) => {
    const refused = await upload(kind, [text], { type });
    expect(refused).toMatchObject({ status, body: { type: `urn:emp:problem:${slug}` } });
    expect(JSON.stringify(refused.body)).not.toContain('04A2B3');
  });

  it('whose client dies is interrupted after its last committed line, and goes on from there', async () => {
    const lines = Array.from({ length: 3_500 }, (_, index) => row(40_000 + index));
    const client = beginUpload(gateway.url, HEADER + lines.slice(0, 2_500).join(''));
    const newest = async (): Promise<ImportView> => {
      const { body } = await api<{ imports: [ImportView] }>(gateway, '/v1/imports?limit=1');
      return body.imports[0];
    };
    const running = await eventually(async () => ((await newest()).lastLine >= 1_001 ? newest() : undefined), {
      what: 'the first batch',
    });
    expect(running).toMatchObject({ state: 'running', endedAt: null });
    client.destroy();
    const view = await eventually(async () => ((await newest()).state === 'interrupted' ? newest() : undefined), {
      what: 'interrupted',
    });
    expect(view.lastLine).toBe(view.kept + 1);
    expect(view.detail).not.toBeNull();
    const before = view.kept;
    const rest = await upload('contracts', [HEADER, ...lines], { query: `&afterLine=${view.lastLine}` });
    expect(rest.body).toMatchObject({ state: 'done', lastLine: 3_501, read: 3_500 - before, kept: 3_500 - before });
    const [stored] = await bench.service.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM contract WHERE registered_at IS NOT NULL AND customer_ref = ANY($1)`,
      [await customersOf(lines)],
    );
    expect(stored?.count).toBe(3_500);
  }, 60_000);

  it('whose process is killed shows as interrupted, and nothing of what it told is missing', async () => {
    const port = await freePort();
    const child = startProcess(port);
    try {
      await child.started;
      const rows = Array.from({ length: 8_000 }, (_, index) => row(60_000 + index));
      const newest = async (): Promise<ImportView> =>
        (await api<{ imports: [ImportView] }>(gateway, '/v1/imports?limit=1')).body.imports[0];
      const { importId: before } = await newest();
      beginUpload(`http://127.0.0.1:${port}`, HEADER + rows.join(''));
      const isUnderWay = ({ importId, lastLine }: ImportView): boolean => importId !== before && lastLine > 3_000;
      await eventually(async () => (isUnderWay(await newest()) ? true : undefined), {
        what: 'some batches',
        withinMs: 40_000,
      });
      child.process.kill('SIGKILL');
      await child.ended;
      await bench.service.database.query(
        `UPDATE bulk_import SET heard_at = heard_at - interval '31 seconds' WHERE state = 'running'`,
      );
      const view = await newest();
      expect(view).toMatchObject({ state: 'interrupted', detail: 'its process ended without a word', refused: 0 });
      const [stored] = await bench.service.database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM contract WHERE registered_at >= $1`,
        [new Date(view.startedAt)],
      );
      expect(stored?.count).toBe(view.kept);
      expect(view.lastLine).toBe(view.kept + 1);
    } finally {
      child.process.kill('SIGKILL');
    }
  }, 90_000);

  it('says nothing about cards in the log', () => {
    expect(bench.log).not.toMatch(/04AB[0-9A-F]{10}|04CC0000|C000\d{5}/);
  });
});

async function customersOf(lines: readonly string[]): Promise<readonly string[]> {
  const pseudonyms = new Pseudonyms(Vault.fromKeys(bench.secrets.keys, bench.secrets.pepper));
  return lines.map((line) => pseudonyms.customerRef(line.split(',')[2] ?? ''));
}

/** Sends this much of a file and leaves the rest open. */
function beginUpload(url: string, text: string): ClientRequest {
  const { hostname, port } = new URL(url);
  const client = request({
    hostname,
    port,
    path: '/v1/imports?kind=contracts',
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
  });
  client.on('error', () => undefined);
  client.write(text);
  return client;
}

interface GatewayProcess {
  readonly process: ChildProcess;
  readonly started: Promise<void>;
  readonly ended: Promise<void>;
}

function startProcess(port: number): GatewayProcess {
  const child = spawn(process.execPath, ['--conditions=@emp/source', '--import', TYPESCRIPT, GATEWAY], {
    env: { ...process.env, NODE_OPTIONS: '', ...bench.environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const started = new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => line.startsWith('http') && resolve());
    void ended.then(() => reject(new Error('the gateway ended')));
  });
  started.catch(() => undefined);
  return { process: child, started, ended };
}
