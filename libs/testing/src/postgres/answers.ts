import pg from 'pg';

/**
 * What a server says to the administrator: `'yes'` if it serves this data directory, `'not yet'` while it starts, stops
 * or recovers, `'no'` if nobody listens or it is another server.
 */
export async function answers(adminUrl: string, dataDirectory: string): Promise<'yes' | 'not yet' | 'no'> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory === dataDirectory ? 'yes' : 'no';
  } catch (error) {
    return error instanceof pg.DatabaseError && error.code === CANNOT_CONNECT_NOW ? 'not yet' : 'no';
  } finally {
    await client.end().catch(() => undefined);
  }
}

const CANNOT_CONNECT_NOW = '57P03';
