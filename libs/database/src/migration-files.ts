import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { EmpError, messageOf } from '@emp/kernel';

/** One `<timestamp>_<name>/migration.sql`. */
export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex: Prisma's. */
  readonly checksum: string;
}

/** The migrations of a directory in Prisma's layout, oldest first. */
export async function readMigrations(directory: string): Promise<readonly MigrationFile[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    throw new EmpError('migrations-unreadable', `the migrations in ${directory} cannot be read: ${messageOf(error)}`, { retry: 'useless', cause: error });
  });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  return Promise.all(names.map((name) => readMigration(directory, name)));
}

async function readMigration(directory: string, name: string): Promise<MigrationFile> {
  const file = path.join(directory, name, 'migration.sql');
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new EmpError('migrations-unreadable', `${file} cannot be read: ${messageOf(error)}`, { retry: 'useless', cause: error });
  });
  return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') };
}
