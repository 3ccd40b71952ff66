import type { Queryable, Transaction } from '@emp/database';
import type { SubscribedOperator } from './subscriptions.ts';

interface Row {
  readonly provider_id: string;
  readonly operator_key: string;
}

export async function readSubscriptions(database: Queryable): Promise<readonly SubscribedOperator[]> {
  const rows = await database.query<Row>('SELECT provider_id, operator_key FROM operator_subscription');
  return rows.map((row) => ({ providerId: row.provider_id, operatorKey: row.operator_key }));
}

/** Operator ids as they were given, in order. */
export async function readSubscribed(database: Queryable, providerId: string): Promise<readonly string[]> {
  const rows = await database.query<{ operator_id: string }>(
    'SELECT operator_id FROM operator_subscription WHERE provider_id = $1 ORDER BY operator_key',
    [providerId],
  );
  return rows.map((row) => row.operator_id);
}

/** Replaces what is listed for a provider. Two at once: the later one stays, whole. */
export async function writeSubscribed(
  tx: Transaction,
  providerId: string,
  operators: ReadonlyMap<string, string>,
): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('operator_subscription'), hashtext($1))`, [providerId]);
  await tx.query('DELETE FROM operator_subscription WHERE provider_id = $1', [providerId]);
  await tx.query(
    `INSERT INTO operator_subscription (provider_id, operator_key, operator_id)
     SELECT $1, * FROM unnest($2::text[], $3::text[])`,
    [providerId, [...operators.keys()], [...operators.values()]],
  );
}
