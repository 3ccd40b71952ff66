import type { Queryable } from '@emp/database';
import { keepable, type Verdict } from '../dead-letter/dead-letter.ts';
import type { Stream } from './inbox-table.ts';
import { isReadable, type Letter } from './letter.ts';

/** Counts one more failure of a letter; returns how many there were. */
export async function recordFailure(database: Queryable, stream: Stream, letter: Letter, error: string): Promise<number> {
  const [row] = await database.query<{ attempts: number }>(
    `INSERT INTO inbox_failure (consumer_group, topic, partition, position, event_id, event_type, attempts, last_error)
     VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
     ON CONFLICT (consumer_group, topic, partition, position) DO UPDATE
       SET attempts = inbox_failure.attempts + 1, last_error = excluded.last_error, last_failed_at = now()
     RETURNING attempts`,
    [...keyOf(stream, letter), ...eventOf(letter), keepable(error)],
  );
  return row?.attempts ?? 1;
}

/** Notes that a letter was given up. */
export async function recordDeadLetter(database: Queryable, stream: Stream, letter: Letter, { attempts, message }: Verdict): Promise<void> {
  await database.execute(
    `INSERT INTO inbox_failure (consumer_group, topic, partition, position, event_id, event_type, attempts, last_error, dead_lettered_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())
     ON CONFLICT (consumer_group, topic, partition, position) DO UPDATE
       SET attempts = excluded.attempts, last_error = excluded.last_error, dead_lettered_at = now()`,
    [...keyOf(stream, letter), ...eventOf(letter), attempts, keepable(message)],
  );
}

/** A letter that failed and then went through. */
export async function forgetFailure(tx: Queryable, stream: Stream, letter: Letter): Promise<void> {
  await tx.execute('DELETE FROM inbox_failure WHERE consumer_group = $1 AND topic = $2 AND partition = $3 AND position = $4', keyOf(stream, letter));
}

export async function isGivenUp(database: Queryable, stream: Stream, letter: Letter): Promise<boolean> {
  const rows = await database.query(
    `SELECT FROM inbox_failure
     WHERE consumer_group = $1 AND topic = $2 AND partition = $3 AND position = $4 AND dead_lettered_at IS NOT NULL`,
    keyOf(stream, letter),
  );
  return rows.length > 0;
}

const keyOf = ({ group, topic, partition }: Stream, { delivered }: Letter): readonly unknown[] => [group, topic, partition, delivered.position];

const eventOf = (letter: Letter): readonly unknown[] => (isReadable(letter) ? [letter.event.id, letter.event.type] : [null, null]);
