import type { Queryable, Transaction } from '@emp/database';
import type { NextVersion } from '../domain/next-version.ts';

export interface VersionRow {
  readonly plan_id: string;
  readonly version: number;
  readonly valid_from: Date;
  readonly created_at: Date;
  readonly tariff: unknown;
}

const COLUMNS = 'plan_id, version, valid_from, created_at, tariff';

/** Creates the plan if it is new, locks it, and returns its last version. */
export async function lockPlan(tx: Transaction, id: string, now: Date): Promise<VersionRow | undefined> {
  await tx.execute('INSERT INTO tariff_plan (id, created_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [id, now]);
  await tx.query('SELECT id FROM tariff_plan WHERE id = $1 FOR UPDATE', [id]);
  const [last] = await tx.query<VersionRow>(`SELECT ${COLUMNS} FROM tariff_version WHERE plan_id = $1 ORDER BY version DESC LIMIT 1`, [id]);
  return last;
}

export async function insertVersion(tx: Transaction, id: string, next: NextVersion, tariff: unknown, now: Date): Promise<void> {
  await tx.execute('INSERT INTO tariff_version (plan_id, version, valid_from, tariff, created_at) VALUES ($1, $2, $3, $4::jsonb, $5)',
    [id, next.version, next.validFrom, JSON.stringify(tariff), now]);
}

/** Plans in the order of their ids, each with all its versions, newest first. */
export async function listPlans(database: Queryable, afterId: string, limit: number): Promise<readonly { id: string; versions: readonly VersionRow[] }[]> {
  const plans = await database.query<{ id: string }>('SELECT id FROM tariff_plan WHERE id > $1 ORDER BY id LIMIT $2', [afterId, limit]);
  const versions = await database.query<VersionRow>(
    `SELECT ${COLUMNS} FROM tariff_version WHERE plan_id = ANY($1) ORDER BY version DESC`, [plans.map(({ id }) => id)]);
  return plans.map(({ id }) => ({ id, versions: versions.filter((version) => version.plan_id === id) }));
}
