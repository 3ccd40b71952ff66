import type { RunningGateway } from '../src/index.ts';
import { Bench } from './bench.ts';
import { contract } from './messages.ts';

let bench: Bench;
let gateway: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start();
}, 30_000);
afterAll(() => bench.close(), 30_000);

interface Answer {
  readonly status: number;
  readonly replayed: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

async function register(
  key: string,
  contractId: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const response = await fetch(`${gateway.url}/v1/contracts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ contracts: [{ ...contract(contractId, [{ uid: '04AABBCCDD0011' }]), ...more }] }),
  });
  return {
    status: response.status,
    replayed: response.headers.get('idempotency-replayed'),
    body: (await response.json()) as Answer['body'],
  };
}

describe('a request with an Idempotency-Key', () => {
  it('is carried out once and answered the same for a day', async () => {
    const first = await register('key-1', 'DE-EMP-C10000001-X');
    expect(first).toMatchObject({ status: 200, replayed: null, body: { contracts: { changed: 1, unchanged: 0 } } });
    const again = await register('key-1', 'DE-EMP-C10000001-X');
    expect(again).toEqual({ ...first, replayed: 'true' });
    await bench.service.database.query(`UPDATE idempotent_request SET begun_at = begun_at - interval '25 hours'`);
    expect(await register('key-1', 'DE-EMP-C10000001-X')).toMatchObject({
      replayed: null,
      body: { contracts: { changed: 0, unchanged: 1 } },
    });
  });

  it('is refused with another body under the same key', async () => {
    await register('key-2', 'DE-EMP-C10000002-X');
    expect(await register('key-2', 'DE-EMP-C10000003-X')).toMatchObject({
      status: 422,
      body: { type: 'urn:emp:problem:idempotency-key-reused' },
    });
  });

  it('hears 409 while the same one is being carried out, and is taken over when its process died', async () => {
    await register('key-3', 'DE-EMP-C10000004-X');
    await bench.service.database.query(
      `UPDATE idempotent_request SET status = NULL, sealed_answer = NULL WHERE key = 'key-3'`,
    );
    expect(await register('key-3', 'DE-EMP-C10000004-X')).toMatchObject({
      status: 409,
      body: { type: 'urn:emp:problem:request-at-work' },
    });
    await bench.service.database.query(
      `UPDATE idempotent_request SET held_until = now() - interval '1 second' WHERE key = 'key-3'`,
    );
    expect(await register('key-3', 'DE-EMP-C10000004-X')).toMatchObject({
      status: 200,
      replayed: null,
      body: { contracts: { changed: 0, unchanged: 1 } },
    });
  });

  it('is carried out once, however many come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => register('key-4', 'DE-EMP-C10000005-X')));
    const carriedOut = answers.filter(({ status, replayed }) => status === 200 && replayed === null);
    expect(carriedOut).toHaveLength(1);
    expect(answers.filter(({ status, replayed }) => status !== 409 && replayed !== 'true')).toEqual(carriedOut);
  });

  it('that was refused has done nothing and may come again', async () => {
    const refused = await fetch(`${gateway.url}/v1/contracts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'key-5' },
      body: '{}',
    });
    expect(refused.status).toBe(400);
    expect((await register('key-5', 'DE-EMP-C10000006-X')).status).toBe(200);
  });

  it('is refused when the key is none', async () => {
    expect(await register('two words', 'DE-EMP-C10000007-X')).toMatchObject({
      status: 400,
      body: { type: 'urn:emp:problem:idempotency-key-malformed' },
    });
  });

  it('keeps nothing that names a card', async () => {
    await register('key-6', 'DE-EMP-C10000008-X');
    const rows = await bench.service.database.query(`SELECT * FROM idempotent_request`);
    expect(
      JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toMatch(/04AABBCCDD0011|C10000008/);
  });
});
