import type { Queryable } from '@emp/database';
import type { EventHeaders, OutgoingEvent } from '../broker/broker.ts';

/** A row with the number it is published with, for ever the same, also as header `ce_sequence`. */
export interface NumberedEvent extends OutgoingEvent {
  readonly id: bigint;
  readonly partition: number;
  readonly sequence: bigint;
}

/**
 * Takes the oldest rows that wait as the batch to be published, in the order of their ids, and numbers them: on disk
 * before it resolves. Reading by id is right here, and would be wrong for a log with a cursor: every row carries its own
 * mark, so one that commits late is found late and never skipped. The order that counts, that of one key, comes from the
 * row lock of the aggregate: whoever writes the key's next event had to wait for the commit of the one before, and drew
 * its id after it. Throws if another batch is not marked yet: `readInterrupted` has it.
 */
export async function takeBatch(
  database: Queryable, { limit, partitionOf }: { limit: number; partitionOf: (topic: string, key: string) => number },
): Promise<NumberedEvent[]> {
  const rows = await database.prepared<OutgoingEvent & { id: bigint }>(UNPUBLISHED, [limit]);
  if (rows.length === 0) return [];
  const partitions = rows.map(({ topic, key }) => partitionOf(topic, key));
  const [batch] = await database.prepared<{ sequences: string[] }>(TAKE, [rows.map(({ id }) => id), rows.map(({ topic }) => topic), partitions]);
  return rows.map((row, index) => withNumber({ ...row, partition: partitions[index] ?? 0, sequence: BigInt(batch?.sequences[index] ?? 0) }));
}

/** The batch that was taken and perhaps published, but not marked: to be published before anything else. */
export async function readInterrupted(database: Queryable): Promise<NumberedEvent[]> {
  const rows = await database.query<NumberedEvent>(
    `SELECT outbox.id, topic, key, headers, payload, taken.partition, taken.sequence
     FROM outbox_batch CROSS JOIN LATERAL unnest(outbox_ids, partitions, sequences) WITH ORDINALITY AS taken (id, partition, sequence, place)
     JOIN outbox ON outbox.id = taken.id ORDER BY taken.place`,
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
  text: 'SELECT id, topic, key, headers, payload FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1',
};

/** One row holds the whole batch, since to touch each outbox row twice would cost half of what the relay can do. */
const TAKE = {
  name: 'outbox-take',
  text: `WITH taken AS (
           SELECT * FROM unnest($1::int8[], $2::text[], $3::int[]) WITH ORDINALITY AS taken (id, topic, partition, place)
         ), counted AS (
           INSERT INTO outbox_sequence AS counter (topic, partition, next)
           SELECT topic, partition, count(*) + 1 FROM taken GROUP BY topic, partition ORDER BY topic, partition
           ON CONFLICT (topic, partition) DO UPDATE SET next = counter.next + excluded.next - 1
           RETURNING topic, partition, next
         ), numbered AS (
           SELECT place, next - row_number() OVER (PARTITION BY topic, partition ORDER BY place DESC) AS sequence
           FROM taken JOIN counted USING (topic, partition)
         )
         INSERT INTO outbox_batch (outbox_ids, partitions, sequences)
         SELECT $1, $3, array_agg(sequence ORDER BY place) FROM numbered
         RETURNING sequences::text[]`,
};

const LATER = 'later.topic = outbox.topic AND later.key = outbox.key';

const PUBLISHED = `
  SELECT id, topic, key, headers, payload, partition, sequence,
         EXISTS (SELECT FROM outbox AS later WHERE ${LATER} AND later.published_at IS NOT NULL
                   AND later.partition = outbox.partition AND later.sequence > outbox.sequence)
         OR EXISTS (SELECT FROM outbox AS later WHERE ${LATER} AND later.published_at IS NULL AND later.id > outbox.id) AS outdated
  FROM outbox
  WHERE topic = $1 AND partition = $2 AND sequence BETWEEN $3 AND $4 AND published_at IS NOT NULL
  ORDER BY sequence LIMIT $5`;

/** Marks a batch as published, with its numbers. */
export async function markPublished(database: Queryable, events: readonly NumberedEvent[]): Promise<void> {
  await database.prepared(MARK, [events.map(({ id }) => id), events.map(({ partition }) => partition), events.map(({ sequence }) => sequence)]);
}

/** Not waiting for the disk: a mark that a crash forgets publishes the batch again, and the inboxes know its events. */
const MARK = {
  name: 'outbox-mark',
  text: `WITH over AS (DELETE FROM outbox_batch WHERE outbox_ids = $1 AND sequences = $3)
         UPDATE outbox SET published_at = clock_timestamp(), partition = taken.partition, sequence = taken.sequence
         FROM unnest($1::int8[], $2::int[], $3::int8[]) AS taken (id, partition, sequence)
         WHERE outbox.id = taken.id AND outbox.published_at IS NULL AND set_config('synchronous_commit', 'off', true) = 'off'`,
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
