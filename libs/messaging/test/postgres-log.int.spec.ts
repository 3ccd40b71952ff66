import { Database } from '@emp/database';
import { newId } from '@emp/kernel';
import { eventually, testDatabase, type TestDatabase } from '@emp/testing';
import type { Batch } from '../src/broker/broker.ts';
import { Topics } from '../src/broker/topics.ts';
import { PostgresBroker } from '../src/postgres/postgres-broker.ts';
import type { SubscriptionSettings } from '../src/postgres/postgres-subscription.ts';
import { SilentLog } from './silent-log.ts';

const TOPIC = 'test.orders.v1';
const LATEST = 'test.prices.v1';
const topics = new Topics({ [TOPIC]: { partitions: 1, keep: { days: 30 } }, [LATEST]: { partitions: 1, keep: 'latest-per-key' } });

let server: TestDatabase;
let broker: PostgresBroker;
let database: Database;
const brokers: PostgresBroker[] = [];

const open = async (settings: Partial<SubscriptionSettings> = {}): Promise<PostgresBroker> => {
  const opened = await PostgresBroker.open({ url: server.url, clientId: 'test', log: new SilentLog(), topics, settings });
  brokers.push(opened);
  await opened.ensureTopics();
  return opened;
};

beforeEach(async () => {
  server = await testDatabase({ maxConnections: 60 });
  database = server.database;
  broker = await open();
});

afterEach(async () => {
  await Promise.all(brokers.splice(0).map((each) => each.close()));
  await server.close();
});

const insert = (payload: string): string => `INSERT INTO log (topic, partition, key, headers, payload) VALUES ('${TOPIC}', 0, 'k', '{}', '${payload}')`;

const publish = (topic: string, key: string, payload: string, headers: Record<string, string> = {}): Promise<void> =>
  broker.publish([{ topic, key, payload, headers }]);

const collect = async (from: PostgresBroker, group: string, topic = TOPIC): Promise<string[]> => {
  const payloads: string[] = [];
  await from.subscribe({ group, topics: [topic], onBatch: async ({ events }) => { payloads.push(...events.map(({ payload }) => payload)); } });
  return payloads;
};

/** What most would write first: remember the greatest id, ask for greater ones. */
class NaiveReader {
  readonly payloads: string[] = [];
  #lastId = 0n;

  async poll(): Promise<void> {
    for (const { id, payload } of await database.query<{ id: bigint; payload: string }>('SELECT id, payload FROM log WHERE id > $1 ORDER BY id', [this.#lastId])) {
      this.payloads.push(payload);
      this.#lastId = id;
    }
  }
}

describe('the order of the log', () => {
  it('does not lose the event of a slow transaction, as a reader that goes by row id does', async () => {
    const naive = new NaiveReader();
    const ours = await collect(broker, 'ours');
    const slow = await database.connect();
    await slow.query('BEGIN');
    await slow.query(insert('slow, and first by id'));
    await database.query(insert('fast, and committed first'));
    await naive.poll();
    expect(naive.payloads).toEqual(['fast, and committed first']);

    await slow.query('COMMIT');
    await slow.close();
    await eventually(() => ours.length === 2, { what: 'both events' });
    await naive.poll();
    expect(ours).toEqual(['slow, and first by id', 'fast, and committed first']);
    expect(naive.payloads).toEqual(['fast, and committed first']);
  });

  it('loses nothing in a storm of transactions that overlap and roll back', async () => {
    const ours = await collect(broker, 'storm');
    const committed: string[] = [];
    await Promise.all(Array.from({ length: 50 }, async (_, writer) => {
      for (let round = 0; round < 10; round += 1) {
        const payload = `${writer}/${round}`;
        const outcome = (writer + round) % 7 === 0 ? 'rolled back' : 'committed';
        await database.transaction(async (tx) => {
          await tx.query(insert(payload));
          await tx.query('SELECT pg_sleep(random() * 0.01)');
          await tx.query(insert(`${payload}, second`));
          if (outcome === 'rolled back') throw new Error('changed my mind');
        }).catch(() => undefined);
        if (outcome === 'committed') committed.push(payload, `${payload}, second`);
      }
    }));
    await eventually(() => ours.length >= committed.length, { what: 'every committed event', withinMs: 15_000 });
    expect([...ours].sort()).toEqual([...committed].sort());
  }, 30_000);

  it('does not wait for transactions that began later', async () => {
    const ours = await collect(broker, 'ours');
    await database.query(insert('old'));
    const later = await database.connect();
    await later.query('BEGIN');
    await later.query(insert('later'));
    await eventually(() => ours.length === 1, { what: 'the old event' });
    await later.query('COMMIT');
    await later.close();
    await eventually(() => ours.length === 2, { what: 'the later event' });
  });
});

describe('a long transaction in another database of the server', () => {
  it('does not hold the log back, though it counts in every snapshot', async () => {
    const elsewhere = await testDatabase();
    const long = await elsewhere.database.connect();
    await long.query('BEGIN');
    await long.query('CREATE TABLE import (id int)');
    const ours = await collect(broker, 'ours');
    await publish(TOPIC, 'k', 'not waiting');
    await eventually(() => ours.length === 1, { what: 'the event', withinMs: 5_000 });
    await long.query('ROLLBACK');
    await long.close();
    await elsewhere.close();
  });

  it('is told from one in the log itself, which does', async () => {
    const ours = await collect(broker, 'ours');
    const slow = await database.connect();
    await slow.query('BEGIN');
    await slow.query(insert('slow'));
    await publish(TOPIC, 'k', 'waiting');
    await database.query('SELECT pg_sleep(0.5)');
    expect(ours).toEqual([]);
    await slow.query('COMMIT');
    await slow.close();
    await eventually(() => ours.length === 2);
    expect(ours).toEqual(['slow', 'waiting']);
  });
});

describe('waking up', () => {
  it('is a matter of milliseconds, not of the next poll', async () => {
    const patient = await open({ pollMs: 60_000 });
    const payloads = await collect(patient, 'listening');
    await publish(TOPIC, 'k', 'first');
    await eventually(() => payloads.length === 1);
    await publish(TOPIC, 'k', 'second');
    await eventually(() => payloads.length === 2, { withinMs: 2_000 });
  });

  it('listens again after its connection was cut', async () => {
    const patient = await open({ pollMs: 60_000 });
    const payloads = await collect(patient, 'listening');
    const cut = await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`);
    expect(cut.length).toBeGreaterThan(0);
    await publish(TOPIC, 'k', 'published while nobody listened');
    await eventually(() => payloads.length === 1, { withinMs: 10_000 });
  }, 15_000);
});

describe('leases', () => {
  const stealPartition = (lastsMs: number): Promise<number> => database.execute(
    `UPDATE group_cursor SET owner = $1, leased_until = clock_timestamp() + $2 * interval '1 ms' WHERE topic = $3`,
    [newId(), lastsMs, TOPIC],
  );

  it('end by themselves when a member dies without a word', async () => {
    const member = await open({ leaseMs: 500 });
    await publish(TOPIC, 'k', 'left behind');
    await (await member.subscribe({ group: 'dying', topics: [TOPIC], onBatch: () => Promise.reject(new Error('busy dying')) })).stop();
    await stealPartition(800);
    const takenOverAt = Date.now();
    const payloads = await collect(member, 'dying');
    await eventually(() => payloads.length === 1, { what: 'the take-over', withinMs: 10_000 });
    expect(Date.now() - takenOverAt).toBeGreaterThan(500);
  }, 15_000);

  it('fence off a member that lost its partition: it cannot move the cursor, and is told', async () => {
    const member = await open({ leaseMs: 500 });
    let frozen: Batch | undefined;
    let thaw = (): void => undefined;
    await member.subscribe({ group: 'frozen', topics: [TOPIC], onBatch: (batch) => new Promise<void>((resolve) => {
      frozen ??= batch;
      thaw = resolve;
    }) });
    await publish(TOPIC, 'k', 'handled twice');
    await eventually(() => frozen !== undefined);
    await stealPartition(60_000);
    thaw();
    await eventually(() => frozen?.revoked.aborted === true, { what: 'the revocation' });
    const [cursor] = await database.query<{ id: bigint }>(`SELECT id FROM group_cursor WHERE consumer_group = 'frozen'`);
    expect(cursor?.id).toBe(0n);
  }, 15_000);
});

describe('retention', () => {
  const contents = async (topic: string): Promise<string[]> => {
    const payloads: string[] = [];
    for await (const { payload } of broker.read(topic)) payloads.push(payload);
    return payloads;
  };

  const aDayLater = (): Promise<unknown> => database.execute(`UPDATE log SET appended_at = appended_at - interval '25 hours'`);

  it('deletes what is older than the topic keeps', async () => {
    await publish(TOPIC, 'k', 'old');
    await database.execute(`UPDATE log SET appended_at = now() - interval '31 days'`);
    await publish(TOPIC, 'k', 'young');
    expect(await broker.sweep()).toBe(1);
    expect(await contents(TOPIC)).toEqual(['young']);
  });

  it('keeps the latest event of each key for groups to come, and all of the last day', async () => {
    for (const price of ['a1', 'b1', 'a2', 'a3']) await publish(LATEST, price.slice(0, 1), price);
    expect(await broker.sweep()).toBe(0);
    await aDayLater();
    expect(await broker.sweep()).toBe(2);
    expect(await collectUntil('new', 2)).toEqual(['b1', 'a3']);
  });

  it('keeps what a group has not passed yet', async () => {
    const slow = await broker.subscribe({ group: 'slow', topics: [LATEST], onBatch: () => Promise.reject(new Error('later')) });
    for (const price of ['a1', 'a2']) await publish(LATEST, 'a', price);
    await aDayLater();
    expect(await broker.sweep()).toBe(0);
    await slow.stop();
  });

  it('does not take a replayed dead letter for the latest', async () => {
    await publish(LATEST, 'a', 'a1');
    await publish(LATEST, 'a', 'a2');
    await publish(LATEST, 'a', 'a1', { replay_for: 'some.group' });
    await aDayLater();
    expect(await broker.sweep()).toBe(2);
    expect(await contents(LATEST)).toEqual(['a2']);
  });

  const collectUntil = async (group: string, count: number): Promise<string[]> => {
    const payloads = await collect(broker, group, LATEST);
    await eventually(() => payloads.length >= count);
    return payloads;
  };
});
