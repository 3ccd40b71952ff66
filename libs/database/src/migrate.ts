import { EmpError, messageOf, newId } from '@emp/kernel';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { readMigrations, type MigrationFile } from './migration-files.ts';

/** Prisma's own lock number: `prisma migrate deploy` and we keep each other out. */
const PRISMA_LOCK = 72_707_369;

const PRISMA_TABLE = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  varchar(36) PRIMARY KEY,
    checksum            varchar(64) NOT NULL,
    finished_at         timestamptz,
    migration_name      varchar(255) NOT NULL,
    logs                text,
    rolled_back_at      timestamptz,
    started_at          timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`;

interface AppliedMigration {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

/**
 * Applies the migrations of a directory that are still missing, each in a transaction of its own, in Prisma's layout
 * and table, so that `prisma migrate deploy` may take over at any time. Processes that start together wait for each
 * other. Throws `migration-…` errors when the past was changed: a file that was applied must stay as it was.
 */
export async function migrate(database: Database, migrationsDirectory: string): Promise<{ applied: string[] }> {
  const files = await readMigrations(migrationsDirectory);
  const connection = await database.connect();
  try {
    await connection.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    await connection.query(PRISMA_TABLE);
    const past = await connection.query<AppliedMigration>(
      'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
    );
    for (const migration of past) checkPast(migration, files, migrationsDirectory);
    const done = new Set(past.map((migration) => migration.migration_name));
    const applied: string[] = [];
    for (const file of files.filter(({ name }) => !done.has(name))) {
      await apply(connection, file);
      applied.push(file.name);
    }
    return { applied };
  } finally {
    await connection.close();
  }
}

function checkPast(past: AppliedMigration, files: readonly MigrationFile[], directory: string): void {
  const name = past.migration_name;
  const refuse = (slug: string, message: string): never => { throw new EmpError(slug, message, { retry: 'useless' }); };
  if (past.finished_at === null) {
    return refuse('migration-unfinished', `migration ${name} was begun and never finished: repair it, then "prisma migrate resolve"`);
  }
  const file = files.find((each) => each.name === name);
  if (!file) {
    return refuse('migration-missing', `migration ${name} was applied to this database but is not in ${directory}: is this an older release?`);
  }
  if (file.checksum !== past.checksum) {
    refuse('migration-changed', `migration ${name} was changed after it was applied: restore its file and put the change into a new migration`);
  }
}

async function apply(connection: Connection, { name, sql, checksum }: MigrationFile): Promise<void> {
  try {
    await connection.query('BEGIN');
    await connection.query(sql);
    await connection.execute(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [newId(), checksum, name],
    );
    await connection.query('COMMIT');
  } catch (error) {
    const retry = error instanceof EmpError ? error.retry : 'useless';
    throw new EmpError('migration-failed', `migration ${name} failed and was rolled back: ${messageOf(error)}`, { retry, cause: error });
  }
}
