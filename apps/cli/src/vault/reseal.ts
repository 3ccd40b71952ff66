import type { Database } from '@emp/database';
import { EmpError } from '@emp/kernel';
import type { Vault } from '@emp/vault';
import type { SealedColumn } from './sealed-columns.ts';

const PAGE = 500;
/** A row that somebody changed meanwhile is met again in the next pass. */
const MOST_PASSES = 5;

export interface Resealed {
  readonly table: string;
  readonly column: string;
  /** Sealed anew, or with `dry-run`: to be. */
  readonly resealed: number;
  /** Sealed by a key that VAULT_KEYS lacks, or altered: left as they are. By what is wrong with them. */
  readonly unopened: Readonly<Record<string, number>>;
}

interface Row {
  readonly key: readonly string[];
  readonly sealed: string;
}

export interface ResealRequest {
  readonly database: Database;
  readonly vault: Vault;
  readonly mode: 'reseal' | 'dry-run';
  /** Stops between two pages; a later run goes on, since what is done is told from the text itself. */
  readonly signal: AbortSignal;
  readonly progress: (resealed: number) => void;
}

/**
 * Seals anew what older keys sealed in a column, page by page, while others read and write it: a text is replaced only
 * if it is still the one that was opened.
 */
export async function reseal(column: SealedColumn, request: ResealRequest): Promise<Resealed> {
  const unopened = new Map<string, number>();
  let resealed = 0;
  for (let pass = 1; pass <= MOST_PASSES; pass += 1) {
    unopened.clear();
    let missed = 0;
    let after: readonly string[] | undefined;
    for (;;) {
      if (request.signal.aborted) return { ...column, resealed, unopened: Object.fromEntries(unopened) };
      const rows = await pageOf(column, request, after);
      const anew = rows.flatMap((row) => sealedAnew(row, request.vault, unopened));
      const replaced = request.mode === 'dry-run' ? anew.length : await replace(column, request.database, anew);
      resealed += replaced;
      missed += anew.length - replaced;
      request.progress(resealed);
      after = rows.at(-1)?.key;
      if (rows.length < PAGE) break;
    }
    if (missed === 0) break;
  }
  return { table: column.table, column: column.column, resealed, unopened: Object.fromEntries(unopened) };
}

function sealedAnew(
  row: Row,
  vault: Vault,
  unopened: Map<string, number>,
): readonly (Row & { readonly anew: string })[] {
  try {
    return [{ ...row, anew: vault.seal(vault.open(row.sealed)) }];
  } catch (error) {
    if (!(error instanceof EmpError)) throw error;
    unopened.set(error.message, (unopened.get(error.message) ?? 0) + 1);
    return [];
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function pageOf(
  { table, column, key }: SealedColumn,
  { database, vault }: ResealRequest,
  after?: readonly string[],
): Promise<Row[]> {
  const names = key.map(({ name }) => quoted(name)).join(', ');
  const beyond = key.map(({ type }, index) => `$${index + 2}::text::${type}`).join(', ');
  return database.query<Row>(
    `SELECT ARRAY[${key.map(({ name }) => `${quoted(name)}::text`).join(', ')}] AS key, ${quoted(column)} AS sealed
     FROM ${quoted(table)} WHERE NOT starts_with(${quoted(column)}, $1) ${after ? `AND (${names}) > (${beyond})` : ''}
     ORDER BY ${names} LIMIT ${PAGE}`,
    [`${vault.currentKeyId}.`, ...(after ?? [])],
  );
}

function replace(
  { table, column, key }: SealedColumn,
  database: Database,
  rows: readonly (Row & { readonly anew: string })[],
): Promise<number> {
  if (rows.length === 0) return Promise.resolve(0);
  const parts = key.map(({ name, type }, index) => `row.${quoted(name)} = given.key${index}::${type}`);
  return database.execute(
    `UPDATE ${quoted(table)} AS row SET ${quoted(column)} = given.anew
     FROM unnest($1::text[], $2::text[], ${key.map((_, index) => `$${index + 3}::text[]`).join(', ')})
       AS given (sealed, anew, ${key.map((_, index) => `key${index}`).join(', ')})
     WHERE ${parts.join(' AND ')} AND row.${quoted(column)} = given.sealed`,
    [
      rows.map(({ sealed }) => sealed),
      rows.map(({ anew }) => anew),
      ...key.map((_, index) => rows.map((row) => row.key[index])),
    ],
  );
}
