import { createHash } from 'node:crypto';
import type { Connection, SignsOfLife } from './connection.ts';

const SIGNS_OF_LIFE: SignsOfLife = { everyMs: 5_000, aliveForMs: 30_000 };

/** The advisory lock number of a name: the first 64 bits of its SHA-256, as PostgreSQL's signed `bigint`. */
export function lockNumber(name: string): bigint {
  return createHash('sha256').update(name).digest().readBigInt64BE(0);
}

/**
 * Takes the session lock of that name if it is free. It is free again when the connection ends, however it ends: whoever
 * holds one gives signs of life, so that a frozen process, or a machine that is gone without a word, keeps it no longer than
 * `aliveForMs`.
 */
export async function tryLock(connection: Connection, name: string, signs: SignsOfLife = SIGNS_OF_LIFE): Promise<boolean> {
  const [row] = await connection.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [lockNumber(name)]);
  if (row?.taken !== true) return false;
  await connection.showLife(signs);
  return true;
}
