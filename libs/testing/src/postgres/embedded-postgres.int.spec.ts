import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Database } from '@emp/database';
import { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.ts';
import { isAlive } from './postmaster.ts';
import { createServiceDatabase } from './service-database.ts';

let directory: string;
let dataDirectory: string;
const running: EmbeddedPostgres[] = [];

/** Made once and copied: a new one takes a second. */
let cluster: string;

beforeAll(async () => {
  cluster = path.join(await mkdtemp(path.join(tmpdir(), 'emp-cluster-')), 'data');
  await (await startEmbeddedPostgres({ dataDirectory: cluster, durable: false })).stop();
}, 30_000);
afterAll(() => rm(path.dirname(cluster), { recursive: true, force: true }));

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'emp-postgres-'));
  dataDirectory = path.join(directory, 'data');
  await cp(cluster, dataDirectory, { recursive: true });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await rm(directory, { recursive: true, force: true });
});

const start = async (options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> => {
  const server = await startEmbeddedPostgres({ dataDirectory, durable: false, ...options });
  running.push(server);
  return server;
};

const ask = async <Row>(url: string, text: string): Promise<Row[]> => {
  const database = new Database({ url, applicationName: 'test', maxConnections: 1 });
  try {
    return await database.query<Row>(text);
  } finally {
    await database.close();
  }
};

describe('startEmbeddedPostgres', () => {
  it('makes a cluster in UTF-8 that sorts by code point, on the loopback interface, with a password', async () => {
    const { adminUrl, pid } = await start();
    expect(await ask(adminUrl, `SELECT current_setting('server_encoding') AS encoding, current_setting('TimeZone') AS zone, 'Z' < 'a' AS by_code_point`))
      .toEqual([{ encoding: 'UTF8', zone: 'UTC', by_code_point: true }]);
    expect(isAlive(pid)).toBe(true);
    await expect(ask(adminUrl.replace(/:[^:@]+@/, ':guessed@'), 'SELECT 1')).rejects.toMatchObject({ details: { code: '28P01' } });
    expect((await stat(path.join(dataDirectory, 'admin-password'))).mode & 0o077).toBe(0);
  }, 30_000);

  it('writes to the disk unless it is told not to', async () => {
    const durable = await start({ durable: true });
    expect(await ask(durable.adminUrl, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    await durable.stop();
    expect(await ask((await start()).adminUrl, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
  }, 30_000);

  it('stops for good, and goes on with the same data', async () => {
    const first = await start();
    await ask(first.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS one');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(second.origin).toBe('started');
    expect(await ask(second.adminUrl, 'SELECT * FROM kept')).toEqual([{ one: 1 }]);
  }, 30_000);

  it('takes over the server that a killed process left behind', async () => {
    const first = await start();
    const second = await start({ port: first.port + 1 });
    expect(second).toMatchObject({ origin: 'reused', pid: first.pid, port: first.port });
  }, 30_000);

  it('starts again at once after a crash, keeping what was committed', async () => {
    const first = await start({ durable: true });
    await ask(first.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS one');
    await first.kill();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start({ durable: true, port: first.port });
    expect(await ask(second.adminUrl, 'SELECT * FROM kept')).toEqual([{ one: 1 }]);
  }, 30_000);

  it('is not fooled by a stale file whose number belongs to another program by now', async () => {
    const first = await start();
    const pidFile = path.join(dataDirectory, 'postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    await first.stop();
    const bystander = spawn('sleep', ['60']);
    await writeFile(pidFile, text.replace(/^\d+/, String(bystander.pid)));
    const second = await start();
    expect(second.origin).toBe('started');
    bystander.kill();
  }, 30_000);

  it('lets two processes that start together have one server', async () => {
    await rm(dataDirectory, { recursive: true });
    const [one, two] = await Promise.all([start(), start()]);
    expect(one.pid).toBe(two.pid);
    expect([one.origin, two.origin].sort()).toEqual(['reused', 'started']);
  }, 30_000);

  it('refuses a port that is taken, and names the variable to change', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => { squatter.listen(0, '127.0.0.1', resolve); });
    const { port } = squatter.address() as AddressInfo;
    await expect(start({ port, portVariable: 'POSTGRES_PORT' })).rejects.toMatchObject({
      slug: 'port-taken',
      message: `port ${port}, meant for PostgreSQL, is taken by another program: free it or set POSTGRES_PORT to another`,
    });
    squatter.close();
  }, 30_000);

  it('refuses the data of another major version', async () => {
    await writeFile(path.join(dataDirectory, 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toMatchObject({ slug: 'data-directory-version', message: expect.stringContaining('belongs to PostgreSQL 15') as string });
  }, 30_000);

  it('tells the last words of a server that does not start', async () => {
    await writeFile(path.join(dataDirectory, 'postgresql.conf'), 'nonsense_setting = 1\n');
    await expect(start()).rejects.toThrow(/nonsense_setting/);
  }, 30_000);
});

describe('createServiceDatabase', () => {
  it('gives a service a database of its own, and no way into another', async () => {
    const { adminUrl } = await start();
    const billing = { database: 'billing', role: 'billing', password: 'p@ss/word:1' };
    const [billingUrl, gatewayUrl] = await Promise.all([
      createServiceDatabase(adminUrl, billing),
      createServiceDatabase(adminUrl, { database: 'gateway', role: 'gateway', password: 'other' }),
    ]);
    await ask(billingUrl, 'CREATE TABLE charge (id int)');
    const elsewhere = (url: string, database: string): string => Object.assign(new URL(url), { pathname: `/${database}` }).href;
    for (const foreign of ['gateway', 'postgres', 'template1']) {
      await expect(ask(elsewhere(billingUrl, foreign), 'SELECT 1')).rejects.toMatchObject({ details: { code: '42501' } });
    }
    await expect(ask(elsewhere(gatewayUrl, 'billing'), 'SELECT * FROM charge')).rejects.toMatchObject({ details: { code: '42501' } });
    await expect(ask(billingUrl, 'CREATE DATABASE more')).rejects.toMatchObject({ details: { code: '42501' } });
  }, 30_000);

  it('may be asked again, and sets the password anew', async () => {
    const { adminUrl } = await start();
    const before = await createServiceDatabase(adminUrl, { database: 'billing', role: 'billing', password: 'before' });
    await ask(before, 'CREATE TABLE charge (id int)');
    const after = await createServiceDatabase(adminUrl, { database: 'billing', role: 'billing', password: 'after' });
    expect(await ask(after, 'SELECT * FROM charge')).toEqual([]);
    await expect(ask(before, 'SELECT 1')).rejects.toMatchObject({ details: { code: '28P01' } });
  }, 30_000);
});
