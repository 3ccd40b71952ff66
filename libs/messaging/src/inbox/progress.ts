import type { Queryable } from '@emp/database';
import type { Stream } from './inbox-table.ts';

/** A batch by the position of its first event. */
export interface Begun {
  readonly stream: Stream;
  readonly position: string;
}

/**
 * What is begun and not ended, on disk before it is begun. A process that dies over an event leaves its count behind;
 * the next one finds it, goes one by one, and so the event that kills is told from its neighbours.
 */
export class Progress {
  readonly #database: Queryable;
  /** What this very process began last, per partition: counts it left itself are no deaths, it is alive. */
  readonly #begunHere = new Map<string, string>();

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Begins batches of one group at their first positions. Returns those over whose partitions no process died. */
  async beginBatches<Batch extends Begun>(batches: readonly Batch[]): Promise<readonly Batch[]> {
    const rows = await this.#database.prepared<{ topic: string; partition: number }>(BEGIN_BATCHES, [
      batches[0]?.stream.group, batches.map(({ stream }) => stream.topic), batches.map(({ stream }) => stream.partition),
      batches.map(({ position }) => position), batches.map(({ stream }) => this.#ownPosition(stream)),
    ]);
    const begun = batches.filter(({ stream }) =>
      rows.some(({ topic, partition }) => topic === stream.topic && partition === stream.partition));
    for (const { stream, position } of begun) this.#begunHere.set(nameOf(stream), position);
    return begun;
  }

  /** Begins one event; returns how many processes died over it. */
  async beginOne(stream: Stream, position: string): Promise<number> {
    const another = this.#ownPosition(stream) === position ? 0 : 1;
    const [row] = await this.#database.prepared<{ attempts: number }>(BEGIN_ONE, [...keyOf(stream), position, another]);
    this.#begunHere.set(nameOf(stream), position);
    return (row?.attempts ?? 1) - 1;
  }

  /** What was begun has ended badly, but nobody died of it. (If it ended well, `takeUnseen` has noted that.) */
  async settle(tx: Queryable, stream: Stream): Promise<void> {
    await tx.execute(SETTLE, keyOf(stream));
  }

  #ownPosition(stream: Stream): string {
    return this.#begunHere.get(nameOf(stream)) ?? '';
  }
}

/** Notes survive the death of this process without waiting for the disk; that of PostgreSQL is not what they are for. */
const NOT_WAITING = `set_config('synchronous_commit', 'off', true) = 'off'`;

const BEGIN_BATCHES = {
  name: 'progress-begin-batches',
  text: `INSERT INTO consumer_progress AS progress (consumer_group, topic, partition, position, attempts)
         SELECT $1, topic, partition, position, 1 FROM unnest($2::text[], $3::int[], $4::text[]) AS begun (topic, partition, position)
         WHERE ${NOT_WAITING} ORDER BY topic, partition
         ON CONFLICT (consumer_group, topic, partition) DO UPDATE SET position = excluded.position, attempts = 1, started_at = now()
           WHERE progress.attempts = 0 OR (progress.topic, progress.partition, progress.position) IN (
             SELECT topic, partition, position FROM unnest($2::text[], $3::int[], $5::text[]) AS own (topic, partition, position)
           )
         RETURNING topic, partition`,
};

const BEGIN_ONE = {
  name: 'progress-begin-one',
  text: `INSERT INTO consumer_progress AS progress (consumer_group, topic, partition, position, attempts)
         SELECT $1, $2, $3, $4, 1 WHERE ${NOT_WAITING}
         ON CONFLICT (consumer_group, topic, partition) DO UPDATE
           SET position = $4, started_at = now(),
               attempts = CASE WHEN progress.position = $4 THEN greatest(1, progress.attempts + $5) ELSE 1 END
         RETURNING attempts`,
};

const SETTLE = 'UPDATE consumer_progress SET attempts = 0 WHERE consumer_group = $1 AND topic = $2 AND partition = $3';

const keyOf = ({ group, topic, partition }: Stream): readonly unknown[] => [group, topic, partition];
const nameOf = ({ group, topic, partition }: Stream): string => `${group}/${topic}/${partition}`;
