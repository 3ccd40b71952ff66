import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api } from './bench.ts';
import { FakeHbs } from './fake-hbs.ts';
import { CARDS, contract } from './messages.ts';

let bench: Bench;
let hbs: FakeHbs;
let hbsUrl: string;
beforeEach(async () => {
  bench = await Bench.open();
  hbs = new FakeHbs();
  hbsUrl = await hbs.listen();
}, 30_000);
afterEach(async () => {
  await bench.close();
  await hbs.close();
}, 30_000);

const start = (more: Readonly<Record<string, string>> = {}): Promise<RunningGateway> =>
  bench.start({ HBS_URL: hbsUrl, ...more });
const ours = (cards: readonly { uid: string; status?: string; validUntil?: string }[], more: object = {}): object =>
  contract('DE-OFL-C00000001-X', cards, { providerId: 'DE-OFL', ...more });
const register = (gateway: RunningGateway, ...contracts: readonly object[]): Promise<unknown> =>
  api(gateway, '/v1/contracts', { contracts });
const pushNow = (
  gateway: RunningGateway,
): Promise<{ status: number; body: { pushes: readonly { outcome: string; records: number }[] } }> =>
  api(gateway, '/v1/authentication-data/push', {});

describe('the card list of an offline provider', () => {
  it('goes to HBS as a full load of the cards that may charge now', async () => {
    const gateway = await start();
    await register(
      gateway,
      ours([
        { uid: CARDS.offline },
        { uid: '04AA0000000001', status: 'blocked' },
        { uid: '04AA0000000002', validUntil: '2026-04-30T00:00:00Z' },
      ]),
      contract('DE-OFL-C00000002-X', [{ uid: '04AA0000000003' }], {
        providerId: 'DE-OFL',
        validUntil: '2026-04-01T00:00:00Z',
      }),
      contract('DE-OFL-C00000003-X', [{ uid: '04AA0000000004' }], {
        providerId: 'DE-OFL',
        validFrom: '2026-06-01T00:00:00Z',
      }),
      contract('DE-EMP-C00000001-X', [{ uid: CARDS.good }]),
    );
    const { status, body } = await pushNow(gateway);
    expect(status).toBe(200);
    expect(body.pushes).toEqual([
      { providerId: 'DE-OFL', outcome: 'accepted', records: 1, statusCode: '000', processId: expect.any(String) },
    ]);
    expect(hbs.pushes).toEqual([
      {
        path: '/api/oicp/authdata/v21/providers/DE-OFL/push-request',
        action: 'fullLoad',
        providerId: 'DE-OFL',
        uids: [CARDS.offline],
      },
    ]);
    expect((await api(gateway, '/v1/authentication-data')).body).toMatchObject({
      providers: [
        {
          providerId: 'DE-OFL',
          pushes: [
            {
              action: 'fullLoad',
              reason: 'asked',
              records: 1,
              outcome: 'accepted',
              statusCode: '000',
              httpStatus: 200,
              processId: '00000001-0000-4000-8000-000000000000',
            },
          ],
        },
      ],
    });
  }, 30_000);

  it('goes again when it has changed, with the passing of time, too, and at every start', async () => {
    const gateway = await start({ PUSH_EVERY_SECONDS: '1' });
    await register(
      gateway,
      ours([{ uid: CARDS.offline }, { uid: '04AA0000000002', validUntil: '2026-05-02T00:00:00Z' }]),
    );
    await eventually(() => hbs.pushes.length === 1 && hbs.pushes[0]?.uids.length === 2);
    bench.clock.advance({ days: 2 });
    await eventually(() => hbs.pushes.length === 2 && hbs.pushes[1]?.uids.join() === CARDS.offline);
    await bench.stop(gateway);
    await start({ PUSH_EVERY_SECONDS: '1' });
    await eventually(() => hbs.pushes.length === 3);
    expect(
      (await bench.service.database.query('SELECT reason FROM authentication_push ORDER BY id')).map(
        (row) => row['reason'],
      ),
    ).toEqual([expect.stringMatching(/start|changed/), 'changed', 'start']);
  }, 30_000);

  it('is not emptied at HBS unless that is allowed', async () => {
    const gateway = await start();
    expect((await pushNow(gateway)).body.pushes).toMatchObject([{ outcome: 'nothing-to-push' }]);
    await register(gateway, ours([{ uid: CARDS.offline }]));
    await pushNow(gateway);
    await register(gateway, ours([{ uid: CARDS.offline, status: 'blocked' }]));
    expect((await pushNow(gateway)).status).toBe(502);
    expect(hbs.pushes).toHaveLength(1);
    const allowed = await start({ PUSH_EMPTY_FULL_LOAD: 'true' });
    expect((await pushNow(allowed)).body.pushes).toMatchObject([{ outcome: 'accepted', records: 0 }]);
    expect(hbs.pushes.at(-1)?.uids).toEqual([]);
  }, 30_000);

  it('keeps the outcome when HBS refuses, and repairs it with the next run', async () => {
    const gateway = await start({ PUSH_EVERY_SECONDS: '1' });
    hbs.verdict = '210';
    await register(gateway, ours([{ uid: CARDS.offline }]));
    const refused = await pushNow(gateway);
    expect(refused).toMatchObject({
      status: 502,
      body: { detail: expect.stringContaining('DE-OFL: refused (210)') },
    });
    hbs.verdict = 'accept';
    await eventually(
      async () =>
        (await bench.service.database.query('SELECT FROM authentication_push WHERE outcome = $1', ['accepted']))
          .length === 1,
    );
  }, 30_000);

  it('never overlaps with another push, of whatever replica', async () => {
    const [one, other] = [await start(), await start()];
    await register(one, ours([{ uid: CARDS.offline }]));
    const answers = await Promise.all([pushNow(one), pushNow(other), pushNow(one), pushNow(other)]);
    expect(answers.map(({ status }) => status).every((status) => status === 200 || status === 409)).toBe(true);
    expect(hbs.overlaps).toBe(0);
    expect(hbs.pushes.length).toBeGreaterThan(0);
  }, 30_000);
});
