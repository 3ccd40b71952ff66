import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate, type Database } from '../src/index.ts';
import { freshDatabase } from './fresh-database.ts';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let directory: string;

beforeEach(async () => {
  fresh = await freshDatabase();
  database = fresh.open();
  directory = await mkdtemp(path.join(tmpdir(), 'emp-migrations-'));
  await writeFile(path.join(directory, 'migration_lock.toml'), 'provider = "postgresql"\n');
});
afterEach(async () => {
  await fresh.close();
  await rm(directory, { recursive: true });
});

const FIRST = '20260501000000_first';
const SECOND = '20260502000000_second';

const write = async (name: string, sql: string): Promise<void> => {
  await mkdir(path.join(directory, name), { recursive: true });
  await writeFile(path.join(directory, name, 'migration.sql'), sql);
};

describe('migrate', () => {
  it('applies what is missing, oldest first, once', async () => {
    await write(SECOND, 'ALTER TABLE card ADD COLUMN uses int;');
    await write(FIRST, 'CREATE TABLE card (uid text); -- two statements\nCREATE INDEX ON card (uid);');
    expect(await migrate(database, directory)).toEqual({ applied: [FIRST, SECOND] });
    expect(await migrate(database, directory)).toEqual({ applied: [] });
    await database.query('SELECT uid, uses FROM card');
  });

  it('keeps the books that Prisma keeps', async () => {
    const sql = 'CREATE TABLE card (uid text);';
    await write(FIRST, sql);
    await migrate(database, directory);
    const [row] = await database.query('SELECT * FROM _prisma_migrations');
    expect(row).toMatchObject({
      checksum: createHash('sha256').update(sql).digest('hex'), migration_name: FIRST, applied_steps_count: 1,
      logs: null, rolled_back_at: null, started_at: expect.any(Date) as Date, finished_at: expect.any(Date) as Date,
    });
    expect(row?.['id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('leaves nothing of a migration that fails half-way, and goes on from there', async () => {
    await write(FIRST, 'CREATE TABLE card (uid text);');
    await write(SECOND, 'CREATE TABLE half (id int); SELECT nonsense;');
    await expect(migrate(database, directory)).rejects.toMatchObject({
      slug: 'migration-failed', retry: 'useless', message: expect.stringMatching(/20260502000000_second failed and was rolled back: column "nonsense"/) as string,
    });
    await write(SECOND, 'CREATE TABLE half (id int);');
    expect(await migrate(database, directory)).toEqual({ applied: [SECOND] });
  });

  it('refuses when a file was changed after it was applied', async () => {
    await write(FIRST, 'CREATE TABLE card (uid text);');
    await migrate(database, directory);
    await write(FIRST, 'CREATE TABLE card (uid text NOT NULL);');
    await expect(migrate(database, directory)).rejects.toMatchObject({ slug: 'migration-changed', message: expect.stringContaining(FIRST) as string });
  });

  it('refuses when an applied migration is missing', async () => {
    await write(FIRST, 'CREATE TABLE card (uid text);');
    await migrate(database, directory);
    await rm(path.join(directory, FIRST), { recursive: true });
    await expect(migrate(database, directory)).rejects.toMatchObject({ slug: 'migration-missing', message: expect.stringContaining('older release') as string });
  });

  it('refuses over a migration that Prisma began and did not finish, not over one it rolled back', async () => {
    await write(FIRST, 'CREATE TABLE card (uid text);');
    await migrate(database, directory);
    await database.execute('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(migrate(database, directory)).rejects.toMatchObject({ slug: 'migration-unfinished' });
    await database.execute('UPDATE _prisma_migrations SET rolled_back_at = now()');
    await database.query('DROP TABLE card');
    expect(await migrate(database, directory)).toEqual({ applied: [FIRST] });
  });

  it('lets processes that start together wait for each other', async () => {
    await write(FIRST, 'CREATE TABLE card (uid text); SELECT pg_sleep(0.1);');
    const results = await Promise.all([migrate(database, directory), migrate(fresh.open(), directory), migrate(fresh.open(), directory)]);
    expect(results.flatMap(({ applied }) => applied)).toEqual([FIRST]);
  });

  it('says where it looked in vain', async () => {
    await expect(migrate(database, path.join(directory, 'nowhere'))).rejects.toMatchObject({ slug: 'migrations-unreadable' });
    await mkdir(path.join(directory, FIRST));
    await expect(migrate(database, directory)).rejects.toMatchObject({ slug: 'migrations-unreadable', message: expect.stringContaining(FIRST) as string });
  });
});
