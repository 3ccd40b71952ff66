import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { HbsClient } from '@emp/hbs-client';
import { createPrismaClient, type PrismaClient } from '@emp/prisma-cdr-ingest';
import type { CdrReceivedData } from '@emp/events';
import { eventually } from '@emp/testing';
import { reconcileCdrs, type ReconcilePolicy } from '../src/reconcile-cdrs/reconcile-cdrs.ts';
import { lastReconciliations, type PullView } from '../src/reconcile-cdrs/reconciliations.reader.ts';
import { cdr, sessionId, vault, VAULT_KEYS, VAULT_PEPPER } from './builders.ts';
import { Desk } from './desk.ts';
import { FakeHbs } from './fake-hbs.ts';

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
async function reconcile(changes: Partial<ReconcilePolicy> = {}, signal = new AbortController().signal): Promise<void> {
  const policy: ReconcilePolicy = { providers: ['DE-EMP'], overlapHours: 72, lookBackDays: 3, windowHours: 168, pageSize: 2, ...changes };
  const parts = { database: desk.database, outbox: desk.outbox, clock: desk.clock, log: desk.log, vault, client };
  await reconcileCdrs(parts, policy, { id: `run-${runs += 1}`, trigger: 'request', signal, begun: () => undefined });
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
      origin: 'pulled', providerId: 'DE-EMP', operatorId: null, contractRef: null, processId: 'process-2',
      page: '2026-04-28T09:06:00Z/2026-05-01T09:06:00Z#1', receivedAt: '2026-05-01T09:06:00.000Z',
    });
    expect(await lastPull()).toMatchObject({ state: 'done', windows: 1, pages: 2, records: 3, newRecords: 3, lastProcessId: 'process-2', error: null });
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
    expect(await lastPull()).toMatchObject({ state: 'done', windows: 1, pages: 6 });
    expect(await watermark()).toBe('2026-05-01T09:06:00.000Z');
  });

  it('leave the watermark where it was when a window never becomes complete', async () => {
    hbs.keep(cdr(1), cdr(2), cdr(3), cdr(4));
    hbs.before = ({ page }) => {
      if (page === 1) hbs.kept = [...hbs.kept.slice(1), ...hbs.kept.slice(0, 1)];
      if (page === 0) hbs.kept.sort((one, other) => (one.text < other.text ? -1 : 1));
      return 'answer';
    };
    await reconcile();
    expect(await lastPull()).toMatchObject({ state: 'incomplete', watermark: null });
    expect(await watermark()).toBeUndefined();
  });
});

describe('a pull that does not come to its end', () => {
  it('keeps what it has, notes why, leaves the watermark, and goes on the next time', async () => {
    hbs.keep(cdr(1), cdr(2), cdr(3), cdr(4), cdr(5));
    hbs.before = ({ page }) => (page === 1 ? 'unavailable' : 'answer');
    await reconcile();
    const pull = await lastPull();
    expect(pull).toMatchObject({ state: 'failed', pages: 1, newRecords: 2, watermark: null });
    expect(pull.error?.slug).toMatch(/^hbs-/);
    expect(await watermark()).toBeUndefined();

    hbs.before = () => 'answer';
    expect(sessionsOf(await deliver())).toEqual(['1', '2']);
    await reconcile();
    expect(sessionsOf(await deliver())).toEqual(['3', '4', '5']);
    expect(await watermark()).toBe('2026-05-01T09:06:00.000Z');
  });

  it('keeps the windows that were complete before the failure', async () => {
    desk.clock.advance({ days: 3 });
    hbs.before = ({ from }) => (from === '2026-05-03T09:06:00Z' ? 'unavailable' : 'answer');
    await reconcile({ windowHours: 24 });
    expect(await lastPull()).toMatchObject({ state: 'failed', windows: 2 });
    expect(await watermark()).toBe('2026-05-03T09:06:00.000Z');
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

  it('survives kill -9 between two pages: nothing is missing, nothing is stored twice', async () => {
    hbs.keep(cdr(1), cdr(2), cdr(3), cdr(4), cdr(5));
    hbs.before = ({ page }) => (page === 1 ? 'hang' : 'answer');
    const victim = spawn(process.execPath, [
      '--conditions=@emp/source', '--import', fileURLToPath(new URL('../../../libs/testing/jest/typescript.mjs', import.meta.url)),
      fileURLToPath(new URL('reconcile-once.ts', import.meta.url)),
    ], {
      env: { PATH: process.env['PATH'], DATABASE_URL: desk.url, HBS_URL: hbs.baseUrl, VAULT_KEYS, VAULT_PEPPER },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = new Promise((resolve) => { victim.once('exit', resolve); });
    await eventually(() => hbs.asked.some(({ page }) => page === 1), { withinMs: 50_000, what: 'the second page' })
      .finally(() => victim.kill('SIGKILL'));
    await ended;
    expect(await lastPull()).toMatchObject({ state: 'running', pages: 1 });
    expect(await watermark()).toBeUndefined();

    hbs.before = () => 'answer';
    desk.clock.advance({ minutes: 1 });
    await reconcile(); // Before the first page of the dead one was delivered: its records are sent twice.
    const sent = await deliver();
    expect(sessionsOf(sent)).toEqual(['1', '2', '1', '2', '3', '4', '5']);
    expect(await desk.stored()).toHaveLength(5);
    const states = (await lastReconciliations(prisma, 5)).flatMap(({ pulls }) => pulls.map(({ state }) => state));
    expect(states).toEqual(['done', 'interrupted']);
  }, 60_000);
});
