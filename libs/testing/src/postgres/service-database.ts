import pg from 'pg';
import { Database, lockNumber } from '@emp/database';

export interface ServiceDatabase {
  readonly database: string;
  readonly role: string;
  readonly password: string;
}

/**
 * One database and one role for one service, made or corrected (the password, too): the role owns its database and can
 * connect to no other. Returns the role's URL.
 */
export async function createServiceDatabase(adminUrl: string, { database, role, password }: ServiceDatabase): Promise<string> {
  const admin = new Database({ url: adminUrl, applicationName: 'create-service-database', maxConnections: 1 });
  const connection = await admin.connect();
  const name = pg.escapeIdentifier(database);
  const owner = pg.escapeIdentifier(role);
  try {
    // Two of these at once would trip over each other's catalogue rows.
    await connection.query('SELECT pg_advisory_lock($1)', [lockNumber('create-service-database')]);
    const [present] = await connection.query<{ role: boolean; database: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role,
              EXISTS (SELECT FROM pg_database WHERE datname = $2) AS database`,
      [role, database],
    );
    await connection.query(`${present?.role === true ? 'ALTER' : 'CREATE'} ROLE ${owner} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
    if (present?.database !== true) await connection.query(`CREATE DATABASE ${name} OWNER ${owner}`);
    await connection.query(`ALTER DATABASE ${name} OWNER TO ${owner}`);
    for (const each of [name, 'postgres', 'template1']) {
      await connection.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${each} FROM PUBLIC`);
    }
  } finally {
    await connection.close();
    await admin.close();
  }
  const url = new URL(adminUrl);
  return Object.assign(url, { username: encodeURIComponent(role), password: encodeURIComponent(password), pathname: `/${database}` }).href;
}
