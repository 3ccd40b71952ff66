import { createNoopMeter } from '@opentelemetry/api';
import { newId } from '@emp/kernel';
import { eventually } from '@emp/testing';
import type { Batch, DeliveredEvent } from '../src/broker/broker.ts';
import { GroupConsumer } from '../src/inbox/group-consumer.ts';
import { Slots } from '../src/inbox/slots.ts';
import { encodeEvent, listDeadLetters } from '../src/index.ts';
import { accepted, Fixture, TOPIC } from './fixture.ts';

const FATAL = `fatal_${newId().slice(-8)}`;

let fixture: Fixture;
beforeAll(async () => { fixture = await Fixture.open(); });
afterEach(() => fixture.reset());
afterAll(() => fixture.close());

const batchOf = (...keys: string[]): Batch => {
  const events = keys.map((key, index): DeliveredEvent => ({ ...encodeEvent(accepted(key), 'test'), partition: 0, position: `${index}`, appendedAt: new Date() }));
  return { topic: TOPIC, partition: 0, events: events as [DeliveredEvent, ...DeliveredEvent[]], revoked: new AbortController().signal };
};

/** A consumer as a new process starts it: it remembers nothing. Over the event `fatal` it sleeps until it is killed. */
const newProcess = (fatal?: string): GroupConsumer => new GroupConsumer({
  group: 'test.first',
  handler: async (events, { tx, group }) => {
    for (const { key } of events) {
      if (key === fatal) await tx.query(`SELECT pg_sleep(60) AS ${FATAL}`);
      await tx.execute('INSERT INTO seen (session_id, consumer) VALUES ($1, $2)', [key, group]);
    }
  },
  broker: fixture.broker,
  database: fixture.database,
  log: fixture.log,
  events: createNoopMeter().createCounter('inbox_events'),
  slots: new Slots(4),
  isKnownType: () => true,
  maxAttempts: 8,
  retry: { firstMs: 1, longestMs: 1 },
  stopping: new AbortController().signal,
});

/** As soon as somebody is in the middle of the fatal event. */
const cutConnection = (): Promise<true> => eventually(async () => (await fixture.database.query(
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE $1',
  [`SELECT pg_sleep(60) AS ${FATAL}%`],
)).length > 0, { what: 'somebody in the middle of the fatal event' });

/** To the database a process that dies is a connection that ends in the middle of a transaction. */
const dieOver = async (batch: Batch, fatal: string): Promise<void> => {
  const consuming = newProcess(fatal).consume(batch);
  consuming.catch(() => undefined);
  await cutConnection();
  await expect(consuming).rejects.toMatchObject({ slug: 'database-unavailable' });
};

describe('an event that kills the process', () => {
  it('is told from its neighbours, given up after three deaths, and the rest goes on', async () => {
    const batch = batchOf('a', 'b', 'fatal', 'c');
    await dieOver(batch, 'fatal');
    expect(await fixture.seen()).toEqual([]);
    for (let death = 1; death <= 3; death += 1) {
      await dieOver(batch, 'fatal');
      expect(await fixture.seen()).toEqual(['a', 'b']);
    }
    await newProcess('fatal').consume(batch);
    expect(await fixture.seen()).toEqual(['a', 'b', 'c']);
    expect(await listDeadLetters(fixture.broker, TOPIC)).toMatchObject([{ key: 'fatal', reason: 'process-killed', attempts: 3 }]);
  });

  it('is forgiven when it goes through', async () => {
    const batch = batchOf('shaky');
    for (let death = 1; death <= 2; death += 1) await dieOver(batch, 'shaky');
    const next = batchOf('next');
    await newProcess().consume(batch);
    for (let death = 1; death <= 2; death += 1) await dieOver(next, 'next');
    await newProcess().consume(next);
    expect(await fixture.seen()).toEqual(['shaky', 'next']);
    expect(await listDeadLetters(fixture.broker, TOPIC)).toEqual([]);
  });

  it('is not one over which the database went away while the process lived on', async () => {
    const batch = batchOf('innocent');
    const survivor = newProcess('innocent');
    for (let outage = 1; outage <= 5; outage += 1) {
      const consuming = survivor.consume(batch);
      consuming.catch(() => undefined);
      await cutConnection();
      await expect(consuming).rejects.toMatchObject({ slug: 'database-unavailable' });
    }
    await newProcess().consume(batch);
    expect(await fixture.seen()).toEqual(['innocent']);
  });

  it('costs a batch that went well nothing', async () => {
    const consumer = newProcess();
    await consumer.consume(batchOf('a', 'b'));
    await consumer.consume(batchOf('c', 'd'));
    expect(await fixture.database.query('SELECT attempts FROM consumer_progress')).toEqual([{ attempts: 0 }]);
  });
});
