import type { Queryable, Transaction } from '@emp/database';
import { nameOf, type ListRecord } from './list-record.ts';
import type { ListSize } from './list.store.ts';
import { hashOf } from './list.sql.ts';

/** Which push of which list HBS took, and when. */
export interface Taken {
  readonly providerId: string;
  readonly pushId: string;
  readonly at: Date;
}

const PAGE = 10_000;
const HELD = 'SELECT kind, subject_ref, content FROM authentication_record WHERE provider_id = $1';

const PUT = `
  INSERT INTO authentication_record AS held (provider_id, kind, subject_ref, content, held_since, push_id)
  SELECT $1, kind, subject_ref, content, $2, $3
  FROM unnest($4::text[], $5::text[], $6::text[]) AS given (kind, subject_ref, content)
  ON CONFLICT (provider_id, kind, subject_ref) DO UPDATE SET content = EXCLUDED.content, push_id = EXCLUDED.push_id,
    held_since = CASE WHEN held.content = EXCLUDED.content THEN held.held_since ELSE EXCLUDED.held_since END`;

export async function sizeOfHeld(database: Queryable, providerId: string): Promise<ListSize> {
  const [row] = await database.query<ListSize>(hashOf(HELD), [providerId]);
  return row ?? { records: 0, hash: '' };
}

export async function countHeld(database: Queryable, providerId: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM authentication_record WHERE provider_id = $1',
    [providerId],
  );
  return row?.count ?? 0;
}

/** Names of those of these records that HBS took before, as they are. */
export async function namesOfHeld(database: Queryable, providerId: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (let after: readonly [string, string] | undefined = ['', '']; after !== undefined;) {
    const rows: { kind: ListRecord['kind']; subjectRef: string; content: string }[] = await database.query(
      `SELECT kind, subject_ref AS "subjectRef", content FROM authentication_record
       WHERE provider_id = $1 AND (kind COLLATE "C", subject_ref COLLATE "C") > ($2, $3)
       ORDER BY kind COLLATE "C", subject_ref COLLATE "C" LIMIT ${PAGE}`,
      [providerId, ...after],
    );
    for (const row of rows) names.set(nameOf(row), row.content);
    const last = rows.length < PAGE ? undefined : rows.at(-1);
    after = last && [last.kind, last.subjectRef];
  }
  return names;
}

/** Inserted or updated at HBS. */
export async function putHeld(tx: Transaction, taken: Taken, records: readonly ListRecord[]): Promise<void> {
  for (let from = 0; from < records.length; from += PAGE) {
    const page = records.slice(from, from + PAGE);
    await tx.execute(PUT, [
      taken.providerId, taken.at, taken.pushId,
      page.map(({ kind }) => kind), page.map(({ subjectRef }) => subjectRef), page.map(({ content }) => content),
    ]);
  }
}

export async function deleteHeld(
  tx: Transaction, { providerId }: Taken, records: readonly ListRecord[],
): Promise<void> {
  await tx.execute(
    `DELETE FROM authentication_record AS held USING unnest($2::text[], $3::text[]) AS given (kind, subject_ref)
     WHERE held.provider_id = $1 AND held.kind = given.kind AND held.subject_ref = given.subject_ref`,
    [providerId, records.map(({ kind }) => kind), records.map(({ subjectRef }) => subjectRef)],
  );
}

/** Replaced as a whole; what was there before, as it is, keeps its moment. */
export async function replaceHeld(tx: Transaction, taken: Taken, records: readonly ListRecord[]): Promise<void> {
  await putHeld(tx, taken, records);
  await tx.execute('DELETE FROM authentication_record WHERE provider_id = $1 AND push_id <> $2', [
    taken.providerId, taken.pushId,
  ]);
}
