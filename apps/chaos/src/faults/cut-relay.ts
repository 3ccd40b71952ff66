import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@emp/database';

/** Counted from when the service serves. */
const WITHIN_MS = 20_000;
/** The relay looks at least every half second. */
const STEP_WITHIN_MS = 2_000;

const FRESH = `SELECT pg_backend_pid() AS locker FROM outbox WHERE published_at IS NULL
               ORDER BY id LIMIT 50 FOR UPDATE SKIP LOCKED`;

/**
 * Cuts an outbox relay exactly between publish and mark, without a word to the service: holds fresh rows, which the relay
 * reads and publishes all the same, until its mark waits for them. There the service is killed and its statement ended:
 * published, and not marked. Says whether it came to that. Lies in wait before the service serves: what has waited for it
 * may be all that it publishes.
 */
export async function cutRelay(database: Database, serves: Promise<void>, kill: () => void): Promise<'cut' | 'nothing-to-cut'> {
  let deadline = Number.POSITIVE_INFINITY;
  const count = (): void => { deadline = performance.now() + WITHIN_MS; };
  serves.then(count, count);
  while (performance.now() < deadline) {
    if ((await tryToCut(database, kill)) === 'cut') return 'cut';
    await pause(1);
  }
  return 'nothing-to-cut';
}

async function tryToCut(database: Database, kill: () => void): Promise<'cut' | 'nothing-to-cut'> {
  return database.transaction(async (tx) => {
    const [fresh] = await tx.query<{ locker: number }>(FRESH);
    const mark = fresh && (await blockedBy(database, fresh.locker));
    if (mark === undefined) return 'nothing-to-cut';
    kill();
    // The statement of a dead client would still be carried out once the lock is free.
    await database.query('SELECT pg_terminate_backend($1, 2000)', [mark]);
    return 'cut';
  });
}

/**
 * The backend of an update of the outbox that waits for that lock. Asked outside of the transaction: inside one, what
 * PostgreSQL tells of activity stands still.
 */
async function blockedBy(database: Database, locker: number): Promise<number | undefined> {
  let pid: number | undefined;
  await until(async () => {
    const [row] = await database.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE '%UPDATE outbox SET%' AND $1 = ANY (pg_blocking_pids(pid))`,
      [locker],
    );
    pid = row?.pid;
    return pid !== undefined;
  });
  return pid;
}

async function until(met: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + STEP_WITHIN_MS;
  while (!(await met()) && performance.now() < deadline) await pause(3);
}
