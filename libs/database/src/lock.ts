import { createHash } from 'node:crypto';
import type { Connection } from './connection.ts';

/** The advisory lock number of a name: the first 64 bits of its SHA-256, as PostgreSQL's signed `bigint`. */
export function lockNumber(name: string): bigint {
  return createHash('sha256').update(name).digest().readBigInt64BE(0);
}

/** Takes the session lock of that name if it is free. It is free again when the connection ends, however it ends. */
export async function tryLock(connection: Connection, name: string): Promise<boolean> {
  const [row] = await connection.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [lockNumber(name)]);
  return row?.taken === true;
}
