import type pg from 'pg';
import { databaseError } from './errors.ts';

/** A statement that PostgreSQL plans once per connection; the name must be unique per text. */
export interface PreparedStatement {
  readonly name: string;
  readonly text: string;
}

/**
 * Runs SQL with `$1` parameters. Types that come back: `int8` as `bigint`, `numeric` and `date` as text, `timestamptz`
 * as `Date`, `json` parsed. Every failure is an `EmpError` with a `database-…` slug (see `databaseError`).
 */
export interface Queryable {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The number of rows affected. */
  execute(text: string, values?: readonly unknown[]): Promise<number>;
  /** For hot paths. */
  prepared<Row = Record<string, unknown>>(statement: PreparedStatement, values: readonly unknown[]): Promise<Row[]>;
}

/** What `run` asks of a pool, of one of its clients, or of a connection of its own. */
export interface PgTarget {
  query(config: pg.QueryConfig): Promise<pg.QueryResult>;
}

/** The one place where SQL meets pg: every error leaves it translated. */
export async function run(target: PgTarget, config: { name?: string; text: string; values?: readonly unknown[] }): Promise<pg.QueryResult> {
  try {
    return await target.query(config.values === undefined ? { text: config.text } : { ...config, values: [...config.values] });
  } catch (error) {
    throw databaseError(error);
  }
}

/** `Queryable` over whatever `target()` returns at that moment. */
export abstract class PgQueryable implements Queryable {
  protected abstract target(): PgTarget;

  async query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    return (await run(this.target(), values === undefined ? { text } : { text, values })).rows as Row[];
  }

  async execute(text: string, values?: readonly unknown[]): Promise<number> {
    return (await run(this.target(), values === undefined ? { text } : { text, values })).rowCount ?? 0;
  }

  async prepared<Row = Record<string, unknown>>(statement: PreparedStatement, values: readonly unknown[]): Promise<Row[]> {
    return (await run(this.target(), { ...statement, values })).rows as Row[];
  }
}
