import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { EmpError, messageOf } from '@emp/kernel';
import type { PostgresBinaries } from './binaries.ts';
import { unprivileged } from './unprivileged.ts';

export const ADMIN = 'postgres';
const PASSWORD_FILE = 'admin-password';

/**
 * Makes the data directory if there is none, and returns the administrator's password, which lies in it, readable by
 * its owner alone: other users of the machine reach the port, too.
 */
export async function prepareDataDirectory(
  binaries: PostgresBinaries,
  { directory, durable }: { readonly directory: string; readonly durable: boolean },
): Promise<{ readonly adminPassword: string; readonly created: boolean }> {
  const version = await readFile(path.join(directory, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) await initialise(binaries, directory, durable ? [] : ['--no-sync']);
  else checkVersion(version.trim(), binaries.majorVersion, directory);
  const file = path.join(directory, PASSWORD_FILE);
  const adminPassword = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new EmpError('data-directory-foreign', `${directory} was not made by this project (no ${PASSWORD_FILE} in it): choose another one`, { retry: 'useless', cause: error });
  });
  return { adminPassword: adminPassword.trim(), created: version === undefined };
}

function checkVersion(found: string, expected: string, directory: string): void {
  if (found === expected) return;
  throw new EmpError('data-directory-version', `${directory} belongs to PostgreSQL ${found}, this is PostgreSQL ${expected}: move it away, or start over with "npm run reset"`, { retry: 'useless' });
}

/**
 * Into a neighbouring directory first, so that an interrupted attempt leaves no half of a database behind, and of two
 * at once the first wins.
 */
async function initialise({ initdb }: PostgresBinaries, directory: string, more: readonly string[]): Promise<void> {
  const draft = `${directory}.draft-${randomBytes(6).toString('hex')}`;
  const passwordFile = `${draft}.password`;
  try {
    await mkdir(path.dirname(directory), { recursive: true });
    await writeFile(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
    const { command, args } = unprivileged(initdb, [
      '--pgdata', draft, '--username', ADMIN, '--pwfile', passwordFile, '--auth', 'scram-sha-256',
      '--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8', ...more,
    ]);
    await promisify(execFile)(command, args);
    await rename(passwordFile, path.join(draft, PASSWORD_FILE));
    await rename(draft, directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    throw new EmpError('data-directory-not-made', `the database in ${directory} could not be made: ${messageOf(error)}`, { retry: 'useless', cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}
