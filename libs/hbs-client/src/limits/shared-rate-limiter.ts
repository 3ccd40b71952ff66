import { readFileSync } from 'node:fs';
import type { Database, Queryable } from '@emp/database';
import { messageOf } from '@emp/kernel';
import type { HbsLog } from '../options.ts';
import type { Rate, RateLimiter } from './rate-limiter.ts';

/** The tables the client needs when it is given a database; for a service's own migration. */
export const HBS_CLIENT_SQL = readFileSync(new URL('../../sql/hbs-client.sql', import.meta.url), 'utf8');

/** Creates them if they are missing. Safe to run in several replicas at once. */
export async function ensureHbsTables(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.execute('SELECT pg_advisory_xact_lock(hashtext($1))', ['hbs-client-tables']);
    await tx.execute(HBS_CLIENT_SQL);
  });
}

const RESERVE = `
  INSERT INTO hbs_rate_limit AS limits (bucket, full_at)
  VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond')
  ON CONFLICT (bucket) DO UPDATE
     SET full_at = greatest(limits.full_at, clock_timestamp()) + $2 * interval '1 millisecond'
   WHERE limits.full_at <= clock_timestamp() + ($3 + ($4 - 1) * $2) * interval '1 millisecond'
  RETURNING (extract(epoch FROM full_at - clock_timestamp()) * 1000)::float8 - $4 * $2 AS wait_ms`;

const PENALISE = `
  INSERT INTO hbs_rate_limit AS limits (bucket, full_at)
  VALUES ($1, clock_timestamp() + $2 * interval '1 millisecond')
  ON CONFLICT (bucket) DO UPDATE SET full_at = greatest(limits.full_at, EXCLUDED.full_at)`;

/**
 * Token buckets of all replicas in one table: one statement a call, decided by the database's clock. If the database
 * does not answer, the process's own buckets stand in: a limit kept by each is better than no call at all.
 */
export class SharedRateLimiter implements RateLimiter {
  readonly #database: Queryable;
  readonly #standIn: RateLimiter;
  readonly #log: HbsLog;

  constructor(parts: { readonly database: Queryable; readonly standIn: RateLimiter; readonly log: HbsLog }) {
    this.#database = parts.database;
    this.#standIn = parts.standIn;
    this.#log = parts.log;
  }

  async reserve(bucket: string, rate: Rate, patienceMs: number): Promise<number | undefined> {
    try {
      const values = [bucket, rate.intervalMs, patienceMs, rate.burst];
      const [row] = await this.#database.query<{ wait_ms: number }>(RESERVE, values);
      return row === undefined ? undefined : Math.max(0, row.wait_ms);
    } catch (error) {
      this.#log.warn({ bucket, reason: messageOf(error) }, 'shared rate limit unavailable');
      return this.#standIn.reserve(bucket, rate, patienceMs);
    }
  }

  async penalise(bucket: string, rate: Rate, pauseMs: number): Promise<void> {
    const emptyForMs = pauseMs + (rate.burst - 1) * rate.intervalMs;
    try {
      await this.#database.execute(PENALISE, [bucket, emptyForMs]);
    } catch (error) {
      this.#log.warn({ bucket, reason: messageOf(error) }, 'shared rate limit unavailable');
      await this.#standIn.penalise(bucket, rate, pauseMs);
    }
  }
}
