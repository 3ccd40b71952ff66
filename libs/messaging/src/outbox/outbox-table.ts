import type { Queryable } from '@emp/database';
import type { EventHeaders, OutgoingEvent } from '../broker/broker.ts';

/** A row that waits to be published, with its number if it was given one. */
interface UnpublishedRow extends OutgoingEvent {
  readonly id: bigint;
  readonly sequence: bigint | null;
}

/** A row with its number, which it keeps for ever, also as header `ce_sequence`. */
export interface NumberedEvent extends OutgoingEvent {
  readonly id: bigint;
  readonly sequence: bigint;
}

/**
 * The oldest rows that wait, in the order of their ids, numbered. Reading by id is right here, and would be wrong for a
 * log with a cursor: every row carries its own mark, so one that commits late is found late and never skipped. The order
 * that counts, that of one key, comes from the row lock of the aggregate: whoever writes the key's next event had to wait
 * for the commit of the one before, and drew its id after it.
 */
export async function takeUnpublished(
  database: Queryable, { limit, partitionOf }: { limit: number; partitionOf: (topic: string, key: string) => number },
): Promise<NumberedEvent[]> {
  const rows = await database.prepared<UnpublishedRow>(UNPUBLISHED, [limit]);
  const fresh = rows.filter(({ sequence }) => sequence === null);
  const numbers = new Map<bigint, bigint>();
  if (fresh.length > 0) {
    const given = await database.prepared<{ id: bigint; sequence: bigint }>(NUMBER, [
      fresh.map(({ id }) => id), fresh.map(({ topic }) => topic), fresh.map(({ topic, key }) => partitionOf(topic, key)),
    ]);
    for (const { id, sequence } of given) numbers.set(id, sequence);
  }
  return rows.flatMap((row) => {
    const sequence = row.sequence ?? numbers.get(row.id);
    return sequence === undefined ? [] : [withNumber({ ...row, sequence })];
  });
}

/** What was numbered and perhaps published, but not marked so: to be published before anything that has no number yet. */
export async function readInterrupted(database: Queryable): Promise<NumberedEvent[]> {
  const rows = await database.query<NumberedEvent>(
    `SELECT id, topic, key, headers, payload, sequence FROM outbox
     WHERE published_at IS NULL AND sequence IS NOT NULL ORDER BY topic, partition, sequence`,
  );
  return rows.map(withNumber);
}

export interface RepeatableEvent extends NumberedEvent {
  /** A later event of the key is on its way or in the log. */
  readonly outdated: boolean;
}

/** Published rows by number, so many at once. */
export async function readPublished(
  database: Queryable, { topic, partition, from, to, limit }: { topic: string; partition: number; from: bigint; to: bigint; limit: number },
): Promise<RepeatableEvent[]> {
  const rows = await database.query<RepeatableEvent>(PUBLISHED, [topic, partition, from, to, limit]);
  return rows.map(withNumber);
}

const withNumber = <Row extends NumberedEvent>(row: Row): Row => ({ ...row, headers: numbered(row.headers, row.sequence) });
const numbered = (headers: EventHeaders, sequence: bigint): EventHeaders => ({ ...headers, ce_sequence: String(sequence) });

const UNPUBLISHED = {
  name: 'outbox-unpublished',
  text: 'SELECT id, topic, key, headers, payload, sequence FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1',
};

/**
 * Numbers are on disk before they are published: a row that is published again keeps its own. All rows or none: if a relay
 * that was believed dead has numbered one of them meanwhile, the statement fails (on purpose, by a cast), so that no
 * number is drawn in vain.
 */
const NUMBER = {
  name: 'outbox-number',
  text: `WITH taken AS (
           SELECT * FROM unnest($1::int8[], $2::text[], $3::int[]) AS taken (id, topic, partition)
         ), counted AS (
           INSERT INTO outbox_sequence AS counter (topic, partition, next)
           SELECT topic, partition, count(*) + 1 FROM taken GROUP BY topic, partition ORDER BY topic, partition
           ON CONFLICT (topic, partition) DO UPDATE SET next = counter.next + excluded.next - 1
           RETURNING topic, partition, next
         ), given AS (
           SELECT id, partition, next - row_number() OVER (PARTITION BY topic, partition ORDER BY id DESC) AS sequence
           FROM taken JOIN counted USING (topic, partition)
         ), numbered AS (
           UPDATE outbox SET partition = given.partition, sequence = given.sequence
           FROM given WHERE outbox.id = given.id AND outbox.sequence IS NULL
           RETURNING outbox.id, outbox.sequence
         ), counts AS (
           SELECT count(*) AS rows FROM numbered
         )
         SELECT id, sequence,
                CASE WHEN counts.rows <> cardinality($1) THEN ('numbered elsewhere, only ' || counts.rows)::int END AS refused
         FROM counts LEFT JOIN numbered ON true`,
};

const LATER = 'later.topic = outbox.topic AND later.partition = outbox.partition AND later.sequence > outbox.sequence AND later.key = outbox.key';

const PUBLISHED = `
  SELECT id, topic, key, headers, payload, sequence,
         EXISTS (SELECT FROM outbox AS later WHERE ${LATER} AND later.published_at IS NOT NULL)
         OR EXISTS (SELECT FROM outbox AS later WHERE ${LATER} AND later.published_at IS NULL) AS outdated
  FROM outbox
  WHERE topic = $1 AND partition = $2 AND sequence BETWEEN $3 AND $4 AND published_at IS NOT NULL
  ORDER BY sequence LIMIT $5`;

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
