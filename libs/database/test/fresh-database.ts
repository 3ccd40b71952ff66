import { randomBytes } from 'node:crypto';
import { Database, type DatabaseOptions } from '../src/index.ts';

/** A database of its own on jest's PostgreSQL. (@emp/testing has the same for others, and depends on this package.) */
export async function freshDatabase(): Promise<{ url: string; open(options?: Partial<DatabaseOptions>): Database; close(): Promise<void> }> {
  const serverUrl = process.env['EMP_TEST_POSTGRES_URL'];
  if (serverUrl === undefined) throw new Error("EMP_TEST_POSTGRES_URL is set by jest's globalSetup");
  const admin = new Database({ url: serverUrl, applicationName: 'fresh-database', maxConnections: 1 });
  const name = `test_${randomBytes(6).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const opened: Database[] = [];
  return {
    url,
    open: (options) => {
      const database = new Database({ url, applicationName: 'test', ...options });
      opened.push(database);
      return database;
    },
    close: async () => {
      await Promise.all(opened.map((database) => database.close()));
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.close();
    },
  };
}
