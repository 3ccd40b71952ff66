import type { PreparedStatement, Queryable } from '@emp/database';
import type { DeliveredEvent, EventHeaders, OutgoingEvent } from '../broker/broker.ts';
import type { Topics } from '../broker/topics.ts';

/** NOTIFY channel; the payload is the name of a topic that grew. */
export const LOG_CHANNEL = 'emp_log';

/** A place in a partition: everything up to and including it has been passed. */
export interface Place {
  readonly txid: string;
  readonly id: bigint;
}

export interface PartitionPlace extends Place {
  readonly topic: string;
  readonly partition: number;
}

export const START: Place = { txid: '0', id: 0n };

const APPEND = {
  name: 'log-append',
  text: `WITH appended AS (
           INSERT INTO log (topic, partition, key, headers, payload)
           SELECT topic, partition, key, headers, payload
           FROM unnest($1::text[], $2::int[], $3::text[], $4::jsonb[], $5::text[])
             WITH ORDINALITY AS event (topic, partition, key, headers, payload, place)
           ORDER BY place
         )
         SELECT pg_notify('${LOG_CHANNEL}', topic) FROM unnest($1::text[]) AS topic GROUP BY topic`,
};

/** One statement, one transaction: all events or none. */
export async function appendToLog(database: Queryable, topics: Topics, events: readonly OutgoingEvent[]): Promise<void> {
  await database.prepared(APPEND, [
    events.map((event) => event.topic),
    events.map((event) => topics.partitionOf(event.topic, event.key)),
    events.map((event) => event.key),
    events.map((event) => JSON.stringify(event.headers)),
    events.map((event) => event.payload),
  ]);
}

/** What a transaction that still runs may yet precede is left for the next time: a cursor must not pass it by. */
const SETTLED = 'log.txid < pg_snapshot_xmin(pg_current_snapshot())';

/**
 * The same, when something has been waiting for a while: transactions in other databases of the same PostgreSQL count in
 * a snapshot, too, but cannot have written here. Only what is seen to run elsewhere is left out; what ended since the
 * snapshot was taken still counts. In a CASE, since locks are dear to look at and mostly nothing waits.
 */
const SETTLED_HERE = `CASE WHEN ${SETTLED} THEN true ELSE log.txid < (
  SELECT coalesce(min(running), pg_snapshot_xmax(pg_current_snapshot()))
  FROM pg_snapshot_xip(pg_current_snapshot()) AS running
  WHERE NOT EXISTS (
    SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE pg_locks.locktype = 'transactionid' AND pg_locks.mode = 'ExclusiveLock' AND pg_locks.transactionid = xid(running)
      AND pg_stat_activity.datname <> current_database()
  )
) END`;

const readStatement = (name: string, which: string): PreparedStatement => ({
  name,
  text: `SELECT log.* FROM unnest($1::text[], $2::int[], $3::xid8[], $4::int8[]) AS place (topic, partition, txid, id)
         CROSS JOIN LATERAL (
           SELECT log.topic, log.partition, log.txid, log.id, log.key, log.headers, log.payload, log.appended_at
           FROM log
           WHERE log.topic = place.topic AND log.partition = place.partition
             AND (log.txid, log.id) > (place.txid, place.id) AND ${which}
           ORDER BY log.txid, log.id
           LIMIT $5
         ) AS log`,
});

const READ = {
  settled: readStatement('log-read-settled', SETTLED),
  'settled here': readStatement('log-read-settled-here', SETTLED_HERE),
  committed: readStatement('log-read-committed', 'true'),
};

interface LogRow {
  readonly topic: string;
  readonly partition: number;
  readonly txid: string;
  readonly id: bigint;
  readonly key: string;
  readonly headers: EventHeaders;
  readonly payload: string;
  readonly appended_at: Date;
}

export type LoggedEvent = DeliveredEvent & Place;

/**
 * Per place, up to `limit` of the events after it, in order. Consumers read what is `settled`: nothing can appear
 * before it any more. All that is `committed` is for eyes that do not go on from where they stopped.
 */
export async function readLog(
  database: Queryable,
  { places, limit, which = 'settled' }: { readonly places: readonly PartitionPlace[]; readonly limit: number; readonly which?: keyof typeof READ },
): Promise<LoggedEvent[]> {
  const rows = await database.prepared<LogRow>(READ[which], [
    places.map((place) => place.topic),
    places.map((place) => place.partition),
    places.map((place) => place.txid),
    places.map((place) => place.id),
    limit,
  ]);
  return rows.map(({ appended_at: appendedAt, ...row }) => ({ ...row, appendedAt, position: `${row.txid}-${row.id}` }));
}

/** The last settled place of each partition that holds anything. */
export async function settledEnds(
  database: Queryable, partitions: readonly { readonly topic: string; readonly partition: number }[],
): Promise<PartitionPlace[]> {
  return database.query<PartitionPlace>(
    `SELECT log.* FROM unnest($1::text[], $2::int[]) AS asked (topic, partition)
     CROSS JOIN LATERAL (
       SELECT log.topic, log.partition, log.txid, log.id FROM log
       WHERE log.topic = asked.topic AND log.partition = asked.partition AND ${SETTLED}
       ORDER BY log.txid DESC, log.id DESC LIMIT 1
     ) AS log`,
    [partitions.map((each) => each.topic), partitions.map((each) => each.partition)],
  );
}
