import type { Queryable } from '@emp/database';
import type { TopicSettings } from '@emp/events';
import { COMPACTION_RESTS_MS } from '../broker/topics.ts';

/** Rows per statement: locks stay short, and a shutdown need not wait. */
const CHUNK = 5_000;

/** Deletes what the topic's settings no longer keep. Returns the number of events deleted. */
export async function sweepTopic(database: Queryable, topic: string, { keep }: TopicSettings): Promise<number> {
  return keep === 'latest-per-key' ? inChunks(database, SUPERSEDED, [topic, COMPACTION_RESTS_MS]) : inChunks(database, TOO_OLD, [topic, keep.days]);
}

async function inChunks(database: Queryable, statement: string, values: readonly unknown[]): Promise<number> {
  let total = 0;
  for (;;) {
    const deleted = await database.execute(statement, [...values, CHUNK]);
    total += deleted;
    if (deleted < CHUNK) return total;
  }
}

/** Read or not, as Kafka does it: a group that nobody runs any more must not fill the disk. */
const TOO_OLD = `
  DELETE FROM log WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM log WHERE topic = $1 AND appended_at < now() - $2 * interval '1 day' LIMIT $3
  ))`;

/**
 * Events older than a day that a later one of the same key has made obsolete, as far as every group has come. A group that begins today
 * still finds the latest of each key. A replayed dead letter is an old event at a late place: it never counts as latest.
 */
const SUPERSEDED = `
  WITH passed AS (
    SELECT log.ctid, log.appended_at, log.headers ? 'replay_for' AS replayed,
           row_number() OVER (
             PARTITION BY log.partition, log.key, log.headers ? 'replay_for' ORDER BY log.txid DESC, log.id DESC
           ) AS age
    FROM log
    WHERE log.topic = $1
      AND NOT EXISTS (
        SELECT FROM group_cursor AS behind
        WHERE behind.topic = log.topic AND behind.partition = log.partition
          AND (behind.txid, behind.id) < (log.txid, log.id)
      )
  )
  DELETE FROM log WHERE ctid = ANY (ARRAY(SELECT ctid FROM passed
    WHERE appended_at < now() - $2 * interval '1 ms' AND (replayed OR age > 1) LIMIT $3))`;
