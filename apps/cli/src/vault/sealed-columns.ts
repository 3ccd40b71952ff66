import type { Database } from '@emp/database';

/** A column whose texts are sealed, with what its rows are found by. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  readonly key: readonly { readonly name: string; readonly type: string }[];
}

/** Sealed columns are named `sealed` or `sealed_…` in every service. */
const COLUMNS = `
  SELECT relation.relname AS table, sealed.attname AS column, (
    SELECT json_agg(json_build_object('name', attribute.attname, 'type', format_type(atttypid, atttypmod))
      ORDER BY place)
    FROM unnest(index.indkey) WITH ORDINALITY AS part (number, place)
    JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid AND attribute.attnum = part.number
  ) AS key
  FROM pg_class AS relation
  JOIN pg_attribute AS sealed ON sealed.attrelid = relation.oid AND NOT sealed.attisdropped
    AND sealed.atttypid = 'text'::regtype AND sealed.attname ~ '^sealed($|_)'
  JOIN pg_index AS index ON index.indrelid = relation.oid AND index.indisprimary
  WHERE relation.relnamespace = 'public'::regnamespace AND relation.relkind IN ('r', 'p')
    AND NOT relation.relispartition
  ORDER BY 1, 2`;

export const sealedColumns = (database: Database): Promise<SealedColumn[]> => database.query<SealedColumn>(COLUMNS);
