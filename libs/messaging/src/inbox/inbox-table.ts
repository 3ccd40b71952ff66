import type { Queryable } from '@emp/database';
import type { ReadableLetter } from './letter.ts';
import { SETTLE } from './progress.ts';

/** Which partition of which topic, seen by which group: the key of everything a consumer notes. */
export interface Stream {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** Not given up by this group: a dead letter stays dead, a replay of it lies at another position. */
const NOT_GIVEN_UP = `
  NOT EXISTS (
    SELECT FROM inbox_failure AS given_up
    WHERE given_up.consumer_group = $1 AND given_up.topic = $2 AND given_up.partition = $3
      AND given_up.position = arrived.position AND given_up.dead_lettered_at IS NOT NULL
  )`;

const TAKE = {
  name: 'inbox-take',
  text: `WITH settled AS (${SETTLE})
         INSERT INTO inbox (consumer_group, event_id)
         SELECT $1, event_id FROM unnest($4::uuid[], $5::text[]) AS arrived (event_id, position)
         WHERE ${NOT_GIVEN_UP}
         ON CONFLICT DO NOTHING RETURNING event_id`,
};

const UNSEEN = {
  name: 'inbox-unseen',
  text: `SELECT event_id FROM unnest($4::uuid[], $5::text[]) AS arrived (event_id, position)
         WHERE ${NOT_GIVEN_UP}
           AND NOT EXISTS (SELECT FROM inbox WHERE inbox.consumer_group = $1 AND inbox.event_id = arrived.event_id)`,
};

/**
 * Notes the letters as seen and what was begun as ended, and returns the letters that were new, each once; valid if the
 * transaction commits.
 */
export async function takeUnseen(tx: Queryable, stream: Stream, letters: readonly ReadableLetter[]): Promise<ReadableLetter[]> {
  return pick(letters, await tx.prepared(TAKE, parameters(stream, letters)));
}

/** The letters that nobody of the group has handled or given up so far, each once. */
export async function findUnseen(database: Queryable, stream: Stream, letters: readonly ReadableLetter[]): Promise<ReadableLetter[]> {
  return pick(letters, await database.prepared(UNSEEN, parameters(stream, letters)));
}

/** Forgets events that were seen longer ago; returns how many. */
export async function forgetSeen(database: Queryable, olderThanDays: number, limit: number): Promise<number> {
  return database.execute(
    `DELETE FROM inbox WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM inbox WHERE received_at < now() - $1 * interval '1 day' LIMIT $2
     ))`,
    [olderThanDays, limit],
  );
}

function parameters({ group, topic, partition }: Stream, letters: readonly ReadableLetter[]): unknown[] {
  return [group, topic, partition, letters.map(({ event }) => event.id), letters.map(({ delivered }) => delivered.position)];
}

function pick(letters: readonly ReadableLetter[], rows: readonly unknown[]): ReadableLetter[] {
  const fresh = new Set((rows as readonly { event_id: string }[]).map((row) => row.event_id));
  return letters.filter(({ event }) => fresh.delete(event.id.toLowerCase()));
}
