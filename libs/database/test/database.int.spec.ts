import { setImmediate, setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import { EmpError } from '@emp/kernel';
import { isDatabaseAway, isUniqueViolation, retryable, tryLock, type Database, type Transaction } from '../src/index.ts';
import { freshDatabase } from './fresh-database.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  database = fresh.open();
});
afterAll(() => fresh.close());
beforeEach(async () => {
  await database.query('DROP TABLE IF EXISTS card; CREATE TABLE card (uid text PRIMARY KEY, uses int NOT NULL DEFAULT 0)');
});

const uids = async (): Promise<string[]> => (await database.query<{ uid: string }>('SELECT uid FROM card ORDER BY uid')).map(({ uid }) => uid);

const errorOf = async (work: Promise<unknown>): Promise<EmpError> => {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (error instanceof EmpError) return error;
  throw new Error(`no EmpError but ${inspect(error)}`);
};

describe('queries', () => {
  it('return exact numbers, days as text and instants as dates', async () => {
    const [row] = await database.query(`SELECT 9007199254740993::int8 AS big, 0.10::numeric AS price, '2026-03-29'::date AS day, '2026-03-29T01:00Z'::timestamptz AS at, '{"a":1}'::jsonb AS json`);
    expect(row).toEqual({ big: 9007199254740993n, price: '0.10', day: '2026-03-29', at: new Date('2026-03-29T01:00:00Z'), json: { a: 1 } });
  });

  it('count the rows they affect', async () => {
    expect(await database.execute(`INSERT INTO card VALUES ('a'), ('b')`)).toBe(2);
    expect(await database.execute('DELETE FROM card WHERE uid = $1', ['a'])).toBe(1);
  });

  it('may be prepared', async () => {
    const statement = { name: 'add', text: 'SELECT $1::int + $2::int AS sum' };
    expect(await database.prepared(statement, [1, 2])).toEqual([{ sum: 3 }]);
    expect(await database.prepared(statement, [3, 4])).toEqual([{ sum: 7 }]);
  });

  it('are known to the server by the name of the application, and end in time', async () => {
    const impatient = fresh.open({ applicationName: 'impatient', statementTimeoutMs: 50 });
    expect(await impatient.query('SHOW application_name')).toEqual([{ application_name: 'impatient' }]);
    expect(await errorOf(impatient.query('SELECT pg_sleep(5)'))).toMatchObject({ slug: 'database-timeout', retry: 'helps' });
  });
});

describe('a transaction', () => {
  it('commits what it did, and tells those who wait for it', async () => {
    const told: string[] = [];
    const result = await database.transaction(async (tx) => {
      tx.afterCommit(() => told.push('first'));
      tx.afterCommit(() => { throw new Error('a listener that fails'); });
      tx.afterCommit(() => told.push('third'));
      await tx.execute(`INSERT INTO card VALUES ('a')`);
      expect(told).toEqual([]);
      return 'result';
    });
    expect(result).toBe('result');
    expect(await uids()).toEqual(['a']);
    expect(told).toEqual(['first', 'third']);
  });

  it('undoes everything when the work throws, and passes the very error on', async () => {
    const mine = new Error('changed my mind');
    let told = false;
    await expect(database.transaction(async (tx) => {
      tx.afterCommit(() => { told = true; });
      await tx.execute(`INSERT INTO card VALUES ('a')`);
      throw mine;
    })).rejects.toBe(mine);
    expect(await uids()).toEqual([]);
    expect(told).toBe(false);
  });

  it('cannot be used after its end', async () => {
    let kept: Transaction | undefined;
    await database.transaction(async (tx) => { kept = tx; });
    expect(await errorOf(kept?.query('SELECT 1') ?? Promise.resolve())).toMatchObject({ slug: 'transaction-over' });
  });

  it('says so when nothing could be committed because an error was swallowed', async () => {
    const error = await errorOf(database.transaction(async (tx) => {
      await tx.execute(`INSERT INTO card VALUES ('a')`);
      await tx.query('SELECT nonsense').catch(() => undefined);
    }));
    expect(error.slug).toBe('transaction-aborted');
    expect(await uids()).toEqual([]);
  });

  it('takes queries side by side', async () => {
    const sums = await database.transaction((tx) => Promise.all([1, 2, 3].map((n) => tx.query<{ n: number }>('SELECT $1::int AS n', [n]))));
    expect(sums.flat().map(({ n }) => n)).toEqual([1, 2, 3]);
  });

  it('gives its connection back, whatever happened', async () => {
    const single = fresh.open({ maxConnections: 1 });
    for (let round = 0; round < 5; round += 1) {
      await single.transaction(() => Promise.reject(new Error('no'))).catch(() => undefined);
      await single.transaction((tx) => tx.query('SELECT 1'));
    }
  });
});

describe('errors', () => {
  it('of a broken constraint name it, and hide the row', async () => {
    await database.execute(`INSERT INTO card VALUES ('04A2B3C4D5E680')`);
    const error = await errorOf(database.execute(`INSERT INTO card VALUES ('04A2B3C4D5E680')`));
    expect(error).toMatchObject({ slug: 'database-constraint', retry: 'useless', details: { constraint: 'card_pkey', table: 'card', code: '23505' } });
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, 'card_pkey')).toBe(true);
    expect(isUniqueViolation(error, 'another')).toBe(false);
    expect(inspect(error, { depth: 9 }) + JSON.stringify(error) + JSON.stringify(error.cause)).not.toContain('04A2B3C4D5E680');
  });

  it('of wrong SQL do not invite a retry', async () => {
    expect(await errorOf(database.query('SELECT * FROM nowhere'))).toMatchObject({ slug: 'database-refused', retry: 'useless', details: { code: '42P01' } });
  });

  it('of two transactions in each other’s way invite one', async () => {
    await database.execute(`INSERT INTO card VALUES ('a'), ('b')`);
    let holding = 0;
    const use = (first: string, second: string): Promise<unknown> => database.transaction(async (tx) => {
      await tx.execute('UPDATE card SET uses = uses + 1 WHERE uid = $1', [first]);
      holding += 1;
      while (holding < 2) await setImmediate();
      await tx.execute('UPDATE card SET uses = uses + 1 WHERE uid = $1', [second]);
    });
    const outcomes = await Promise.allSettled([use('a', 'b'), use('b', 'a')]);
    const [failed] = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(failed?.reason).toMatchObject({ slug: 'database-conflict', retry: 'helps', details: { code: '40P01' } });
    expect(retryable(failed?.reason)).toBe(true);
  });

  it('of a connection that is cut mean that the database is away; the next query has a new one', async () => {
    const single = fresh.open({ maxConnections: 1 });
    const [self] = await single.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const asleep = errorOf(single.transaction((tx) => tx.query('SELECT pg_sleep(10)')));
    while ((await database.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND query LIKE $2', [self?.pid, '%pg_sleep%'])).length === 0);
    const error = await asleep;
    expect(error).toMatchObject({ slug: 'database-unavailable', retry: 'helps' });
    expect(isDatabaseAway(new Error('wrapped', { cause: error }))).toBe(true);
    expect(await single.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('of a connection that is cut while nobody uses it harm nobody', async () => {
    const idle = fresh.open({ maxConnections: 2 });
    await idle.transaction(async (tx) => {
      const [self] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.query('SELECT pg_terminate_backend($1)', [self?.pid]);
      await expect(tx.query('SELECT 1')).rejects.toMatchObject({ slug: 'database-unavailable' });
    }).catch(() => undefined);
    await idle.query('SELECT 1');
    await database.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
    expect(retryable(await idle.query('SELECT 1').then(() => new EmpError('x', 'x', { retry: 'helps' }), (error: unknown) => error))).toBe(true);
    expect(await idle.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('of a server that is not there mean the same', async () => {
    const nowhere = fresh.open({ url: 'postgresql://nobody@127.0.0.1:9/nothing' });
    for (const attempt of [nowhere.query('SELECT 1'), nowhere.transaction(() => Promise.resolve()), nowhere.connect(), nowhere.lock('x', () => Promise.resolve())]) {
      expect(await errorOf(attempt)).toMatchObject({ slug: 'database-unavailable', retry: 'helps', message: expect.stringContaining('ECONNREFUSED') as string });
    }
  });
});

describe('a lock whose holder falls silent', () => {
  it('is free again after a while, and the holder is told', async () => {
    const [silent, next] = [await database.connect(), await database.connect()];
    expect(await tryLock(silent, 'relay', { everyMs: 60_000, aliveForMs: 50 })).toBe(true);
    await new Promise((resolve) => { silent.lost.addEventListener('abort', resolve); });
    expect(await tryLock(next, 'relay')).toBe(true);
    await Promise.all([silent.close(), next.close()]);
  });

  it('is kept by one that gives signs of life', async () => {
    const [alive, other] = [await database.connect(), await database.connect()];
    const [session] = await alive.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    expect(await tryLock(alive, 'relay', { everyMs: 30, aliveForMs: 1_000 })).toBe(true);
    const spokenFor = 'SELECT extract(epoch FROM state_change - backend_start) > 2 AS longer FROM pg_stat_activity WHERE pid = $1';
    const longer = async (): Promise<boolean> => (await other.query<{ longer: boolean }>(spokenFor, [session?.pid]))[0]?.longer ?? true;
    while (!(await longer())) await setTimeout(50);
    expect([alive.lost.aborted, await tryLock(other, 'relay')]).toEqual([false, false]);
    await Promise.all([alive.close(), other.close()]);
  });
});

describe('a lock', () => {
  it('is held by one at a time, by name', async () => {
    const other = fresh.open();
    const inner = await database.lock('invoice-run', async () => ({
      same: await other.lock('invoice-run', () => Promise.resolve('ran')),
      another: await other.lock('reconciliation', () => Promise.resolve('ran')),
    }));
    expect(inner).toEqual({ same: 'held-elsewhere', another: 'ran' });
    expect(await other.lock('invoice-run', () => Promise.resolve('ran'))).toBe('ran');
  });

  it('is free again when the work throws', async () => {
    await expect(database.lock('job', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await database.lock('job', () => Promise.resolve('ran'))).toBe('ran');
  });

  it('is lost with its connection, and the holder is told', async () => {
    await database.lock('job', async (held) => {
      const lost = new Promise((resolve) => { held.addEventListener('abort', resolve); });
      await database.query(`SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE locktype = 'advisory' AND datname = current_database()`);
      await lost;
      expect(held.reason).toMatchObject({ slug: 'database-unavailable' });
      expect(await database.lock('job', () => Promise.resolve('ran'))).toBe('ran');
    });
  });
});

describe('a connection of its own', () => {
  it('hears what is notified on a channel', async () => {
    const connection = await database.connect();
    const heard = new Promise((resolve) => { void connection.listen('Topic-1', resolve).then(() => database.query(`SELECT pg_notify('Topic-1', 'hello')`)); });
    expect(await heard).toBe('hello');
    await connection.close();
    expect(connection.lost.aborted).toBe(true);
  });
});
