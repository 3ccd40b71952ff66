import { createHash } from 'node:crypto';
import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, post } from './bench.ts';
import { START, ask, contract, newSession, rfid } from './messages.ts';

const sha = (key: string): string => createHash('sha256').update(key).digest('hex');
const API_KEYS = [`desk:read+write:${sha('desk')}`, `vip:read+write+secrets:${sha('vip')}`].join(',');

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}
type Listed = Readonly<Record<string, unknown>>[];

let bench: Bench;
let gateway: RunningGateway;
let replica: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start({ API_KEYS });
  replica = await bench.start({ API_KEYS });
  await call('POST', '/v1/contracts', {
    contracts: [
      {
        ...contract('DE-EMP-C77000001-X', [{ uid: '04770000000001' }, { uid: '04770000000002' }]),
        tariffPlanId: 'gold',
      },
      {
        ...contract('DE-EMP-C77000002-X', [{ uid: '04770000000003' }]),
        customerRef: 'somebody-else',
        status: 'blocked',
      },
      contract('DE-OFL-C77000003-X', []),
    ].map((each, index) => (index === 2 ? { ...each, providerId: 'DE-OFL' } : each)),
  });
}, 30_000);
afterAll(() => bench.close(), 30_000);

async function call(
  method: string,
  where: string,
  body?: unknown,
  {
    key = 'desk',
    at = gateway,
    headers = {},
  }: { key?: string; at?: RunningGateway; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${at.url}${where}`, {
    method,
    headers: { 'x-api-key': key, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

const verdict = async (uid: string, at: RunningGateway): Promise<string> =>
  (await post(at, START, ask(newSession(), rfid(uid)))).verdict;

const refOf = async (contractId: string): Promise<string> =>
  (await call('POST', '/v1/contracts/lookup', { contractId })).body['contractRef'] as string;
const cardRefOf = async (uid: string): Promise<string> =>
  (await call('POST', '/v1/cards/lookup', { uid })).body['cardRef'] as string;

describe('contracts', () => {
  it('are listed in pages, each once, and filtered', async () => {
    const seen: unknown[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { body } = await call('GET', `/v1/contracts?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...(body['contracts'] as Listed).map(({ contractRef }) => contractRef));
      cursor = body['next'] as string | null;
    }
    expect(new Set(seen).size).toBe(3);
    expect(seen).toHaveLength(3);
    const listed = async (query: string): Promise<number> =>
      ((await call('GET', `/v1/contracts?${query}`)).body['contracts'] as Listed).length;
    expect(await listed('tariffPlanId=gold')).toBe(1);
    expect(await listed('status=blocked')).toBe(1);
    expect(await listed('providerId=de*ofl')).toBe(1);
    expect(await listed('customerRef=somebody-else')).toBe(1);
    expect(await listed('customerRef=nobody')).toBe(0);
    expect(await listed('status=active&tariffPlanId=gold')).toBe(1);
  });

  it('refuse queries they do not understand', async () => {
    expect((await call('GET', '/v1/contracts?limit=0')).body).toMatchObject({ findings: [{ pointer: '/limit' }] });
    expect((await call('GET', '/v1/contracts?state=blocked')).body).toMatchObject({
      findings: [{ pointer: '/state' }],
    });
    expect((await call('GET', '/v1/contracts?cursor=x')).status).toBe(400);
    expect((await call('GET', '/v1/contracts/con-unknown')).status).toBe(404);
  });

  it('show numbers only to callers with the scope secrets', async () => {
    const masked = await call('POST', '/v1/contracts/lookup', { contractId: 'de-emp-c77000001-x' });
    expect(masked.body).toMatchObject({ contractId: '**************01-X', cards: 2, hasPin: false, credit: null });
    expect(JSON.stringify(masked.body)).not.toContain('C77000001');
    const clear = await call('POST', '/v1/contracts/lookup', { contractId: 'DE-EMP-C77000001-X' }, { key: 'vip' });
    expect(clear.body).toMatchObject({ contractId: 'DE-EMP-C77000001-X' });
    const cards = await call('GET', `/v1/contracts/${String(clear.body['contractRef'])}/cards`);
    expect((cards.body['cards'] as Listed).map(({ uid }) => uid).sort()).toEqual(['**********0001', '**********0002']);
  });

  it('that are blocked are denied on every replica within a second, and told as an event', async () => {
    const contractRef = await refOf('DE-EMP-C77000001-X');
    expect(await verdict('04770000000001', replica)).toBe('Authorized 000');
    const before = (await bench.events('ContractRegistered')).length;
    const changed = await call('PATCH', `/v1/contracts/${contractRef}`, { status: 'blocked' });
    const answeredAt = performance.now();
    expect(changed).toMatchObject({ status: 200, body: { status: 'blocked', tariffPlanId: 'gold' } });
    expect(await verdict('04770000000001', gateway)).toBe('NotAuthorized 200');
    await eventually(async () => (await verdict('04770000000001', replica)) === 'NotAuthorized 200' || undefined, {
      what: 'the replica knows',
    });
    expect(performance.now() - answeredAt).toBeLessThan(1_000);
    const events = (await bench.events('ContractRegistered')).slice(before);
    expect(events).toEqual([
      { type: 'ContractRegistered', data: expect.objectContaining({ contractRef, status: 'blocked' }) },
    ]);
    // The same again changes nothing and tells nothing.
    await call('PATCH', `/v1/contracts/${contractRef}`, { status: 'blocked' });
    expect((await bench.events('ContractRegistered')).length).toBe(before + 1);
    await call('PATCH', `/v1/contracts/${contractRef}`, { status: 'active' });
  });

  it('take a change of plan, end and lists of operators and countries; what is absent stays', async () => {
    const contractRef = await refOf('DE-EMP-C77000001-X');
    await call('PATCH', `/v1/contracts/${contractRef}`, {
      rules: { countries: { allowed: ['DE', 'AT'] }, operators: { denied: ['DE*BAD'] } },
      credit: { amount: '50.00', currency: 'EUR', reservePerSession: '10' },
    });
    const changed = await call('PATCH', `/v1/contracts/${contractRef}`, {
      tariffPlanId: 'silver',
      validUntil: '2030-01-01T00:00:00Z',
    });
    expect(changed.body).toMatchObject({
      tariffPlanId: 'silver',
      validUntil: '2030-01-01T00:00:00.000Z',
      rules: { countries: { allowed: ['AT', 'DE'], denied: [] } },
      credit: { amount: '50.00', currency: 'EUR' },
    });
    expect((await call('PATCH', `/v1/contracts/${contractRef}`, { validUntil: null })).body).toMatchObject({
      validUntil: null,
    });
  });

  it('refuse a change that makes no sense, naming the member', async () => {
    const contractRef = await refOf('DE-EMP-C77000001-X');
    const refused = async (wish: unknown): Promise<unknown> => {
      const { status, body } = await call('PATCH', `/v1/contracts/${contractRef}`, wish);
      return [status, (body['findings'] as { pointer: string }[] | undefined)?.map(({ pointer }) => pointer)];
    };
    expect(await refused({ status: 'gone' })).toEqual([400, ['/status']]);
    expect(await refused({ validUntil: 'tomorrow' })).toEqual([400, ['/validUntil']]);
    expect(await refused({ validUntil: '2020-01-01T00:00:00Z' })).toEqual([400, ['/validUntil']]);
    expect(await refused({ rules: { countries: { allowed: ['Germany'] } } })).toEqual([
      400,
      ['/rules/countries/allowed/0'],
    ]);
    expect(await refused({ contractId: 'DE-EMP-C1' })).toEqual([400, ['']]);
    expect(await refused([])).toEqual([400, ['']]);
  });
});

describe('cards', () => {
  it('are added, blocked, freed and ended; each within a second on every replica', async () => {
    const contractRef = await refOf('DE-EMP-C77000001-X');
    const uid = '04770000000009';
    const becomes = async (expected: string): Promise<void> => {
      const asked = performance.now();
      expect(await verdict(uid, gateway)).toBe(expected);
      await eventually(async () => (await verdict(uid, replica)) === expected || undefined, { what: expected });
      expect(performance.now() - asked).toBeLessThan(1_000);
    };
    const added = await call('POST', `/v1/contracts/${contractRef}/cards`, { uid });
    expect(added).toMatchObject({ status: 200, body: { contractRef, status: 'active', uid: '**********0009' } });
    const card = `/v1/cards/${String(added.body['cardRef'])}`;
    await becomes('Authorized 000');
    await call('PATCH', card, { status: 'blocked' });
    await becomes('NotAuthorized 200');
    await call('PATCH', card, { status: 'active' });
    await becomes('Authorized 000');
    expect((await call('DELETE', card)).body).toMatchObject({
      status: 'ended',
      validUntil: bench.clock.now().toISOString(),
    });
    await becomes('NotAuthorized 210');
    expect((await call('GET', `/v1/contracts/${contractRef}/cards?status=ended`)).body['cards']).toHaveLength(1);
    expect(await bench.events('CardRegistered')).toContainEqual({
      type: 'CardRegistered',
      data: expect.objectContaining({ contractRef, validUntil: bench.clock.now().toISOString() }),
    });
  });

  it('belong to one contract at a time, and are moved knowingly', async () => {
    const [first, second] = [await refOf('DE-EMP-C77000001-X'), await refOf('DE-EMP-C77000002-X')];
    const refused = await call('POST', `/v1/contracts/${second}/cards`, { uid: '04770000000002' });
    expect(refused).toMatchObject({ status: 409, body: { type: 'urn:emp:problem:card-of-another-contract' } });
    const cardRef = await cardRefOf('04770000000002');
    expect((await call('PATCH', `/v1/cards/${cardRef}`, { contractRef: second })).body).toMatchObject({
      contractRef: second,
    });
    expect((await call('PATCH', `/v1/cards/${cardRef}`, { contractRef: 'con-none' })).status).toBe(404);
    await call('PATCH', `/v1/cards/${cardRef}`, { contractRef: first });
  });

  it('that are not ours, or no cards, are told so without repeating them', async () => {
    expect((await call('POST', '/v1/cards/lookup', { uid: '04FFFFFFFFFFFF' })).status).toBe(404);
    const none = await call('POST', '/v1/cards/lookup', { uid: 'no card 04770000000001' });
    expect(none).toMatchObject({ status: 400, body: { findings: [{ pointer: '/uid' }] } });
    expect(JSON.stringify(none.body)).not.toContain('04770000000001');
  });

  it('are added once under one Idempotency-Key, and the answer is kept with the card', async () => {
    const contractRef = await refOf('DE-EMP-C77000001-X');
    const add = (): Promise<Answer> =>
      call(
        'POST',
        `/v1/contracts/${contractRef}/cards`,
        { uid: '04770000000011' },
        { headers: { 'idempotency-key': 'add-11' } },
      );
    const first = await add();
    await call('DELETE', `/v1/cards/${String(first.body['cardRef'])}`);
    const again = await add();
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await verdict('04770000000011', gateway)).toBe('NotAuthorized 210');
  });
});

it('no card number or contract id is in the log', () => {
  expect(bench.log).not.toMatch(/0477000000000\d|C7700000\d/);
});
