import type { Queryable } from '@emp/database';
import type { Stream } from './inbox-table.ts';

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

  /** Begins a batch at its first position, unless a process died over this partition: then `'died-before'`. */
  async beginBatch(stream: Stream, position: string): Promise<'begun' | 'died-before'> {
    const [row] = await this.#database.prepared<{ begun: boolean }>(BEGIN_BATCH, [...keyOf(stream), position, this.#ownPosition(stream)]);
    if (row?.begun !== true) return 'died-before';
    this.#begunHere.set(nameOf(stream), position);
    return 'begun';
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

const BEGIN_BATCH = {
  name: 'progress-begin-batch',
  text: `WITH begun AS (
           INSERT INTO consumer_progress AS progress (consumer_group, topic, partition, position, attempts)
           SELECT $1, $2, $3, $4, 1 WHERE ${NOT_WAITING}
           ON CONFLICT (consumer_group, topic, partition) DO UPDATE SET position = $4, attempts = 1, started_at = now()
             WHERE progress.attempts = 0 OR progress.position = $5
           RETURNING 1
         )
         SELECT EXISTS (SELECT FROM begun) AS begun`,
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

/** Nothing is under way any more: group, topic and partition are the first three parameters. */
export const SETTLE = 'UPDATE consumer_progress SET attempts = 0 WHERE consumer_group = $1 AND topic = $2 AND partition = $3';

const keyOf = ({ group, topic, partition }: Stream): readonly unknown[] => [group, topic, partition];
const nameOf = ({ group, topic, partition }: Stream): string => `${group}/${topic}/${partition}`;
