import type { Database } from '@emp/database';
import { testDatabase, type TestDatabase } from '@emp/testing';
import { HbsClient } from '../src/hbs-client.ts';
import { SharedPushLock } from '../src/limits/push-lock.ts';
import { ensureHbsTables, SharedRateLimiter } from '../src/limits/shared-rate-limiter.ts';
import { MemoryRateLimiter } from '../src/limits/memory-rate-limiter.ts';
import { FakeHbs, json } from './fake-hbs.ts';

const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn: silent };
const newReplica = (database: Database): SharedRateLimiter =>
  new SharedRateLimiter({ database, standIn: new MemoryRateLimiter({ now: () => new Date() }), log });

describe('limits that replicas share', () => {
  let shared: TestDatabase;
  beforeAll(async () => {
    shared = await testDatabase({ maxConnections: 12 });
    await Promise.all([1, 2, 3].map(() => ensureHbsTables(shared.database)));
  });
  afterAll(() => shared.close());
  /** By the clock of the database. */
  const milliseconds = async (instant: string): Promise<number> => {
    const [row] = await shared.database.query<{ ms: number }>(`SELECT (extract(epoch FROM ${instant}) * 1000)::float8 AS ms`, []);
    return row?.ms ?? Number.NaN;
  };

  it('give all replicas together one share of calls', async () => {
    const replicas = [1, 2, 3].map(() => newReplica(shared.database));
    // So slow that the time the calls themselves take cannot earn another one.
    const rate = { intervalMs: 60_000, burst: 12 };
    const begun = await milliseconds('clock_timestamp()');
    const waits = await Promise.all(Array.from({ length: 90 }, (_, call) => replicas[call % 3]?.reserve('one bucket', rate, 24 * 60_000)));
    const ended = await milliseconds('clock_timestamp()');
    const taken = waits.filter((wait) => wait !== undefined);
    // Twelve at once, and then one a minute for 24 minutes.
    expect(taken.filter((wait) => wait === 0)).toHaveLength(12);
    expect(taken.length).toBe(12 + 24);
    const firstAt = await milliseconds("(SELECT full_at FROM hbs_rate_limit WHERE bucket = 'one bucket')") - taken.length * rate.intervalMs;
    expect(firstAt).toBeGreaterThanOrEqual(begun);
    expect(firstAt).toBeLessThanOrEqual(ended);
  });

  it('let all of them pause after a 429 of one', async () => {
    const rate = { intervalMs: 10, burst: 5 };
    await newReplica(shared.database).penalise('stormy', rate, 5_000);
    expect(await newReplica(shared.database).reserve('stormy', rate, 60_000)).toBeGreaterThan(4_500);
    expect(await newReplica(shared.database).reserve('calm', rate, 60_000)).toBe(0);
  });

  it('are kept by each replica alone while the database is away', async () => {
    const away = { query: () => Promise.reject(new Error('away')), execute: () => Promise.reject(new Error('away')), prepared: () => Promise.reject(new Error('away')) };
    const limiter = new SharedRateLimiter({ database: away, standIn: new MemoryRateLimiter({ now: () => new Date(0) }), log });
    const rate = { intervalMs: 1_000, burst: 1 };
    expect([await limiter.reserve('a', rate, 9_000), await limiter.reserve('a', rate, 9_000)]).toEqual([0, 1_000]);
  });

  it('let pushes of two replicas through one after the other', async () => {
    const hbs = await FakeHbs.open();
    let under = 0;
    let most = 0;
    hbs.behaviour = (_call, response) => {
      under += 1;
      most = Math.max(most, under);
      setTimeout(() => {
        under -= 1;
        json(response, 200, { Result: true, StatusCode: { Code: '000' } });
      }, 30);
    };
    const replicas = [1, 2].map(() => new HbsClient({ baseUrl: hbs.baseUrl, log, limits: { database: shared.database } }));
    const message = { ActionType: 'fullLoad', ProviderAuthenticationData: { ProviderID: 'DE-EMP', AuthenticationDataRecord: [] } };
    const results = await Promise.all([...replicas, ...replicas].map((client) => client.pushAuthenticationData(message as never)));
    expect(results.every((result) => result.ok)).toBe(true);
    expect([most, hbs.calls.length]).toEqual([1, 4]);
    for (const client of replicas) await client.close();
    await hbs.close();
  });

  it('give up a push that another replica holds for too long', async () => {
    const [one, other] = [new SharedPushLock(shared.database), new SharedPushLock(shared.database)];
    let release: () => void = silent;
    let entered: () => void = silent;
    const inside = new Promise<void>((resolve) => { entered = resolve; });
    const held = one.hold('DE-EMP', 1_000, () => {
      entered();
      return new Promise<void>((resolve) => { release = resolve; });
    });
    await inside;
    expect(await other.hold('DE-EMP', 150, async () => 'never')).toBe('busy');
    release();
    await held;
    expect(await other.hold('DE-EMP', 1_000, async () => 'done')).toBe('done');
  });
});
