import type { Queryable } from '@emp/database';
import type { ReadableLetter } from './letter.ts';

/** Which partition of which topic, seen by which group: the key of everything a consumer notes. */
export interface Stream {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** A letter in its place. */
export interface Arrived {
  readonly stream: Stream;
  readonly letter: ReadableLetter;
}

const ARRIVED = 'unnest($2::text[], $3::int[], $4::uuid[], $5::text[]) AS arrived (topic, partition, event_id, position)';

/** Not given up by this group: a dead letter stays dead, a replay of it lies at another position. */
const NOT_GIVEN_UP = `
  NOT EXISTS (
    SELECT FROM inbox_failure AS given_up
    WHERE given_up.consumer_group = $1 AND given_up.topic = arrived.topic AND given_up.partition = arrived.partition
      AND given_up.position = arrived.position AND given_up.dead_lettered_at IS NOT NULL
  )`;

/** In the order of the ids, so that two who take the same wait for each other and never in a circle. */
const TAKE = {
  name: 'inbox-take',
  text: `WITH settled AS (
           UPDATE consumer_progress AS progress SET attempts = 0
           FROM (SELECT DISTINCT topic, partition FROM ${ARRIVED}) AS done
           WHERE progress.consumer_group = $1 AND progress.topic = done.topic AND progress.partition = done.partition
         )
         INSERT INTO inbox (consumer_group, event_id)
         SELECT $1, event_id FROM ${ARRIVED} WHERE ${NOT_GIVEN_UP} ORDER BY event_id
         ON CONFLICT DO NOTHING RETURNING event_id`,
};

const UNSEEN = {
  name: 'inbox-unseen',
  text: `SELECT event_id FROM ${ARRIVED} WHERE ${NOT_GIVEN_UP}
           AND NOT EXISTS (SELECT FROM inbox WHERE inbox.consumer_group = $1 AND inbox.event_id = arrived.event_id)`,
};

/**
 * Notes the letters of one group as seen and what was begun as ended, and returns the letters that were new, each once;
 * valid if the transaction commits.
 */
export async function takeUnseen(tx: Queryable, arrived: readonly Arrived[]): Promise<ReadableLetter[]> {
  return pick(arrived, await tx.prepared(TAKE, parameters(arrived)));
}

/** The letters that nobody of the group has handled or given up so far, each once. */
export async function findUnseen(database: Queryable, stream: Stream, letters: readonly ReadableLetter[]): Promise<ReadableLetter[]> {
  const arrived = letters.map((letter) => ({ stream, letter }));
  return pick(arrived, await database.prepared(UNSEEN, parameters(arrived)));
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

function parameters(arrived: readonly Arrived[]): unknown[] {
  return [
    arrived[0]?.stream.group,
    arrived.map(({ stream }) => stream.topic), arrived.map(({ stream }) => stream.partition),
    arrived.map(({ letter }) => letter.event.id), arrived.map(({ letter }) => letter.delivered.position),
  ];
}

function pick(arrived: readonly Arrived[], rows: readonly unknown[]): ReadableLetter[] {
  const fresh = new Set((rows as readonly { event_id: string }[]).map((row) => row.event_id));
  return arrived.map(({ letter }) => letter).filter(({ event }) => fresh.delete(event.id.toLowerCase()));
}
