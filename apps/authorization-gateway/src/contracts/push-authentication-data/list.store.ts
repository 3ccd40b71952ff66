import type { Queryable } from '@emp/database';
import type { UploadedKind } from '@emp/hbs-client';
import type { Differences } from '../../domain/push-plan.ts';
import { isUploaded, type ProviderConnection } from '../../providers.ts';
import type { DifferenceAction, ListRecord } from './list-record.ts';
import { DIFFERENCES, hashOf, PUSHED } from './list.sql.ts';

/** Which part of a connection's list is looked at: all of it, or what belongs to some contracts. */
export interface ListScope {
  readonly connection: ProviderConnection;
  readonly now: Date;
  readonly contractRefs: readonly string[] | null;
}

export interface Difference extends ListRecord {
  readonly action: DifferenceAction;
}

export interface ListSize {
  readonly records: number;
  readonly hash: string;
}

interface Row {
  readonly action: DifferenceAction;
  readonly kind: UploadedKind;
  readonly subject_ref: string;
  readonly contract_ref: string | null;
  readonly content: string;
  readonly version: Date | null;
  readonly sealed: string | null;
  readonly hashed_pin: string | null;
  readonly pin_hash_function: string | null;
}

const PAGE = 10_000;

const COUNT = `
  SELECT count(*) FILTER (WHERE action = 'insert')::int AS inserts,
    count(*) FILTER (WHERE action = 'update')::int AS updates,
    count(*) FILTER (WHERE action = 'delete')::int AS deletes,
    count(DISTINCT coalesce(contract_ref, subject_ref)) FILTER (WHERE action = 'delete')::int AS "contractsOfDeletes"
  FROM (${DIFFERENCES}) AS difference`;

export async function countDifferences(database: Queryable, scope: ListScope): Promise<Differences> {
  const [row] = await database.query<Differences>(COUNT, valuesOf(scope));
  return row ?? { inserts: 0, updates: 0, deletes: 0, contractsOfDeletes: 0 };
}

/** In the order of action, kind and reference; `after` is the last one seen. */
export async function readDifferences(
  database: Queryable,
  scope: ListScope,
  page: {
    readonly action?: DifferenceAction;
    readonly after?: readonly [string, string, string];
    readonly limit: number;
  },
): Promise<readonly Difference[]> {
  const { action = null, after = ['', '', ''], limit } = page;
  const rows = await database.query<Row>(
    `SELECT * FROM (${DIFFERENCES}) AS difference
     WHERE ($8::text IS NULL OR action = $8)
       AND (action COLLATE "C", kind COLLATE "C", subject_ref COLLATE "C") > ($9, $10, $11)
     ORDER BY action COLLATE "C", kind COLLATE "C", subject_ref COLLATE "C" LIMIT $12`,
    [...valuesOf(scope), action, ...after, limit],
  );
  return rows.map((row) => ({ action: row.action, ...recordOf(row) }));
}

/** Everything that HBS should hold. */
export async function readWholeList(database: Queryable, scope: ListScope): Promise<readonly ListRecord[]> {
  const records: ListRecord[] = [];
  for (let after: readonly [string, string] | undefined = ['', '']; after !== undefined;) {
    const rows: readonly Row[] = await database.query<Row>(
      `SELECT * FROM (${PUSHED}) AS pushed WHERE (kind COLLATE "C", subject_ref COLLATE "C") > ($8, $9)
       ORDER BY kind COLLATE "C", subject_ref COLLATE "C" LIMIT ${PAGE}`,
      [...valuesOf(scope), ...after],
    );
    for (const row of rows) records.push(recordOf(row));
    const last = rows.length < PAGE ? undefined : rows.at(-1);
    after = last && [last.kind, last.subject_ref];
  }
  return records;
}

/** How much HBS should hold. */
export async function sizeOfList(database: Queryable, scope: ListScope): Promise<ListSize> {
  const [row] = await database.query<ListSize>(hashOf(PUSHED), valuesOf(scope));
  return row ?? { records: 0, hash: '' };
}

function valuesOf({ connection, now, contractRefs }: ListScope): readonly unknown[] {
  const members = connection.members.filter(isUploaded);
  const uploading = (kind: UploadedKind): readonly string[] =>
    members.filter(({ uploads }) => uploads.includes(kind)).map(({ providerId }) => providerId);
  return [
    now, uploading('rfid'), uploading('qr'), uploading('plug-and-charge'), uploading('remote'),
    connection.connectionId, contractRefs,
  ];
}

const recordOf = (row: Row): ListRecord => ({
  kind: row.kind,
  subjectRef: row.subject_ref,
  contractRef: row.contract_ref,
  content: row.content,
  version: row.version,
  sealed: row.sealed,
  hashedPin: row.hashed_pin,
  pinHashFunction: row.pin_hash_function,
});
