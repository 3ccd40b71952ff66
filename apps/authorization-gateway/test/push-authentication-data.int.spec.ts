import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import { ListHub } from './list-hub.ts';
import { ask, CARDS, contract, newSession, rfid, START } from './messages.ts';

let bench: Bench;
let hub: ListHub;
let hubUrl: string;
beforeEach(async () => {
  bench = await Bench.open();
  hub = new ListHub();
  hubUrl = await hub.listen();
}, 30_000);
afterEach(async () => {
  await bench.close();
  await hub.close();
}, 30_000);

const OFFLINE = 'DE-OFL';
const start = (more: Readonly<Record<string, string>> = {}): Promise<RunningGateway> =>
  bench.start({ HBS_URL: hubUrl, HBS_CALLS_PER_MINUTE: 'PushAuthenticationData:100000', PROVIDERS: `@${place('rfid')}`, ...more });
const place = (kinds: 'rfid' | 'all'): string => {
  const file = path.join(directory, `${kinds}.json`);
  writeFileSync(file, JSON.stringify([
    { id: 'DE-EMP', mode: 'online' },
    { id: OFFLINE, mode: 'offline', ...(kinds === 'rfid' ? { uploads: ['rfid'] } : {}) },
  ]));
  return file;
};
const directory = mkdtempSync(path.join(tmpdir(), 'providers-'));
afterAll(() => rmSync(directory, { recursive: true }));

type CardShape = { uid: string; status?: string; validUntil?: string };
/** One contract a card: what is asked is asked about contracts. */
const uidOf = (n: number): string => `04AA${n.toString(16).toUpperCase().padStart(10, '0')}`;
const owner = (n: number, more: object = {}, card: object = {}): object =>
  contract(`DE-OFL-C${String(n).padStart(8, '0')}-X`, [{ uid: uidOf(n), ...card } as CardShape], { providerId: OFFLINE, ...more });
const owners = (count: number, more: object = {}): object[] => Array.from({ length: count }, (_, n) => owner(n + 1, more));
const register = async (gateway: RunningGateway, ...contracts: readonly object[]): Promise<void> => {
  const { body } = await api<{ rejected: unknown[] }>(gateway, '/v1/contracts', { contracts });
  expect(body.rejected).toEqual([]);
};

interface Shown {
  providers: {
    providerId: string; held: { records: number; hash: string; since: string | null; fullLoadedAt: string | null }; repair: string | null;
    ours: { records: number; hash: string }; differs: { insert: number; update: number; delete: number };
    refused: number; waiting: { id: string; takesAway: number; action: string } | null;
    pushes: { id: string; action: string; reason: string; records: number; outcome: string; statusCode: string | null; httpStatus: number | null;
      processId: string | null; decidedBy: string | null; decisionReason: string | null; detail: string | null }[];
  }[];
}
const show = async (gateway: RunningGateway): Promise<Shown['providers'][number]> => {
  const [list] = (await api<Shown>(gateway, '/v1/authentication-data')).body.providers;
  if (!list) throw new Error('no list');
  return list;
};
const push = (gateway: RunningGateway, action = 'difference'): Promise<{
  status: number; body: { lists: { outcome: string; waiting: number; refusedRecords: number }[]; detail?: string };
}> => api(gateway, '/v1/authentication-data/push', { action });
const told = (): readonly string[] => hub.pushes.map(({ action, keys }) => `${action} ${keys.length}`);

describe('the card list of an offline provider', () => {
  it('begins as a full load of everything that may charge now, of every kind', async () => {
    const gateway = await start({ PROVIDERS: `@${place('all')}` });
    await register(gateway,
      contract('DE-OFL-C00000001-X', [
        { uid: CARDS.offline }, { uid: '04AA0000000001', status: 'blocked' }, { uid: '04AA0000000002', validUntil: '2026-04-30T00:00:00Z' },
      ], { providerId: OFFLINE, pin: '4711' }),
      contract('DE-OFL-C00000002-X', [{ uid: '04AA0000000003' }], { providerId: OFFLINE, validUntil: '2026-04-01T00:00:00Z' }),
      contract('DE-OFL-C00000003-X', [{ uid: '04AA0000000004' }], { providerId: OFFLINE, validFrom: '2026-06-01T00:00:00Z' }),
      contract('DE-EMP-C00000001-X', [{ uid: CARDS.good }]),
    );
    expect(await push(gateway)).toMatchObject({ status: 200, body: { lists: [{ outcome: 'accepted' }] } });
    expect(hub.pushes).toEqual([{
      path: '/api/oicp/authdata/v21/providers/DE-OFL/push-request', action: 'fullLoad', providerId: OFFLINE,
      keys: ['plug-and-charge:DE-OFL-C00000001-X', 'qr:DE-OFL-C00000001-X', 'remote:DE-OFL-C00000001-X', `rfid:${CARDS.offline}`],
    }]);
    expect(JSON.parse(hub.lists.get(OFFLINE)?.get('qr:DE-OFL-C00000001-X') ?? '')).toEqual({
      EvcoID: 'DE-OFL-C00000001-X', HashedPIN: { Value: expect.stringMatching(/^\$2[ab]\$/), Function: 'Bcrypt' },
    });
    expect(await show(gateway)).toMatchObject({
      held: { records: 4, since: '2026-05-01T08:00:00.000Z' }, repair: null, differs: { insert: 0, update: 0, delete: 0 },
      pushes: [{ action: 'fullLoad', reason: 'never-loaded', records: 4, outcome: 'accepted', statusCode: '000', httpStatus: 200,
        processId: '00000001-0000-4000-8000-000000000000' }],
    });
    const list = await show(gateway);
    expect(list.held.hash).toBe(list.ours.hash);
  }, 30_000);

  it('goes on as insert, update and delete', async () => {
    const gateway = await start({ PROVIDERS: `@${place('all')}` });
    await register(gateway, owner(1, { pin: '1111' }), owner(2));
    await push(gateway);
    const before = hub.lists.get(OFFLINE)?.get('qr:DE-OFL-C00000001-X');
    await register(gateway, owner(1, { pin: '2222' }), owner(2, {}, { status: 'blocked' }), owner(3));
    expect(await show(gateway)).toMatchObject({ differs: { insert: 3, update: 1, delete: 1 } });
    expect(await push(gateway)).toMatchObject({ status: 200, body: { lists: [{ outcome: 'accepted' }] } });
    expect(told()).toEqual(['fullLoad 7', 'delete 1', 'update 1', 'insert 3']);
    expect(hub.lists.get(OFFLINE)?.get('qr:DE-OFL-C00000001-X')).not.toBe(before);
    expect(hub.held()).toEqual([
      uidOf(1), uidOf(3), ...[1, 2, 3].map((n) => `plug-and-charge:DE-OFL-C0000000${n}-X`), 'qr:DE-OFL-C00000001-X',
      ...[1, 2, 3].map((n) => `remote:DE-OFL-C0000000${n}-X`),
    ].sort());
    await push(gateway);
    expect(hub.pushes).toHaveLength(4);
  }, 30_000);

  it('is told in batches', async () => {
    const gateway = await start({ PUSH_BATCH: '4' });
    await register(gateway, owner(99));
    await push(gateway);
    await register(gateway, ...owners(9));
    await push(gateway);
    expect(told()).toEqual(['fullLoad 1', 'insert 4', 'insert 4', 'insert 1']);
    expect(hub.held()).toHaveLength(10);
  }, 30_000);

  it('loses a blocked card within a second, whichever replica heard of it, and a card whose time is over', async () => {
    const [one, other] = [await start({ PUSH_EVERY_SECONDS: '1' }), await start({ PUSH_EVERY_SECONDS: '1' })];
    await register(one, ...owners(3), owner(4, {}, { validUntil: '2026-05-02T00:00:00Z' }));
    await eventually(() => hub.held().length === 4);
    const begun = performance.now();
    await register(other, owner(2, {}, { status: 'blocked' }));
    await eventually(() => hub.held().length === 3);
    const tookMs = performance.now() - begun;
    expect(hub.held()).not.toContain(uidOf(2));
    expect(tookMs).toBeLessThan(2_000);
    await register(other, owner(3, { status: 'blocked' }));
    await eventually(() => hub.held().length === 2);
    bench.clock.advance({ days: 2 });
    await eventually(() => hub.held().join() === uidOf(1));
    expect(hub.overlaps).toBe(0);
  }, 30_000);

  it('follows a card to a contract of another provider, and does not mind one that stays', async () => {
    const gateway = await start({ PUSH_EVERY_SECONDS: '60' });
    await register(gateway, ...owners(3));
    await eventually(() => hub.held().length === 3);
    await register(gateway, contract('DE-OFL-C00000003-X', [{ uid: uidOf(1) }], { providerId: OFFLINE }));
    await register(gateway, contract('DE-EMP-C00000001-X', [{ uid: uidOf(2) }]));
    await eventually(() => hub.held().join() === [uidOf(1), uidOf(3)].join());
    await register(gateway, owner(3, { tariffPlanId: 'another' }));
    await register(gateway, owner(4));
    await eventually(() => hub.held().length === 3);
    expect(told().slice(-2)).toEqual(['delete 1', 'insert 1']);
  }, 30_000);

  it.each(['answer-lost', 'push-lost'] as const)('is repaired by a full load before anything else after: %s', async (fate) => {
    const gateway = await start();
    await register(gateway, ...owners(9));
    await push(gateway);
    await register(gateway, owner(10), owner(1, {}, { status: 'blocked' }));
    hub.fates.push(fate);
    expect(await push(gateway)).toMatchObject({ status: 200, body: { lists: [{ outcome: 'accepted' }] } });
    expect(told()).toEqual(['fullLoad 9', 'delete 1', 'fullLoad 9']);
    expect(hub.held()).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10].map(uidOf));
    const { pushes } = await show(gateway);
    expect(pushes.map(({ action, outcome, reason }) => [action, outcome, reason])).toEqual([
      ['fullLoad', 'accepted', 'outcome-unknown'], ['delete', 'unknown', 'changed'], ['fullLoad', 'accepted', 'never-loaded'],
    ]);
  }, 30_000);

  it('stays uncertain while full loads get lost, too, and sends no difference', async () => {
    const gateway = await start();
    await register(gateway, ...owners(5));
    await push(gateway);
    await register(gateway, owner(6));
    hub.fates.push('push-lost', 'push-lost', 'push-lost', 'push-lost');
    expect(await push(gateway)).toMatchObject({ status: 502, body: { detail: expect.stringContaining('DE-OFL: unknown') } });
    expect(told()).toEqual(['fullLoad 5', 'insert 1', 'fullLoad 6', 'fullLoad 6', 'fullLoad 6']);
    expect(await show(gateway)).toMatchObject({ repair: 'outcome-unknown' });
    await register(gateway, owner(7));
    await push(gateway);
    expect(told().at(-1)).toBe('fullLoad 7');
    expect(hub.held()).toHaveLength(7);
  }, 30_000);

  it('does not forget a push whose process died', async () => {
    const dying = await start();
    await register(dying, ...owners(3));
    await push(dying);
    await register(dying, owner(4));
    await push(dying);
    await bench.service.database.execute(
      `UPDATE authentication_push SET outcome = 'pending', ended_at = NULL WHERE action = 'insert'`);
    await bench.service.database.execute(`DELETE FROM authentication_record WHERE subject_ref = (SELECT max(subject_ref) FROM authentication_record)`);
    const gateway = await start();
    await push(gateway);
    expect(told()).toEqual(['fullLoad 3', 'insert 1', 'fullLoad 4']);
    expect((await show(gateway)).pushes[1]).toMatchObject({ action: 'insert', outcome: 'unknown', detail: 'the process ended before HBS answered' });
  }, 30_000);

  it('is loaded anew when HBS holds something else than we believed (009)', async () => {
    const gateway = await start();
    await register(gateway, ...owners(3));
    await push(gateway);
    hub.lists.get(OFFLINE)?.set(`rfid:${uidOf(4)}`, '{}');
    await register(gateway, owner(4));
    expect(await push(gateway)).toMatchObject({ status: 200, body: { lists: [{ outcome: 'accepted' }] } });
    expect(told()).toEqual(['fullLoad 3', 'insert 1', 'fullLoad 4']);
    expect((await show(gateway)).pushes[0]).toMatchObject({ reason: 'beliefs-differ' });
  }, 30_000);

  it('keeps out the one record that HBS refuses, and no other', async () => {
    const gateway = await start();
    await register(gateway, owner(50));
    await push(gateway);
    hub.bad.add(`rfid:${uidOf(6)}`);
    await register(gateway, ...owners(20));
    expect(await push(gateway)).toMatchObject({ status: 200, body: { lists: [{ outcome: 'accepted', refusedRecords: 1 }] } });
    expect(hub.held()).toHaveLength(20);
    const refused = (await api<{ refused: object[] }>(gateway, '/v1/authentication-data/DE-OFL/refused')).body;
    expect(refused).toEqual({ next: null, refused: [{
      kind: 'rfid', cardRef: expect.stringMatching(/^card-/), contractRef: expect.stringMatching(/^con-/), statusCode: '022',
      reason: 'HBS answered 022 (record <card number> is odd)', refusedAt: '2026-05-01T08:00:00.000Z',
    }] });
    const asked = hub.pushes.length;
    await push(gateway);
    expect(hub.pushes).toHaveLength(asked);
    expect(await show(gateway)).toMatchObject({ refused: 1, differs: { insert: 0 } });

    bench.clock.advance({ minutes: 1 });
    await register(gateway, owner(6, {}, { validUntil: '2027-01-01T00:00:00Z' }));
    await push(gateway);
    expect(told().at(-1)).toBe('insert 1');
    hub.bad.clear();
    await push(gateway, 'fullLoad');
    expect([told().at(-1), hub.held().length]).toEqual(['fullLoad 21', 21]);
    expect(await show(gateway)).toMatchObject({ refused: 0 });
  }, 30_000);

  it('is loaded around a bad record, too: what HBS took before, then the rest', async () => {
    const gateway = await start();
    await register(gateway, ...owners(6));
    await push(gateway);
    hub.bad.add(`rfid:${uidOf(8)}`);
    await register(gateway, owner(7), owner(8), owner(9));
    hub.fates.push('push-lost');
    expect(await push(gateway)).toMatchObject({ status: 200, body: { lists: [{ outcome: 'accepted', refusedRecords: 1 }] } });
    expect(told().slice(0, 4)).toEqual(['fullLoad 6', 'insert 3', 'fullLoad 9', 'fullLoad 6']);
    expect(hub.held()).toEqual([1, 2, 3, 4, 5, 6, 7, 9].map(uidOf));
  }, 30_000);

  it('begins around a bad record', async () => {
    const gateway = await start();
    hub.bad.add(`rfid:${uidOf(3)}`);
    await register(gateway, ...owners(8));
    expect(await push(gateway)).toMatchObject({ status: 200, body: { lists: [{ outcome: 'accepted', refusedRecords: 1 }] } });
    expect(hub.held()).toEqual([1, 2, 4, 5, 6, 7, 8].map(uidOf));
  }, 30_000);

  it('is tried again later when no record is to blame', async () => {
    const gateway = await start();
    hub.fates.push({ code: '210' });
    await register(gateway, ...owners(2));
    expect(await push(gateway)).toMatchObject({ status: 502, body: { detail: expect.stringContaining('DE-OFL: not-accepted (210)') } });
    expect(await push(gateway)).toMatchObject({ status: 200 });
    expect(told()).toEqual(['fullLoad 2', 'fullLoad 2']);
  }, 30_000);

  it('is loaded whole every night', async () => {
    const gateway = await start();
    await register(gateway, ...owners(2));
    await push(gateway);
    bench.clock.advance({ hours: 17 });
    await push(gateway);
    expect(told()).toEqual(['fullLoad 2']);
    bench.clock.advance({ hours: 2 });
    await push(gateway);
    expect(told()).toEqual(['fullLoad 2', 'fullLoad 2']);
    expect((await show(gateway)).pushes[0]).toMatchObject({ reason: 'scheduled' });
  }, 30_000);

  it('never sends two pushes at once, of whatever replica', async () => {
    const [one, other] = [await start({ PUSH_EVERY_SECONDS: '1', PUSH_BATCH: '2' }), await start({ PUSH_EVERY_SECONDS: '1', PUSH_BATCH: '2' })];
    await Promise.all(Array.from({ length: 6 }, async (_, n) => {
      await register(n % 2 ? one : other, owner(n * 3 + 1), owner(n * 3 + 2), owner(n * 3 + 3));
      await push(n % 2 ? other : one, n === 3 ? 'fullLoad' : 'difference');
    }));
    await eventually(() => hub.held().length === 18);
    expect(hub.overlaps).toBe(0);
    const rows = await bench.service.database.query<{ inOrder: boolean }>(
      `SELECT bool_and(outcome = 'accepted') AS "inOrder" FROM authentication_push`);
    expect(rows).toEqual([{ inOrder: true }]);
  }, 60_000);
});

describe('what takes away much', () => {
  const confirm = (gateway: RunningGateway, id: string, verdict: 'confirm' | 'reject', body: object = { reason: 'the fleet was sold' }): Promise<{
    status: number; body: { decision: string; detail: string };
  }> => api(gateway, `/v1/authentication-data/pushes/${id}/${verdict}`, body);

  it('waits for a person, while the rest goes on; then goes', async () => {
    const gateway = await start();
    await register(gateway, ...owners(10));
    await push(gateway);
    await register(gateway, ...owners(3, { status: 'blocked' }), owner(11));
    expect(await push(gateway)).toMatchObject({ status: 200, body: { lists: [{ outcome: 'waiting', waiting: 3 }] } });
    expect(told()).toEqual(['fullLoad 10', 'insert 1']);
    const { waiting } = await show(gateway);
    expect(waiting).toMatchObject({ action: 'delete', takesAway: 3, outcome: 'waiting' });
    await bench.logLine('card list waits for confirmation');
    expect(await confirm(gateway, waiting?.id ?? '', 'confirm', {})).toMatchObject({ status: 400, body: { detail: expect.stringContaining('/reason') } });
    expect(await confirm(gateway, waiting?.id ?? '', 'confirm')).toMatchObject({ status: 200, body: { decision: 'confirmed' } });
    expect(told().at(-1)).toBe('delete 3');
    expect(hub.held()).toHaveLength(8);
    expect((await show(gateway)).pushes.find(({ id }) => id === waiting?.id))
      .toMatchObject({ outcome: 'carried-out', decidedBy: 'local', decisionReason: 'the fleet was sold' });
    expect(await confirm(gateway, waiting?.id ?? '', 'confirm')).toMatchObject({ status: 409 });
  }, 30_000);

  it('stays when it is rejected, and is asked about again only when it grows', async () => {
    const gateway = await start();
    await register(gateway, ...owners(10));
    await push(gateway);
    await register(gateway, ...owners(3, { status: 'blocked' }));
    await push(gateway);
    await confirm(gateway, (await show(gateway)).waiting?.id ?? '', 'reject', { reason: 'a mistaken import' });
    expect(await push(gateway)).toMatchObject({ body: { lists: [{ outcome: 'rejected' }] } });
    expect(hub.held()).toHaveLength(10);
    await register(gateway, ...owners(5, { status: 'blocked' }));
    expect(await push(gateway)).toMatchObject({ body: { lists: [{ outcome: 'waiting', waiting: 5 }] } });
    await register(gateway, ...owners(5));
    expect(await push(gateway)).toMatchObject({ body: { lists: [{ outcome: 'unchanged' }] } });
    expect(await show(gateway)).toMatchObject({ waiting: null });
    expect((await show(gateway)).pushes.map(({ outcome }) => outcome)).toEqual(['withdrawn', 'withdrawn', 'accepted']);
    expect(hub.pushes).toHaveLength(1);
  }, 30_000);

  it('does not keep a single stolen card waiting', async () => {
    const gateway = await start({ PUSH_EVERY_SECONDS: '60' });
    await register(gateway, ...owners(10));
    await eventually(() => hub.held().length === 10);
    await register(gateway, ...owners(5, { status: 'blocked' }));
    await eventually(async () => (await show(gateway)).waiting?.takesAway === 5);
    await register(gateway, owner(9, {}, { status: 'blocked' }));
    await eventually(() => hub.held().length === 9);
    expect(hub.held()).not.toContain(uidOf(9));
  }, 30_000);

  it('does not keep one waiting either when everything is compared in the same run', async () => {
    const gateway = await start();
    await register(gateway, ...owners(10));
    await push(gateway);
    const watching = await start({ PUSH_EVERY_SECONDS: '1' });
    await register(watching, ...owners(5, { status: 'blocked' }));
    await eventually(async () => (await show(watching)).waiting?.takesAway === 5);
    for (const n of [7, 8, 9]) {
      await register(watching, owner(n, {}, { status: 'blocked' }));
      await eventually(() => !hub.held().includes(uidOf(n)));
    }
    await eventually(async () => (await show(watching)).held.records === 7);
    expect((await show(watching)).waiting).toMatchObject({ takesAway: 5 });
  }, 30_000);

  it('an empty full load always waits', async () => {
    const gateway = await start();
    expect((await push(gateway, 'fullLoad')).body.lists).toMatchObject([{ outcome: 'nothing-to-push' }]);
    await register(gateway, owner(1));
    await push(gateway);
    await register(gateway, owner(1, { status: 'blocked' }));
    expect(await push(gateway, 'fullLoad')).toMatchObject({ body: { lists: [{ outcome: 'waiting', waiting: 1 }] } });
    const { waiting } = await show(gateway);
    expect(waiting).toMatchObject({ action: 'fullLoad', takesAway: 1 });
    expect(hub.held()).toEqual([uidOf(1)]);
    await confirm(gateway, waiting?.id ?? '', 'confirm');
    expect(hub.held()).toEqual([]);
  }, 30_000);
});

describe('several provider ids', () => {
  const write = (providers: readonly object[]): string => {
    const file = path.join(directory, 'several.json');
    writeFileSync(file, JSON.stringify(providers));
    return `@${file}`;
  };

  it('behind a hub share its list, each by its mode, and answers carry the id of the hub', async () => {
    const gateway = await start({ PROVIDERS: write([
      { id: 'DE-HUB', mode: 'online', brand: 'The Hub' },
      { id: 'DE-SUB', mode: 'hybrid', hub: 'DE-HUB', brand: 'Sub', uploads: ['rfid', 'remote'] },
      { id: OFFLINE, mode: 'offline', hub: 'DE-HUB', uploads: ['rfid'] },
    ]) });
    const own = (id: string, uid: string): object => contract(`${id}-C00000001-X`, [{ uid }], { providerId: id });
    await register(gateway, own('DE-HUB', '04AA00000000A1'), own('DE-SUB', '04AA00000000A2'), own(OFFLINE, '04AA00000000A3'));
    await push(gateway);
    expect(hub.pushes.map(({ path: at, providerId }) => [at.split('/')[6], providerId])).toEqual([['DE-HUB', 'DE-HUB']]);
    expect(hub.held('DE-HUB')).toEqual(['04AA00000000A2', '04AA00000000A3', 'remote:DE-SUB-C00000001-X']);
    const answers = await Promise.all(['04AA00000000A1', '04AA00000000A2', '04AA00000000A3'].map(async (uid) => {
      const { body, verdict } = await post(gateway, START, ask(newSession(), rfid(uid)));
      return [verdict, body['ProviderID'] ?? null];
    }));
    expect(answers).toEqual([['Authorized 000', 'DE-HUB'], ['Authorized 000', 'DE-HUB'], ['NotAuthorized 102', null]]);
    expect((await api<{ providers: object[] }>(gateway, '/v1/summary')).body.providers).toEqual([
      { providerId: 'DE-HUB', mode: 'online', brand: 'The Hub', answersAs: 'DE-HUB', contracts: 1, cards: 1,
        authorizations: { '000': 1 }, sessions: { authorized: 1 } },
      { providerId: 'DE-SUB', mode: 'hybrid', brand: 'Sub', answersAs: 'DE-HUB', contracts: 1, cards: 1,
        authorizations: { '000': 1 }, sessions: { authorized: 1 } },
      { providerId: OFFLINE, mode: 'offline', brand: null, answersAs: 'DE-HUB', contracts: 1, cards: 1,
        authorizations: { '102': 1 }, sessions: {} },
    ]);
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    for (const line of ['provider_cards{provider="DE-SUB"', 'provider_authorizations_day{provider="DE-OFL",code="102"', 'authentication_list_records{provider="DE-HUB"',
      'hbs_call_duration_bucket{operation="PushAuthenticationData",outcome="ok",provider="DE-HUB"']) expect(metrics).toContain(line);
    const shown = await show(gateway);
    expect(shown).toMatchObject({ providerId: 'DE-HUB', providers: [
      { providerId: 'DE-HUB', mode: 'online', brand: 'The Hub', uploads: [] },
      { providerId: 'DE-SUB', mode: 'hybrid', brand: 'Sub', uploads: ['rfid', 'remote'] },
      { providerId: OFFLINE, mode: 'offline', brand: null, uploads: ['rfid'] },
    ] });
  }, 30_000);

  it('that are not ours are refused with their place', async () => {
    const gateway = await start();
    expect(await api(gateway, '/v1/contracts', { contracts: [contract('DE-XYZ-C00000001-X', [], { providerId: 'DE-XYZ' })] })).toMatchObject({
      body: { rejected: [{ pointer: '/contracts/0/providerId', detail: expect.stringContaining('PROVIDERS') }] },
    });
    expect(await api(gateway, '/v1/authentication-data/push', { providerId: 'DE-EMP' })).toMatchObject({ status: 404 });
    expect(await api(gateway, '/v1/authentication-data/push', { action: 'everything' })).toMatchObject({ status: 400 });
  }, 30_000);

  it('keep contracts of others out of their list without asking HBS', async () => {
    const gateway = await start({ PROVIDERS: `@${place('all')}` });
    await register(gateway, contract('DE-XYZ-C00000001-X', [{ uid: uidOf(1) }], { providerId: OFFLINE }));
    expect(await push(gateway)).toMatchObject({ status: 200, body: { lists: [{ outcome: 'accepted', refusedRecords: 2 }] } });
    expect(told()).toEqual(['fullLoad 1']);
    expect((await api<{ refused: object[] }>(gateway, '/v1/authentication-data/de*ofl/refused')).body.refused).toMatchObject([
      { kind: 'plug-and-charge', reason: 'its contract id is of no provider of DE-OFL (OICP 019)' }, { kind: 'remote' },
    ]);
  }, 30_000);
});

describe('what differs now', () => {
  it('is shown by reference, page by page', async () => {
    const gateway = await start();
    await register(gateway, ...owners(3));
    await push(gateway);
    await register(gateway, owner(1, {}, { status: 'blocked' }), owner(4), owner(5));
    const seen: { action: string; cardRef: string }[] = [];
    for (let cursor = ''; ;) {
      const { body } = await api<{ differences: { action: string; cardRef: string }[]; next: string | null }>(
        gateway, `/v1/authentication-data/DE-OFL/differences?limit=1${cursor}`);
      seen.push(...body.differences);
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(seen.map(({ action }) => action)).toEqual(['delete', 'insert', 'insert']);
    expect(new Set(seen.map(({ cardRef }) => cardRef)).size).toBe(3);
    expect(await api(gateway, '/v1/authentication-data/DE-OFL/differences?cursor=nonsense')).toMatchObject({ status: 400 });
    expect(await api(gateway, '/v1/authentication-data/DE-OFL/differences?limit=0')).toMatchObject({ status: 400 });
    expect((await api<{ differences: object[] }>(gateway, '/v1/authentication-data/DE-OFL/differences?action=delete')).body.differences).toHaveLength(1);
  }, 30_000);
});
