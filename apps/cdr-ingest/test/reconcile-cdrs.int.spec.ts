import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { lockNumber } from '@emp/database';
import { HbsClient } from '@emp/hbs-client';
import { createPrismaClient, type PrismaClient } from '@emp/prisma-cdr-ingest';
import type { CdrReceivedData } from '@emp/events';
import { eventually } from '@emp/testing';
import { reconcileCdrs, type PullOrder, type ReconcilePolicy } from '../src/reconcile-cdrs/reconcile-cdrs.ts';
import { lastReconciliations, type PullView } from '../src/reconcile-cdrs/reconciliations.reader.ts';
import { cdr, received, sessionId, vault, VAULT_KEYS, VAULT_PEPPER } from './builders.ts';
import { Desk } from './desk.ts';
import { FakeHbs, type AskedPage } from './fake-hbs.ts';
import { PULL_POLICY } from './pull-policy.ts';

let desk: Desk;
let hbs: FakeHbs;
let client: HbsClient;
let prisma: PrismaClient;
beforeAll(async () => {
  desk = await Desk.open();
  prisma = createPrismaClient(desk.url);
});
afterAll(async () => {
  await prisma.$disconnect();
  await desk.close();
});
beforeEach(async () => {
  await desk.clear();
  hbs = await FakeHbs.start();
  client = new HbsClient({ baseUrl: hbs.baseUrl, log: desk.log, clock: desk.clock, backOffMs: 1 });
});
afterEach(async () => {
  await hbs.close();
  await client.close();
});

let runs = 0;
interface Changes extends Partial<ReconcilePolicy> {
  readonly order?: Partial<PullOrder>;
}
async function reconcile({ order, ...changes }: Changes = {}, signal = new AbortController().signal): Promise<void> {
  const policy: ReconcilePolicy = { ...PULL_POLICY, ...changes };
  const parts = { database: desk.database, outbox: desk.outbox, clock: desk.clock, log: desk.log, vault, client };
  await reconcileCdrs(parts, policy, {
    id: `run-${runs += 1}`, trigger: 'request', order: { kind: 'regular', providers: policy.providers, ...order },
    signal, begun: () => undefined,
  });
}

/** What the relay and the log would do: what was pulled goes through the same door as what was pushed. */
async function deliver(): Promise<readonly CdrReceivedData[]> {
  const events = await desk.takeEvents('CdrReceived');
  if (events.length > 0) await desk.receive(...events);
  return events.map(({ data }) => data as CdrReceivedData);
}

async function lastPull(): Promise<PullView> {
  const pull = (await lastReconciliations(prisma, 1))[0]?.pulls[0];
  if (!pull) throw new Error('nothing was pulled');
  return pull;
}

async function watermark(): Promise<string | undefined> {
  const [row] = await desk.database.query<{ watermark: Date }>('SELECT watermark FROM pull_watermark');
  return row?.watermark.toISOString();
}

const sessionsOf = (data: readonly CdrReceivedData[]): readonly string[] => data.map((one) => one.sessionId.slice(-1));

describe('pulling records', () => {
  it('brings page after page through the door, each record with its exact text and its page', async () => {
    const odd = `{ "SessionID" : "${sessionId(3)}",\t"ConsumedEnergy": 11.000 , "text":"]}\\"" }`;
    hbs.keep(cdr(1), cdr(2), odd);
    await reconcile();
    const sent = await deliver();
    expect(sessionsOf(sent)).toEqual(['1', '2', '3']);
    expect(vault.open(sent[2]?.sealedRecord ?? '')).toBe(odd);
    expect(sent[2]).toMatchObject({
      origin: 'pulled', providerId: 'DE-EMP', operatorId: null, contractRef: null, processId: 'process-3',
      page: '2026-04-28T09:06:00Z/2026-05-01T09:06:00Z#1', receivedAt: '2026-05-01T09:06:00.000Z',
    });
    expect(await lastPull()).toMatchObject({ state: 'done', windows: 2, pages: 3, records: 3, newRecords: 3, lastProcessId: 'process-3', error: null });
    expect(await desk.stored()).toHaveLength(3);
  });

  it('does not send again what is stored, and sends what has another content', async () => {
    hbs.keep(cdr(1), cdr(2), cdr(3));
    await reconcile();
    await deliver();
    desk.clock.advance({ minutes: 15 });
    hbs.kept = [];
    hbs.keep(cdr(1, { ConsumedEnergy: '11.0', HubOperatorID: null }), cdr(2, { PartnerProductID: 'AC' }), cdr(3), cdr(4));
    await reconcile();
    expect(sessionsOf(await deliver())).toEqual(['2', '4']);
    expect(await lastPull()).toMatchObject({ newRecords: 1, changedRecords: 1, knownRecords: 2 });
    expect((await desk.stored()).filter((line) => line.includes('conflict'))).toHaveLength(1);
  });

  it('asks again from the overlap before the watermark, which stands at the end of the last window', async () => {
    await reconcile();
    expect(await watermark()).toBe('2026-05-01T09:06:00.000Z');
    desk.clock.advance({ minutes: 15, ms: 250 });
    await reconcile({ overlapHours: 2 });
    expect(hbs.asked.at(-1)).toMatchObject({ from: '2026-05-01T07:06:00Z', to: '2026-05-01T09:21:01Z', page: 0 });
    expect(await watermark()).toBe('2026-05-01T09:21:00.000Z');
  });

  it('sends unreadable records on, too', async () => {
    hbs.keep(cdr(1), '{"EvseID":"DE*SIM*E0001*1"}', 'null', cdr(2));
    await reconcile({ pageSize: 10 });
    await deliver();
    const stored = await desk.stored();
    expect(stored.filter((line) => line.includes('unreadable'))).toHaveLength(2);
    expect(stored).toHaveLength(4);
  });

  it('asks for each provider, and one that fails does not hinder the next', async () => {
    hbs.keep(cdr(1));
    hbs.before = ({ providerId }) => (providerId === 'DE-EMP' ? 'unavailable' : 'answer');
    await reconcile({ providers: ['DE-EMP', 'DE-OFL'] });
    const pulls = (await lastReconciliations(prisma, 1))[0]?.pulls;
    expect(pulls).toMatchObject([
      { providerId: 'DE-EMP', state: 'failed', watermark: null }, { providerId: 'DE-OFL', state: 'done', newRecords: 1 },
    ]);
    expect((await deliver())[0]).toMatchObject({ providerId: 'DE-OFL' });
  });
});

describe('pages that shift while they are read', () => {
  it('cost nothing: the window is read again until every record came by', async () => {
    hbs.keep(cdr(1), cdr(2), cdr(3), cdr(4), cdr(5));
    let shifted = false;
    hbs.before = ({ page }) => {
      if (page === 1 && !shifted) {
        shifted = true;
        hbs.kept = [...hbs.kept.slice(1), ...hbs.kept.slice(0, 1)]; // The third record slips to the page that was read before.
      }
      return 'answer';
    };
    await reconcile();
    expect([...sessionsOf(await deliver())].sort()).toEqual(expect.arrayContaining(['1', '2', '3', '4', '5']));
    expect(await desk.stored()).toHaveLength(5);
    expect(await lastPull()).toMatchObject({ state: 'done', windows: 2, pages: 7, steps: [{ selection: 'not-forwarded' }, { state: 'complete', reading: 2 }] });
    expect(await watermark()).toBe('2026-05-01T09:06:00.000Z');
  });

  /** Whoever asks for the second page finds the records moved by one; whoever asks for the first finds them in order. */
  const restless = ({ page }: AskedPage): 'answer' => {
    if (page === 1) hbs.kept = [...hbs.kept.slice(1), ...hbs.kept.slice(0, 1)];
    if (page === 0) hbs.kept.sort((one, other) => (one.text < other.text ? -1 : 1));
    return 'answer';
  };

  it('are made fewer: a window that will not stand still is divided until each part is one page', async () => {
    hbs.keep(cdr(1), cdr(2), cdr(3), cdr(4));
    hbs.kept = hbs.kept.map((record, at) => ({ ...record, receivedAt: `2026-04-${at < 2 ? '28' : '30'}T12:00:00Z` }));
    hbs.before = restless;
    await reconcile();
    expect([...new Set(sessionsOf(await deliver()))].sort()).toEqual(['1', '2', '3', '4']);
    const pull = await lastPull();
    expect(pull.state).toBe('done');
    expect(pull.steps.map(({ state }) => state).sort()).toEqual(['complete', 'complete', 'complete', 'split']);
    expect(await watermark()).toBe('2026-05-01T09:06:00.000Z');
  });

  it('leave the watermark where it was when a window never becomes complete', async () => {
    const before = '2026-05-01T09:05:00.000Z';
    await desk.database.query('INSERT INTO pull_watermark VALUES ($1, $2, $2)', ['DE-EMP', before]);
    hbs.keep(cdr(1), cdr(2), cdr(3), cdr(4));
    hbs.before = restless;
    await reconcile({ overlapHours: 0 });
    expect(await lastPull()).toMatchObject({ state: 'incomplete', watermark: before });
    expect(await watermark()).toBe(before);
  });
});

describe('what Hubject could not deliver', () => {
  it('is asked for first, and comes once', async () => {
    hbs.keep(cdr(1));
    hbs.keepUndelivered(cdr(2));
    await reconcile();
    expect(hbs.asked.map(({ notForwarded }) => notForwarded)).toEqual([true, false]);
    const sent = await deliver();
    expect(sessionsOf(sent)).toEqual(['2', '1', '2']);
    expect(await desk.stored()).toHaveLength(2);
  });

  it('is there after a night in which HBS was away: the next pull recovers everything, and the watermark catches up', async () => {
    await reconcile();
    hbs.before = () => 'unavailable';
    for (let hour = 0; hour < 8; hour += 1) {
      desk.clock.advance({ hours: 1 });
      await reconcile({ overlapHours: 1 });
    }
    expect(await lastPull()).toMatchObject({ state: 'failed' });
    expect(await watermark()).toBe('2026-05-01T09:06:00.000Z');
    hbs.before = () => 'answer';
    desk.clock.advance({ minutes: 1 });
    hbs.kept = [1, 2, 3, 4, 5].map((number) => ({ text: JSON.stringify(cdr(number)), receivedAt: `2026-05-01T1${number}:00:00Z`, forwarded: false }));
    await reconcile({ overlapHours: 1 });
    await deliver();
    expect(await desk.stored()).toHaveLength(5);
    expect(await lastPull()).toMatchObject({ state: 'done', window: { from: '2026-05-01T08:06:00.000Z' } });
    expect(await watermark()).toBe('2026-05-01T17:07:00.000Z');
  });

  it('is no loss when the acknowledgement was lost and the operator sends the record again', async () => {
    await desk.receive(received(cdr(1)));
    await desk.receive(received(cdr(1), { processId: 'process-of-the-repeat' }));
    hbs.keepUndelivered(cdr(1)); // Hubject never heard our answer.
    await reconcile();
    expect(await deliver()).toEqual([]);
    expect(await lastPull()).toMatchObject({ newRecords: 0, knownRecords: 2 });
    expect(await desk.stored()).toHaveLength(1);
    expect((await desk.takeEvents()).map(({ type }) => type)).toEqual(['CdrAccepted']);
  });
});

describe('other pulls', () => {
  it('sweep the last 30 days without touching the watermark', async () => {
    await reconcile({ order: { kind: 'sweep' } });
    expect(hbs.asked[0]).toMatchObject({ notForwarded: true, from: '2026-04-01T09:06:00Z', to: '2026-05-01T09:06:00Z' });
    expect(hbs.asked.slice(1).map(({ from }) => from.slice(0, 10))).toEqual(['2026-04-01', '2026-04-08', '2026-04-15', '2026-04-22', '2026-04-29']);
    expect(await watermark()).toBeUndefined();
  });

  it('read a window that somebody asks for, as far as Hubject answers for it', async () => {
    await reconcile({ order: { kind: 'window', span: { from: new Date('2025-01-01T00:00:00Z'), to: new Date('2026-02-02T02:00:00.500Z') } }, windowHours: 24 });
    expect(hbs.asked.map(({ from, to }) => [from, to])).toEqual([['2026-02-01T09:06:00Z', '2026-02-02T02:00:01Z']]);
    expect(await watermark()).toBeUndefined();
  });

  it('ask for sessions by their SessionIDs, some at a time, whenever Hubject received their records', async () => {
    hbs.keep(cdr(1), cdr(2), cdr(3), cdr(4));
    await reconcile({ order: { kind: 'sessions', sessionIds: [sessionId(1), sessionId(3), sessionId(9)] } });
    expect(hbs.asked.map((asked) => [asked.sessionIds.length, asked.from])).toEqual([[2, '2026-02-01T09:06:00Z'], [1, '2026-02-01T09:06:00Z']]);
    expect(sessionsOf(await deliver())).toEqual(['1', '3']);
  });
});

describe('pulls side by side', () => {
  it('send their pages on one after the other, so that the same record from two of them keeps its order', async () => {
    hbs.keep(cdr(1), cdr(2), cdr(3));
    const held = await desk.database.connect();
    await held.query('SELECT pg_advisory_lock($1)', [lockNumber('cdr-ingest.pages')]);
    const both = Promise.all([reconcile(), reconcile({ order: { kind: 'sweep' } })]);
    const waiting = 'SELECT 1 FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())';
    await eventually(async () => (await desk.database.query(waiting)).length === 2);
    await held.close();
    await both;
    const rows = await desk.database.query<{ by: string }>('SELECT xmin::text AS by FROM outbox ORDER BY id');
    const turns = rows.map(({ by }) => by).filter((by, at, all) => by !== all[at - 1]);
    expect(turns).toHaveLength(new Set(turns).size);
    expect(new Set(sessionsOf(await deliver()))).toEqual(new Set(['1', '2', '3']));
    expect(await desk.stored()).toHaveLength(3);
  });
});

describe('a pull that does not come to its end', () => {
  it('keeps what it has, notes why, leaves the watermark, and goes on the next time', async () => {
    hbs.keep(cdr(1), cdr(2), cdr(3), cdr(4), cdr(5));
    hbs.before = ({ page }) => (page === 1 ? 'unavailable' : 'answer');
    await reconcile();
    const pull = await lastPull();
    expect(pull).toMatchObject({ state: 'failed', pages: 2, newRecords: 2, watermark: null });
    expect(pull.error?.slug).toMatch(/^hbs-/);
    expect(await watermark()).toBeUndefined();

    hbs.before = () => 'answer';
    expect(sessionsOf(await deliver())).toEqual(['1', '2']);
    hbs.asked.length = 0;
    desk.clock.advance({ minutes: 1 });
    await reconcile();
    expect(hbs.asked.map(({ page, from }) => `${from.slice(5, 10)}#${page}`)).toEqual(['04-28#1', '04-28#2', '05-01#0']);
    expect(await lastPull()).toMatchObject({ state: 'done', resumes: `run-${runs - 1}`, newRecords: 3 });
    expect(sessionsOf(await deliver())).toEqual(['3', '4', '5']);
    expect(await watermark()).toBe('2026-05-01T09:07:00.000Z');
  });

  it('keeps the windows that were complete before the failure', async () => {
    desk.clock.advance({ days: 3 });
    hbs.before = ({ from }) => (from === '2026-05-03T09:06:00Z' ? 'unavailable' : 'answer');
    await reconcile({ windowHours: 24 });
    expect(await lastPull()).toMatchObject({ state: 'failed', windows: 3 });
    expect(await watermark()).toBe('2026-05-03T09:06:00.000Z');
    hbs.before = () => 'answer';
    desk.clock.advance({ hours: 1 });
    hbs.asked.length = 0;
    await reconcile({ windowHours: 24 });
    expect(hbs.asked.map(({ from, to }) => [from, to])).toEqual([
      ['2026-05-03T09:06:00Z', '2026-05-04T09:06:00Z'], ['2026-05-04T09:06:00Z', '2026-05-04T10:06:00Z'],
    ]);
    expect(await watermark()).toBe('2026-05-04T10:06:00.000Z');
  });

  it('never moves the watermark back', async () => {
    await reconcile();
    await reconcile({ windowHours: 24 });
    hbs.before = () => 'unavailable';
    await reconcile({ windowHours: 24 });
    expect(await watermark()).toBe('2026-05-01T09:06:00.000Z');
  });

  it('ends at once when the service stops, even while Hubject does not answer', async () => {
    hbs.before = () => 'hang';
    const stop = new AbortController();
    const run = reconcile({}, stop.signal);
    await eventually(() => hbs.asked.length === 1, { what: 'the first page' });
    stop.abort();
    await run;
    expect(await lastPull()).toMatchObject({ state: 'interrupted', watermark: null });
  });

  it.each([
    ['after a page was fetched', 'after-fetch', { pages: 1, again: [1, 2] }],
    ['after a page was committed', 'after-commit-2', { pages: 1, again: [1, 2] }],
    ['before the watermark moves', 'before-watermark', { pages: 3, again: [3] }],
  ])('survives kill -9 %s: nothing is missing, nothing is read or stored twice', async (_when, point, { pages, again }) => {
    hbs.keep(cdr(1), cdr(2), cdr(3), cdr(4), cdr(5));
    expect(await killed(point)).toBe('SIGKILL');
    expect(await lastPull()).toMatchObject({ state: 'running', pages: 1 + pages });
    expect(await watermark()).toBeUndefined();

    hbs.asked.length = 0;
    desk.clock.advance({ minutes: 1 });
    await reconcile(); // Before what the dead one committed was delivered.
    const window = hbs.asked.filter(({ to }) => to === '2026-05-01T09:06:00Z');
    expect(window.map(({ page }) => page)).toEqual(again);
    expect(sessionsOf(await deliver())).toEqual(['1', '2', '3', '4', '5']);
    expect(await desk.stored()).toHaveLength(5);
    const [resumed, dead] = (await lastReconciliations(prisma, 5)).flatMap((run) => run.pulls);
    expect(resumed).toMatchObject({ state: 'done', resumes: 'run-0' });
    expect(dead).toMatchObject({ state: 'interrupted' });
    expect(await watermark()).toBe('2026-05-01T09:07:00.000Z');
  }, 90_000);
});

/** Runs a pull in a process of its own that kills itself at a step; how it ended. */
async function killed(at: string): Promise<NodeJS.Signals | null> {
  const victim = spawn(process.execPath, [
    '--conditions=@emp/source', '--import', fileURLToPath(new URL('../../../libs/testing/jest/typescript.mjs', import.meta.url)),
    fileURLToPath(new URL('reconcile-once.ts', import.meta.url)),
  ], {
    env: { PATH: process.env['PATH'], DATABASE_URL: desk.url, HBS_URL: hbs.baseUrl, VAULT_KEYS, VAULT_PEPPER, DIE: at },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => { victim.once('exit', (_code, signal) => resolve(signal)); });
}
