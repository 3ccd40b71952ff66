import type { Queryable } from '@emp/database';

/** A consumer group as the service that has it declares it, in its own database. */
export interface GroupDeclaration {
  readonly group: string;
  readonly topics: readonly string[];
  /** Whether its events may be handled again. */
  readonly rebuildable: boolean;
}

/** Says which groups this version of the service has. */
export async function declareGroups(database: Queryable, groups: readonly GroupDeclaration[]): Promise<void> {
  for (const { group, topics, rebuildable } of groups) {
    await database.execute(
      `INSERT INTO consumer_group AS known (name, topics, rebuildable) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET topics = excluded.topics, rebuildable = excluded.rebuildable
         WHERE (known.topics, known.rebuildable) IS DISTINCT FROM (excluded.topics, excluded.rebuildable)`,
      [group, topics, rebuildable],
    );
  }
}

export async function declaredGroups(database: Queryable): Promise<GroupDeclaration[]> {
  return database.query<GroupDeclaration>('SELECT name AS "group", topics, rebuildable FROM consumer_group ORDER BY name');
}

/** Makes every member of the group, in whatever process, leave it within about a second, for so long or until released. */
export async function holdGroup(database: Queryable, group: string, forMs: number): Promise<void> {
  await database.execute(`UPDATE consumer_group SET held_until = now() + $2 * interval '1 ms' WHERE name = $1`, [group, forMs]);
}

export async function releaseGroup(database: Queryable, group: string): Promise<void> {
  await database.execute('UPDATE consumer_group SET held_until = NULL WHERE name = $1', [group]);
}

export async function heldGroups(database: Queryable): Promise<Set<string>> {
  const rows = await database.query<{ name: string }>('SELECT name FROM consumer_group WHERE held_until > now()');
  return new Set(rows.map(({ name }) => name));
}
