import type { Queryable } from '@emp/database';
import type { EventHeaders, OutgoingEvent } from '../broker/broker.ts';

/** A row that waits to be published. */
export interface UnpublishedEvent extends OutgoingEvent {
  readonly id: bigint;
}

/**
 * The oldest rows that wait, in the order of their ids. Reading by id is right here, and would be wrong for a log with
 * a cursor: every row carries its own mark, so one that commits late is found late and never skipped. The order that
 * counts, that of one key, comes from the row lock of the aggregate: whoever writes the key's next event had to wait
 * for the commit of the one before, and drew its id after it.
 */
export async function readUnpublished(database: Queryable, limit: number): Promise<UnpublishedEvent[]> {
  return database.prepared<{ id: bigint; topic: string; key: string; headers: EventHeaders; payload: string }>(UNPUBLISHED, [limit]);
}

const UNPUBLISHED = {
  name: 'outbox-unpublished',
  text: 'SELECT id, topic, key, headers, payload FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1',
};

export async function markPublished(database: Queryable, ids: readonly bigint[]): Promise<void> {
  await database.prepared(MARK, [ids]);
}

/** Not waiting for the disk: a mark that a crash forgets publishes events again, and the inboxes know them. */
const MARK = {
  name: 'outbox-mark',
  text: `UPDATE outbox SET published_at = clock_timestamp()
         WHERE id = ANY ($1::int8[]) AND set_config('synchronous_commit', 'off', true) = 'off'`,
};

/** Deletes rows that were published longer ago; returns how many. */
export async function deletePublished(database: Queryable, olderThanDays: number, limit: number): Promise<number> {
  return database.execute(
    `DELETE FROM outbox WHERE id = ANY (ARRAY(
       SELECT id FROM outbox WHERE published_at < now() - $1 * interval '1 day' LIMIT $2
     ))`,
    [olderThanDays, limit],
  );
}
