import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { Database, migrate } from '@emp/database';
import { EmpError } from '@emp/kernel';

/** Set by jest's globalSetup; may name a server of your own instead. */
export const TEST_SERVER_VARIABLE = 'EMP_TEST_POSTGRES_URL';

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  /** Closes the pool and drops the database, whoever is still connected. */
  close(): Promise<void>;
}

/** The administrator's URL of the PostgreSQL that all test files of a jest run share. */
export function testServerUrl(): string {
  const url = process.env[TEST_SERVER_VARIABLE];
  if (url !== undefined) return url;
  throw new EmpError('no-test-server', `${TEST_SERVER_VARIABLE} is not set: tests that need PostgreSQL are named *.int.spec.ts or *.e2e.spec.ts`, { retry: 'useless' });
}

/** A fresh, empty database for one test file, with the given migrations applied. */
export async function testDatabase(options: { readonly migrations?: string | readonly string[]; readonly maxConnections?: number } = {}): Promise<TestDatabase> {
  const admin = new Database({ url: testServerUrl(), applicationName: 'test-database', maxConnections: 1 });
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  const url = Object.assign(new URL(testServerUrl()), { pathname: `/${name}` }).href;
  const database = new Database({ url, applicationName: name, maxConnections: options.maxConnections ?? 10 });
  for (const directory of [options.migrations ?? []].flat()) await migrate(database, directory);
  return {
    url,
    database,
    close: async () => {
      await database.close();
      await admin.query(`DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`);
      await admin.close();
    },
  };
}
