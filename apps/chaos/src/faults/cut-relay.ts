import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@emp/database';

const MARK_HANGS_WITHIN_MS = 6_000;

/**
 * Cuts an outbox relay exactly between publish and mark, without a word to the service: rows that wait to be published
 * are locked, so that the relay publishes them and then hangs in its mark. There the service is killed, its statement
 * ended, the lock released: published, and not marked. Says whether it came to that.
 */
export async function cutRelay(database: Database, kill: () => void): Promise<'cut' | 'nothing-to-cut'> {
  const deadline = performance.now() + MARK_HANGS_WITHIN_MS;
  while (performance.now() < deadline) {
    const outcome = await database.transaction(async (tx): Promise<'cut' | 'nothing-to-cut'> => {
      const locked = await tx.query('SELECT id FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT 50 FOR UPDATE SKIP LOCKED');
      if (locked.length === 0) return 'nothing-to-cut';
      while (performance.now() < deadline) {
        const [hanging] = await tx.query<{ pid: number }>(
          `SELECT pid FROM pg_stat_activity
           WHERE query LIKE 'UPDATE outbox SET published_at%' AND pg_backend_pid() = ANY (pg_blocking_pids(pid))`);
        if (hanging !== undefined) {
          kill();
          // The statement of a dead client would still be carried out once the lock is free.
          await tx.query('SELECT pg_terminate_backend($1)', [hanging.pid]);
          return 'cut';
        }
        await pause(3);
      }
      return 'nothing-to-cut';
    });
    if (outcome === 'cut') return 'cut';
    await pause(2);
  }
  return 'nothing-to-cut';
}
