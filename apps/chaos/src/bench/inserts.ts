import { randomBytes } from 'node:crypto';
import { Database } from '@emp/database';

/** About what a sealed record and its session come to. */
const ROW_BYTES = 1_000;

/** How many transactions of one inserted row the server takes per second, over so many connections. */
export async function insertsPerSecond(
  adminUrl: string,
  { inserts, connections }: { inserts: number; connections: number },
): Promise<number> {
  const database = new Database({ url: adminUrl, applicationName: 'bench', maxConnections: connections });
  try {
    await database.execute(
      `CREATE TABLE bench_insert (
         id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, session_id text NOT NULL, record text NOT NULL
       )`,
    );
    const record = randomBytes(ROW_BYTES / 2).toString('hex');
    const statement = { name: 'bench-insert', text: 'INSERT INTO bench_insert (session_id, record) VALUES ($1, $2)' };
    await Promise.all(Array.from({ length: connections }, () => database.prepared(statement, ['warm-up', record])));
    let next = 0;
    const begun = performance.now();
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (next < inserts) {
          next += 1;
          await database.prepared(statement, [`session-${next}`, record]);
        }
      }),
    );
    const seconds = (performance.now() - begun) / 1000;
    await database.execute('DROP TABLE bench_insert');
    return inserts / seconds;
  } finally {
    await database.close();
  }
}
