import type { Queryable, Transaction } from '@emp/database';

/** Notes that Hubject lists the records of these sessions: the first time counts. */
export async function noteListed(
  tx: Transaction, sessionKeys: readonly string[],
  where: { readonly providerId: string; readonly name: string; readonly processId: string | null; readonly now: Date },
): Promise<void> {
  if (sessionKeys.length === 0) return;
  await tx.execute(
    `INSERT INTO hub_listing (session_key, provider_id, listed_at, page, process_id)
     SELECT DISTINCT key, $2, $3::timestamptz, $4, $5 FROM unnest($1::text[]) AS key ORDER BY key
     ON CONFLICT (session_key) DO NOTHING`,
    [sessionKeys, where.providerId, where.now, where.name, where.processId],
  );
}

/** Of these sessions, those whose record Hubject has listed. */
export async function listedOf(database: Queryable, sessionKeys: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ session_key: string }>(
    'SELECT session_key FROM hub_listing WHERE session_key = ANY($1::text[])', [sessionKeys],
  );
  return new Set(rows.map((row) => row.session_key));
}
