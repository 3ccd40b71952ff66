import { lockNumber, type Database, type Transaction } from '@emp/database';
import { fairShare, type CursorState } from './fair-share.ts';
import type { PartitionPlace } from './log-table.ts';

export interface Partition {
  readonly topic: string;
  readonly partition: number;
}

export interface Membership {
  readonly group: string;
  readonly topics: readonly string[];
  /** A UUID, new with every subscription. */
  readonly member: string;
  /** For how long the others leave a silent member its partitions. */
  readonly leaseMs: number;
}

/** A consumer group in the log's database, through the eyes of one member. Times are the database's. */
export class GroupTable {
  readonly #database: Database;
  readonly #membership: Membership;

  constructor(database: Database, membership: Membership) {
    this.#database = database;
    this.#membership = membership;
  }

  /** Places the group at the beginning of partitions that are new to it. */
  async prepare(partitions: readonly Partition[]): Promise<void> {
    await this.#database.execute(
      `INSERT INTO group_cursor (consumer_group, topic, partition)
       SELECT $1, topic, partition FROM unnest($2::text[], $3::int[]) AS declared (topic, partition)
       ON CONFLICT DO NOTHING`,
      [this.#membership.group, ...columns(partitions)],
    );
  }

  /**
   * Says "I am alive", renews what is owned, takes what is free and fair, gives back what is too much and not `busy`.
   * Returns what is owned now; `surplus` should be given back as soon as it is no longer busy.
   */
  async balance(isBusy: (partition: Partition) => boolean): Promise<readonly (PartitionPlace & { readonly surplus: boolean })[]> {
    return this.#database.transaction(async (tx) => {
      // One member reckons at a time, so that nobody claims on a picture that is just changing. Nobody waits for the
      // disk: should PostgreSQL forget a lease in a crash, its holder is fenced off like any other that lost it.
      await tx.query(`SELECT pg_advisory_xact_lock($1), set_config('synchronous_commit', 'off', true)`, [lockNumber(`group ${this.#membership.group}`)]);
      const shares = await this.#shares(tx);
      const surplus = shares.flatMap((share) => share.release);
      await this.#setOwner(tx, surplus.filter((partition) => !isBusy(partition)), null);
      // A partition that slipped away while its last batch is still under way is not taken again before that ends.
      await this.#setOwner(tx, shares.flatMap((share) => share.claim).filter((partition) => !isBusy(partition)), this.#membership.member);
      const owned = await tx.query<PartitionPlace>(
        `UPDATE group_cursor SET leased_until = clock_timestamp() + $3 * interval '1 ms'
         WHERE consumer_group = $1 AND owner = $2 RETURNING topic, partition, txid, id`,
        [this.#membership.group, this.#membership.member, this.#membership.leaseMs],
      );
      return owned.map((place) => ({ ...place, surplus: surplus.some((each) => each.topic === place.topic && each.partition === place.partition) }));
    });
  }

  /** Moves the group's cursors. Says of each whether it was moved: not if its partition was lost to another member. */
  async advance(places: readonly PartitionPlace[]): Promise<readonly boolean[]> {
    const moved = await this.#database.prepared<Partition>(ADVANCE, [
      this.#membership.group, this.#membership.member, ...columns(places), places.map(({ txid }) => txid), places.map(({ id }) => id),
    ]);
    return places.map((place) => moved.some(({ topic, partition }) => topic === place.topic && partition === place.partition));
  }

  /** Frees everything for the other members. */
  async leave(): Promise<void> {
    const { group, member } = this.#membership;
    await this.#database.execute('UPDATE group_cursor SET owner = NULL, leased_until = NULL WHERE consumer_group = $1 AND owner = $2', [group, member]);
    await this.#database.execute('DELETE FROM group_member WHERE consumer_group = $1 AND member = $2', [group, member]);
  }

  async #shares(tx: Transaction): Promise<ReturnType<typeof fairShare>[]> {
    const { group, topics, member, leaseMs } = this.#membership;
    await tx.execute('DELETE FROM group_member WHERE consumer_group = $1 AND alive_until < clock_timestamp()', [group]);
    await tx.execute(
      `INSERT INTO group_member (consumer_group, topic, member, alive_until)
       SELECT $1, topic, $3, clock_timestamp() + $4 * interval '1 ms' FROM unnest($2::text[]) AS topic
       ON CONFLICT (consumer_group, topic, member) DO UPDATE SET alive_until = excluded.alive_until`,
      [group, topics, member, leaseMs],
    );
    const members = await tx.query<{ topic: string; rank: number; members: number }>(
      `SELECT topic, (count(*) FILTER (WHERE member < $2))::int AS rank, count(*)::int AS members
       FROM group_member WHERE consumer_group = $1 GROUP BY topic`,
      [group, member],
    );
    const cursors = await tx.query<CursorState>(
      `SELECT topic, partition, CASE WHEN owner = $3 THEN 'me'
                                     WHEN owner IS NULL OR leased_until < clock_timestamp() THEN 'free'
                                     ELSE 'another' END AS owner
       FROM group_cursor WHERE consumer_group = $1 AND topic = ANY ($2) ORDER BY topic, partition`,
      [group, topics, member],
    );
    return members
      .filter(({ topic }) => topics.includes(topic))
      .map((place) => fairShare(cursors.filter(({ topic }) => topic === place.topic), place));
  }

  async #setOwner(tx: Transaction, partitions: readonly Partition[], owner: string | null): Promise<void> {
    if (partitions.length === 0) return;
    await tx.execute(
      `UPDATE group_cursor AS cursor SET owner = $4
       FROM unnest($2::text[], $3::int[]) AS chosen (topic, partition)
       WHERE cursor.consumer_group = $1 AND cursor.topic = chosen.topic AND cursor.partition = chosen.partition`,
      [this.#membership.group, ...columns(partitions), owner],
    );
  }
}

/**
 * Not waiting for the disk: a cursor that PostgreSQL forgets in a crash delivers a few events again, and the inbox
 * knows them.
 */
const ADVANCE = {
  name: 'group-advance',
  text: `UPDATE group_cursor AS cursor SET txid = place.txid, id = place.id
         FROM unnest($3::text[], $4::int[], $5::xid8[], $6::int8[]) AS place (topic, partition, txid, id)
         WHERE cursor.consumer_group = $1 AND cursor.owner = $2
           AND cursor.topic = place.topic AND cursor.partition = place.partition
           AND set_config('synchronous_commit', 'off', true) = 'off'
         RETURNING cursor.topic, cursor.partition`,
};

const columns = (partitions: readonly Partition[]): [string[], number[]] => [
  partitions.map((each) => each.topic),
  partitions.map((each) => each.partition),
];
