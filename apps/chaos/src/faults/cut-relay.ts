import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@emp/database';

const WITHIN_MS = 10_000;
/** The relay looks at least every half second. */
const STEP_WITHIN_MS = 2_000;

const FRESH = `SELECT id, pg_backend_pid() AS locker FROM outbox WHERE published_at IS NULL AND sequence IS NULL
               ORDER BY id LIMIT 50 FOR UPDATE SKIP LOCKED`;
const SAME_ROWS = 'SELECT pg_backend_pid() AS locker FROM outbox WHERE id = ANY ($1::int8[]) ORDER BY id FOR UPDATE';

/**
 * Cuts an outbox relay exactly between publish and mark, without a word to the service, by two locks on the same fresh
 * rows. The relay waits for the first one when it numbers them; the second one queues up behind it. Once the first is
 * released the relay numbers and publishes, and its mark waits for the second. There the service is killed and its
 * statement ended: published, and not marked. Says whether it came to that.
 */
export async function cutRelay(database: Database, kill: () => void): Promise<'cut' | 'nothing-to-cut'> {
  const deadline = performance.now() + WITHIN_MS;
  while (performance.now() < deadline) {
    if ((await tryToCut(database, kill)) === 'cut') return 'cut';
    await pause(1);
  }
  return 'nothing-to-cut';
}

async function tryToCut(database: Database, kill: () => void): Promise<'cut' | 'nothing-to-cut'> {
  let second: Promise<'cut' | 'nothing-to-cut'> | undefined;
  await database.transaction(async (tx) => {
    const fresh = await tx.query<{ id: bigint; locker: number }>(FRESH);
    const [first] = fresh;
    if (first === undefined || (await blockedBy(database, first.locker)) === undefined) return;
    second = holdTheMark(
      database,
      fresh.map(({ id }) => id),
      kill,
    );
    second.catch(() => undefined);
    // Behind the relay now, in the queue for the first row.
    await until(
      async () =>
        (
          await database.query(
            `SELECT FROM pg_stat_activity
             WHERE datname = current_database() AND query = $1 AND wait_event_type = 'Lock'`,
            [SAME_ROWS],
          )
        ).length > 0,
    );
  });
  return (await second) ?? 'nothing-to-cut';
}

async function holdTheMark(
  database: Database,
  ids: readonly bigint[],
  kill: () => void,
): Promise<'cut' | 'nothing-to-cut'> {
  return database.transaction(async (tx) => {
    const [row] = await tx.query<{ locker: number }>(SAME_ROWS, [ids]);
    const mark = row && (await blockedBy(database, row.locker));
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
