import { fileURLToPath } from 'node:url';
import { Database, migrate } from '@emp/database';
import { EmpError, messageOf, newId } from '@emp/kernel';
import type { Broker, DeliveredEvent, Follow, GroupLag, OutgoingEvent, Subscription, SubscriptionRequest } from '../broker/broker.ts';
import type { GroupMove } from '../broker/move-group.ts';
import type { Topics } from '../broker/topics.ts';
import type { Log } from '../log.ts';
import { followLog } from './follow-log.ts';
import { GroupTable, type Partition } from './group-table.ts';
import { LogNotices } from './log-notices.ts';
import { appendToLog, readLog, START, type Place } from './log-table.ts';
import { moveGroup } from './move-group.ts';
import { PostgresSubscription, type SubscriptionSettings } from './postgres-subscription.ts';
import { sweepTopic } from './retention.ts';

export interface PostgresBrokerOptions {
  readonly url: string;
  readonly clientId: string;
  readonly log: Log;
  readonly topics: Topics;
  readonly settings?: Partial<SubscriptionSettings>;
}

/** Beside `src` and `dist` alike. */
const MIGRATIONS = fileURLToPath(new URL('../../sql/broker', import.meta.url));
const SETTINGS: SubscriptionSettings = { batchSize: 500, leaseMs: 5_000, pollMs: 1_000 };
const SWEEP_EVERY_MS = 3_600_000;
const PAGE = 500;
const FOLLOW_EVERY_MS = 250;

/** The event log as a table of a PostgreSQL database: for one machine, and wherever Kafka would be too much. */
export class PostgresBroker implements Broker {
  readonly kind = 'postgres';
  readonly #options: PostgresBrokerOptions;
  readonly #database: Database;
  readonly #notices: LogNotices;
  readonly #subscriptions = new Set<PostgresSubscription>();
  readonly #sweeper: NodeJS.Timeout;

  private constructor(options: PostgresBrokerOptions) {
    this.#options = options;
    this.#database = new Database({ url: options.url, applicationName: `${options.clientId} (event log)`, maxConnections: 6, log: options.log });
    this.#notices = new LogNotices(this.#database, options.log);
    this.#sweeper = setInterval(() => void this.sweep().catch((error: unknown) => {
      options.log.warn({ reason: messageOf(error) }, 'event log not swept');
    }), SWEEP_EVERY_MS).unref();
  }

  static async open(options: PostgresBrokerOptions): Promise<PostgresBroker> {
    const broker = new PostgresBroker(options);
    try {
      await migrate(broker.#database, MIGRATIONS);
    } catch (error) {
      await broker.close();
      throw error;
    }
    broker.#notices.start();
    return broker;
  }

  async ensureTopics(): Promise<void> {
    const declared = this.#options.topics.entries();
    const names = declared.map(([name]) => name);
    await this.#database.execute(
      `INSERT INTO topic (name, partitions) SELECT * FROM unnest($1::text[], $2::int[]) ON CONFLICT DO NOTHING`,
      [names, declared.map(([, { partitions }]) => partitions)],
    );
    const existing = await this.#database.query<{ name: string; partitions: number }>('SELECT name, partitions FROM topic WHERE name = ANY ($1)', [names]);
    for (const { name, partitions } of existing) {
      const wanted = this.#options.topics.settings(name).partitions;
      if (partitions === wanted) continue;
      throw new EmpError('topic-changed', `topic ${name} has ${partitions} partitions, declared are ${wanted}: another number would tear keys from their order, make a new version of the topic`, { retry: 'useless' });
    }
  }

  async publish(events: readonly OutgoingEvent[]): Promise<void> {
    if (events.length > 0) await appendToLog(this.#database, this.#options.topics, events);
  }

  async subscribe(request: SubscriptionRequest): Promise<Subscription> {
    const settings = { ...SETTINGS, ...this.#options.settings };
    const table = new GroupTable(this.#database, { group: request.group, topics: request.topics, member: newId(), leaseMs: settings.leaseMs });
    await table.prepare(request.topics.flatMap((topic) => this.#partitions(topic)));
    const subscription = new PostgresSubscription({ database: this.#database, table, request, settings, log: this.#options.log });
    await subscription.start();
    const deafen = this.#notices.onAppended((topic) => subscription.notice(topic));
    this.#subscriptions.add(subscription);
    return {
      stop: async () => {
        deafen();
        this.#subscriptions.delete(subscription);
        await subscription.stop();
      },
    };
  }

  async *read(topic: string, follow?: Follow): AsyncIterable<DeliveredEvent> {
    if (follow) {
      yield* followLog(this.#database, { ...follow, partitions: this.#partitions(topic), pollMs: FOLLOW_EVERY_MS });
      return;
    }
    for (const { partition } of this.#partitions(topic)) {
      let place: Place = START;
      for (;;) {
        const events = await readLog(this.#database, { places: [{ topic, partition, ...place }], limit: PAGE, which: 'committed' });
        yield* events;
        const last = events.at(-1);
        if (!last) break;
        place = last;
      }
    }
  }

  async lag(): Promise<GroupLag[]> {
    return this.#database.query<GroupLag>(
      `SELECT cursor.consumer_group AS "group", cursor.topic, cursor.partition, unread.behind, unread."oldestUnreadAt",
              CASE WHEN cursor.txid <> '0' THEN cursor.txid || '-' || cursor.id END AS passed
       FROM group_cursor AS cursor CROSS JOIN LATERAL (
         SELECT count(*)::int AS behind, min(log.appended_at) AS "oldestUnreadAt" FROM log
         WHERE log.topic = cursor.topic AND log.partition = cursor.partition AND (log.txid, log.id) > (cursor.txid, cursor.id)
       ) AS unread
       ORDER BY 1, 2, 3`,
    );
  }

  async moveGroup(move: GroupMove): Promise<void> {
    await moveGroup(this.#database, move);
  }

  /** Deletes what the topics no longer keep; runs every hour by itself, in one process at a time. */
  async sweep(): Promise<number | 'held-elsewhere'> {
    return this.#database.lock('event-log-sweep', async () => {
      let deleted = 0;
      for (const [topic, settings] of this.#options.topics.entries()) deleted += await sweepTopic(this.#database, topic, settings);
      if (deleted > 0) this.#options.log.info({ deleted }, 'event log swept');
      return deleted;
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    await this.#notices.close();
    await this.#database.close();
  }

  #partitions(topic: string): Partition[] {
    return Array.from({ length: this.#options.topics.settings(topic).partitions }, (_, partition) => ({ topic, partition }));
  }
}
