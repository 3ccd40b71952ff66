import type { CardFacts, ContractFacts } from '@emp/events';
import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import { CARDS, START, ask, contract, newSession, rfid } from './messages.ts';

let bench: Bench;
let gateway: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start();
}, 30_000);
afterAll(async () => {
  await bench.close();
}, 30_000);

interface Registered {
  readonly contracts: { readonly changed: number; readonly unchanged: number };
  readonly cards: { readonly changed: number; readonly unchanged: number };
  readonly rejected: readonly { readonly pointer: string; readonly detail: string }[];
}
const register = async (...contracts: readonly unknown[]): Promise<Registered> =>
  (await api<Registered>(gateway, '/v1/contracts', { contracts })).body;
const verdict = async (uid: string, at: RunningGateway = gateway): Promise<string> =>
  (await post(at, START, ask(newSession(), rfid(uid)))).verdict;

/** A contract of its own for each test. */
let numbers = 0;
const fresh = (): { contractId: string; uid: string; uid2: string } => {
  const number = String((numbers += 1)).padStart(6, '0');
  return { contractId: `DE-EMP-C99${number}-X`, uid: `04${number}ABCDEF`, uid2: `04${number}FEDCBA` };
};

describe('POST /v1/contracts', () => {
  it('makes a card good at the door before it answers', async () => {
    const { contractId, uid } = fresh();
    expect(await verdict(uid)).toBe('NotAuthorized 102');
    expect(await register(contract(contractId, [{ uid }]))).toEqual({
      contracts: { changed: 1, unchanged: 0 },
      cards: { changed: 1, unchanged: 0 },
      rejected: [],
    });
    expect(await verdict(uid)).toBe('Authorized 000');
    await register(contract(contractId, [{ uid, status: 'blocked' }]));
    expect(await verdict(uid)).toBe('NotAuthorized 200');
  });

  it('tells what changed, and nothing when nothing did', async () => {
    const { contractId, uid, uid2 } = fresh();
    const before = (await bench.events()).length;
    const given = contract(contractId, [{ uid }, { uid: uid2, validUntil: '2026-12-31T23:00:00+01:00' }]);
    await register(given);
    expect(await register(given)).toMatchObject({
      contracts: { changed: 0, unchanged: 1 },
      cards: { changed: 0, unchanged: 2 },
    });
    // The same contract in other spellings.
    await register({
      ...given,
      contractId: contractId.replaceAll('-', '').toLowerCase(),
      providerId: 'DE*EMP',
      cards: [{ uid: uid.toLowerCase() }],
    });
    const events = (await bench.events<ContractFacts & CardFacts>()).slice(before);
    expect(events.map(({ type }) => type)).toEqual(['ContractRegistered', 'CardRegistered', 'CardRegistered']);
    const [registered, card, second] = events.map(({ data }) => data);
    expect(registered).toEqual({
      contractRef: expect.stringMatching(/^con-[0-9a-f]{20}$/),
      providerId: 'DE-EMP',
      customerRef: expect.stringMatching(/^cus-[0-9a-f]{20}$/),
      tariffPlanId: 'standard',
      status: 'active',
      validFrom: '2026-01-01T00:00:00.000Z',
      validUntil: null,
      evcoFingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(card).toMatchObject({
      contractRef: registered?.contractRef,
      status: 'active',
      validUntil: null,
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(second?.validUntil).toBe('2026-12-31T22:00:00.000Z');
    await register({ ...given, tariffPlanId: 'premium' });
    expect((await bench.events<ContractFacts>()).slice(before + 3)).toMatchObject([
      { type: 'ContractRegistered', data: { tariffPlanId: 'premium' } },
    ]);
  });

  it('moves a card to another contract', async () => {
    const [one, other] = [fresh(), fresh()];
    await register(
      contract(one.contractId, [{ uid: one.uid }]),
      contract(other.contractId, [], { status: 'blocked' }),
    );
    expect(await verdict(one.uid)).toBe('Authorized 000');
    await register(contract(other.contractId, [{ uid: one.uid }], { status: 'blocked' }));
    expect(await verdict(one.uid)).toBe('NotAuthorized 200');
  });

  it('reports what it cannot take by its place, and takes the rest', async () => {
    const [one, other] = [fresh(), fresh()];
    const answer = await register(
      contract(one.contractId, [
        { uid: one.uid },
        { uid: 'no card' },
        { uid: one.uid2 },
        { uid: one.uid.toLowerCase() },
      ]),
      contract('no contract', []),
      contract(fresh().contractId, [], { providerId: 'DE-XYZ' }),
      contract(fresh().contractId, [], { validFrom: 'yesterday', status: 'asleep' }),
      'nonsense',
      contract(one.contractId, []),
      contract(other.contractId, [{ uid: other.uid }]),
      contract(fresh().contractId, [], { validUntil: '0000-01-01T00:00:00Z', customerRef: 'a\u0000b' }),
      contract(fresh().contractId, [], { validFrom: '2026-01-01T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' }),
    );
    expect(answer.rejected.map(({ pointer }) => pointer)).toEqual([
      '/contracts/0/cards/1/uid',
      '/contracts/0/cards/3/uid',
      '/contracts/1/contractId',
      '/contracts/2/providerId',
      '/contracts/3/status',
      '/contracts/3/validFrom',
      '/contracts/4',
      '/contracts/5/contractId',
      '/contracts/7/customerRef',
      '/contracts/7/validUntil',
      '/contracts/8/validUntil',
    ]);
    expect(answer).toMatchObject({ contracts: { changed: 2 }, cards: { changed: 3 } });
    expect(await verdict(other.uid)).toBe('Authorized 000');
  });

  it.each<[string, unknown, number]>([
    ['no list', {}, 400],
    ['a list of its own', [], 400],
    ['more than 1000', { contracts: Array.from({ length: 1001 }, () => 0) }, 413],
  ])('refuses %s', async (_, body, status) => {
    expect((await api(gateway, '/v1/contracts', body)).status).toBe(status);
  });

  it('takes the same contracts from several at once, in any order', async () => {
    const all = Array.from({ length: 40 }, () => fresh()).map(({ contractId, uid }) =>
      contract(contractId, [{ uid }]),
    );
    const answers = await Promise.all(
      [all, [...all].reverse(), all, [...all].reverse()].map((contracts) => register(...contracts)),
    );
    expect(answers.reduce((sum, { contracts }) => sum + contracts.changed, 0)).toBe(40);
    expect(answers.reduce((sum, { cards }) => sum + cards.changed, 0)).toBe(40);
  });
});

describe('the card index', () => {
  it('is there again after a restart', async () => {
    const { contractId, uid } = fresh();
    await register(contract(contractId, [{ uid }]));
    const restarted = await bench.start();
    expect(await verdict(uid, restarted)).toBe('Authorized 000');
    await bench.stop(restarted);
  });

  it('follows what another replica registers', async () => {
    const replica = await bench.start();
    const { contractId, uid } = fresh();
    await register(contract(contractId, [{ uid }]));
    await eventually(async () => (await verdict(uid, replica)) === 'Authorized 000', { withinMs: 1_000 });
    await register(contract(contractId, [{ uid, status: 'blocked' }]));
    await eventually(async () => (await verdict(uid, replica)) === 'NotAuthorized 200', { withinMs: 1_000 });
    await bench.stop(replica);
  });

  it('serves what it knew while the database is away, and catches up with what it missed', async () => {
    const replica = await bench.start();
    const [known, missed] = [fresh(), fresh()];
    await register(contract(known.contractId, [{ uid: known.uid }]));
    await eventually(async () => (await verdict(known.uid, replica)) === 'Authorized 000');
    // Whatever was listening is cut off, and the card is changed behind everybody's back: nobody is notified.
    await bench.service.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );
    await bench.service.database.query(`UPDATE card SET status = 'blocked'`);
    expect(['Authorized 000', 'NotAuthorized 200']).toContain(await verdict(known.uid, replica));
    await eventually(async () => (await verdict(known.uid, replica)) === 'NotAuthorized 200');
    await register(contract(missed.contractId, [{ uid: missed.uid }]));
    await eventually(async () => (await verdict(missed.uid, replica)) === 'Authorized 000');
    await bench.stop(replica);
  });

  it('says that it does not know any more when the database is away for too long', async () => {
    const replica = await bench.start({ CARD_INDEX_MAX_STALE_SECONDS: '1' });
    const name = new URL(bench.service.url).pathname.slice(1);
    expect(await verdict(CARDS.unknown, replica)).toBe('NotAuthorized 102');
    await bench.broker.database.query(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS false`);
    try {
      await bench.service.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
      );
      await eventually(async () => (await verdict(CARDS.unknown, replica)) === 'NotAuthorized 320');
    } finally {
      await bench.broker.database.query(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS true`);
    }
    await eventually(async () => (await verdict(CARDS.unknown, replica)) === 'NotAuthorized 102');
    await bench.stop(replica);
  });

  it('does not authorize a card by its number alone when its contract is another provider’s', async () => {
    const { contractId, uid } = fresh();
    await register(contract(contractId.replace('EMP', 'OFL'), [{ uid }], { providerId: 'DE-OFL' }));
    expect(await verdict(uid)).toBe('NotAuthorized 102');
    expect(await verdict(CARDS.unknown)).toBe('NotAuthorized 102');
  });
});
