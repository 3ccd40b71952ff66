import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import { START, ask, contract, newSession, rfid } from './messages.ts';

let bench: Bench;
let gateway: RunningGateway;
let other: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start();
  other = await bench.start();
}, 60_000);
afterAll(async () => {
  await bench.close();
}, 30_000);

interface Explained {
  readonly status: string;
  readonly code: string;
  readonly rule: string;
  readonly facts: Readonly<Record<string, string | null>>;
}
interface Listed {
  readonly authorizations: readonly {
    readonly sessionId: string;
    readonly code: string;
    readonly explanation: { readonly rule: string; readonly facts: Readonly<Record<string, string | null>> };
  }[];
  readonly next: string | null;
}

const put = async (where: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }> => {
  const response = await fetch(`${gateway.url}${where}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
};

const register = async (...contracts: readonly object[]): Promise<void> => {
  const { status, body } = await api<{ rejected: unknown[] }>(gateway, '/v1/contracts', { contracts });
  expect([status, body.rejected]).toEqual([200, []]);
};

const tap = async (uid: string, more: Readonly<Record<string, unknown>> = {}, at = gateway): Promise<string> =>
  (await post(at, START, ask(newSession(), rfid(uid), more))).verdict;

describe('rules of a contract', () => {
  const [operators, countries, free] = ['04DD0000000001', '04DD0000000002', '04DD0000000003'] as const;
  beforeAll(async () => {
    await register(
      contract('DE-EMP-C10000001-X', [{ uid: operators }], {
        rules: { operators: { allowed: ['de*sim', '+49*810'] } },
      }),
      contract('DE-EMP-C10000002-X', [{ uid: countries }], { rules: { countries: { denied: ['FR'] } } }),
      contract('DE-EMP-C10000003-X', [{ uid: free }]),
    );
  });

  it.each<[string, string, Readonly<Record<string, unknown>>, string]>([
    ['an allowed operator', operators, {}, 'Authorized 000'],
    ['another one', operators, { OperatorID: 'DE*ABC', EvseID: 'DE*ABC*E1' }, 'NotAuthorized 320'],
    ['another one, no EVSE named', operators, { OperatorID: 'DE*ABC', EvseID: null }, 'NotAuthorized 320'],
    ['an allowed DIN one', operators, { OperatorID: '+49*810', EvseID: '+49*810*000*438' }, 'Authorized 000'],
    ['a country that is not denied', countries, {}, 'Authorized 000'],
    ['a denied one', countries, { EvseID: 'FR*SIM*E1' }, 'NotAuthorized 320'],
    ['a denied one as calling code', countries, { EvseID: '+33*810*000*438' }, 'NotAuthorized 320'],
    ['anywhere, without rules', free, { EvseID: 'FR*SIM*E1' }, 'Authorized 000'],
  ])('decide at %s', async (_, uid, more, verdict) => {
    expect(await tap(uid, more)).toBe(verdict);
  });

  it('are known to every replica, and stay when a contract is registered without them', async () => {
    const uid = '04DD0000000004';
    const terms = { rules: { operators: { denied: ['DE*SIM'] } } };
    await register(contract('DE-EMP-C10000004-X', [{ uid }], terms));
    expect(await tap(uid)).toBe('NotAuthorized 320');
    await eventually(async () => (await tap(uid, {}, other)) === 'NotAuthorized 320');
    await register(contract('DE-EMP-C10000004-X', [{ uid }], { tariffPlanId: 'other' }));
    expect(await tap(uid)).toBe('NotAuthorized 320');
    await register(contract('DE-EMP-C10000004-X', [{ uid }], { rules: null }));
    expect(await tap(uid)).toBe('Authorized 000');
    const again = await api(gateway, '/v1/contracts', {
      contracts: [contract('DE-EMP-C10000004-X', [{ uid }], { rules: {} })],
    });
    expect(again.body).toMatchObject({ contracts: { changed: 0, unchanged: 1 } });
  });

  it('are read again at the next start', async () => {
    const restarted = await bench.start();
    expect(await tap(operators, { OperatorID: 'DE*ABC', EvseID: null }, restarted)).toBe('NotAuthorized 320');
    expect(await tap(operators, {}, restarted)).toBe('Authorized 000');
    await bench.stop(restarted);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['an operator that is none', { rules: { operators: { allowed: ['DE*SIM', 'x'] } } }, 'rules/operators/allowed/1'],
    ['a country of three letters', { rules: { countries: { denied: ['DEU'] } } }, 'rules/countries/denied/0'],
    ['a rule nobody knows', { rules: { operator: [] } }, 'rules'],
    ['no session at all', { rules: { sessionLimit: 0 } }, 'rules/sessionLimit'],
    ['a negative credit', { credit: { amount: '-1', currency: 'EUR', reservePerSession: '1' } }, 'credit/amount'],
    ['no currency', { credit: { amount: '1', currency: 'XYZ', reservePerSession: '1' } }, 'credit/currency'],
    ['a PIN and a hash', { pin: '1234', hashedPin: `$2b$10$${'a'.repeat(53)}` }, 'hashedPin'],
    ['a hash that would take days', { hashedPin: `$2b$31$${'a'.repeat(53)}` }, 'hashedPin'],
    ['a stop medium that is none', { stopIdentifications: [{ uid: 'xyz' }] }, 'stopIdentifications/0'],
  ])('are refused with a pointer: %s', async (_, terms, where) => {
    const contracts = [contract('DE-EMP-C10000009-X', [], terms)];
    const { body } = await api<{ rejected: { pointer: string }[] }>(gateway, '/v1/contracts', { contracts });
    expect(body.rejected.map(({ pointer }) => pointer)).toEqual([`/contracts/0/${where}`]);
    expect(JSON.stringify(body)).not.toContain('a'.repeat(53));
  });
});

describe('subscriptions', () => {
  const uid = '04DD0000000011';
  beforeAll(() => register(contract('DE-EMP-C10000011-X', [{ uid }])));
  afterEach(() => put('/v1/subscriptions/DE-EMP', { operators: [] }));

  it('let drivers charge at listed operators only, on every replica; none listed = everywhere', async () => {
    expect((await api(gateway, '/v1/subscriptions/DE-EMP')).body).toEqual({
      providerId: 'DE-EMP',
      subscribed: 'all',
      operators: [],
    });
    expect(await put('/v1/subscriptions/de*emp', { operators: ['DE*ABC', 'DEABC', '+49*810'] })).toEqual({
      status: 200,
      body: { providerId: 'DE-EMP', subscribed: 'listed', operators: ['+49*810', 'DEABC'] },
    });
    expect(await tap(uid)).toBe('NotAuthorized 320');
    await eventually(async () => (await tap(uid, {}, other)) === 'NotAuthorized 320');
    expect(await tap(uid, { OperatorID: 'DE*ABC' })).toBe('Authorized 000');
    await put('/v1/subscriptions/DE-EMP', { operators: [] });
    expect(await tap(uid)).toBe('Authorized 000');
  });

  it.each<[string, string, unknown, number]>([
    ['of somebody else', '/v1/subscriptions/DE-XYZ', { operators: [] }, 404],
    ['without a list', '/v1/subscriptions/DE-EMP', {}, 400],
    ['with an operator that is none', '/v1/subscriptions/DE-EMP', { operators: ['DE*SIM', 7] }, 400],
  ])('are refused: %s', async (_, where, body, status) => {
    expect((await put(where, body)).status).toBe(status);
    expect(await tap(uid)).toBe('Authorized 000');
  });
});

describe('what was answered', () => {
  const uid = '04DD0000000021';
  const ofContract = async (more = ''): Promise<Listed> => {
    const explained = await api<Explained>(gateway, '/v1/authorizations/explain', ask(undefined, rfid(uid)));
    const contractRef = explained.body.facts['contractRef'] ?? '';
    return (await api<Listed>(gateway, `/v1/authorizations?contractRef=${contractRef}${more}`)).body;
  };

  it('is listed with code, rule and facts, by what one looks for, in pages', async () => {
    await register(contract('DE-EMP-C10000021-X', [{ uid }], { rules: { countries: { denied: ['FR'] } } }));
    expect(await tap(uid)).toBe('Authorized 000');
    expect(await tap(uid, { EvseID: 'FR*SIM*E1' })).toBe('NotAuthorized 320');
    await register(contract('DE-EMP-C10000021-X', [{ uid, status: 'blocked' }]));
    expect(await tap(uid)).toBe('NotAuthorized 200');
    const codes = ({ authorizations }: Listed): readonly string[] =>
      authorizations.map(({ code, explanation }) => `${code} ${explanation.rule}`).sort();
    const all = ['000 everything-in-order', '200 card-blocked', '320 country-not-allowed'];
    expect(codes(await ofContract())).toEqual(all);
    expect(codes(await ofContract('&code=000'))).toEqual(all.slice(0, 1));
    expect(codes(await ofContract('&code=320'))).toEqual(all.slice(2));
    expect(codes(await ofContract('&rule=card-blocked'))).toEqual(all.slice(1, 2));
    expect(codes(await ofContract('&from=2030-01-01T00:00:00Z'))).toEqual([]);
    expect(codes(await ofContract('&to=2030-01-01T00:00:00Z'))).toEqual(all);
    const pages: string[] = [];
    let cursor = '';
    for (let page = await ofContract('&limit=1'); ; page = await ofContract(`&limit=1&cursor=${cursor}`)) {
      pages.push(...codes(page));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(pages.sort()).toEqual(all);
    expect(JSON.stringify(await ofContract())).not.toContain(uid);
  });

  it('is in the story of its SessionID, and a refusal is no session', async () => {
    const sessionId = newSession();
    await post(gateway, START, ask(sessionId, rfid(uid)));
    const { body } = await api<{ story: object[] }>(gateway, `/v1/sessions/${sessionId}`);
    expect(body.story).toHaveLength(1);
    expect(body.story[0]).toMatchObject({ what: 'refused', code: '200', explanation: { rule: 'card-blocked' } });
    const sessions = await api<{ sessions: { sessionId: string }[] }>(gateway, '/v1/sessions?limit=500');
    expect(sessions.body.sessions.map((session) => session.sessionId)).not.toContain(sessionId);
    expect(sessions.body.sessions.length).toBeGreaterThan(0);
  });

  it.each([['code=9'], ['limit=0'], ['limit=501'], ['from=yesterday'], ['cursor=mine']])(
    'is not listed by %s',
    async (by) => {
      expect((await api(gateway, `/v1/authorizations?${by}`)).status).toBe(400);
    },
  );

  it('is told beforehand, and nothing is written', async () => {
    await register(contract('DE-EMP-C10000022-X', [{ uid: '04DD0000000022' }], { rules: { sessionLimit: 2 } }));
    const before = await bench.count('charging_session');
    const explain = async (body: unknown): Promise<string> => {
      const { status, code, rule } = (await api<Explained>(gateway, '/v1/authorizations/explain', body)).body;
      return `${status} ${code} ${rule}`;
    };
    expect(await explain(ask(undefined, rfid('04DD0000000022')))).toBe('Authorized 000 everything-in-order');
    expect(await explain(ask(undefined, rfid('04FFFFFFFFFFFF')))).toBe('NotAuthorized 102 card-unknown');
    expect(await explain(ask(undefined, rfid(uid)))).toBe('NotAuthorized 200 card-blocked');
    const question = ask(undefined, rfid('04DD0000000022'));
    const { body } = await api<Explained>(gateway, '/v1/authorizations/explain', question);
    expect(body.facts).toMatchObject({ sessionLimit: '2', liveSessions: '0', identification: 'rfid' });
    expect(await bench.count('charging_session')).toBe(before);
    expect((await api(gateway, '/v1/authorizations/explain', { OperatorID: 'DE*SIM' })).status).toBe(400);
    const nowhere = ask(undefined, {}, { OperatorID: 'x' });
    expect((await api(gateway, '/v1/authorizations/explain', nowhere)).status).toBe(400);
  });
});
