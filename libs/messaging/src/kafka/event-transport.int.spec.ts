import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EmpError, newId } from '@emp/kernel';
import type { EmpEvent, Topic } from '@emp/events';
import { eventually, testDatabase, testKafka, type TestDatabase } from '@emp/testing';
import { accepted, recording } from '../../test/fixture.ts';
import { SilentLog } from '../../test/silent-log.ts';
import { Topics } from '../broker/topics.ts';
import { encodeEvent } from '../cloud-event.ts';
import { listDeadLetters, replayDeadLetters } from '../dead-letter/replay-dead-letters.ts';
import { EventTransport } from '../inbox/event-transport.ts';
import { KafkaBroker } from './kafka-broker.ts';
import { KafkaClient } from './kafka-client.ts';

type Handle = NonNullable<Parameters<typeof recording>[1]>;
const WITHIN = { withinMs: 20_000 };

let service: TestDatabase;
let topic: Topic;
let group: string;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  service = await testDatabase();
  await service.database.query(await readFile(new URL('../../sql/messaging.sql', import.meta.url), 'utf8'));
  await service.database.query('CREATE TABLE seen (session_id text, consumer text, place int GENERATED ALWAYS AS IDENTITY)');
});
beforeEach(() => {
  topic = `test.${newId()}.v1` as Topic;
  group = `test.${newId()}`;
});
afterEach(async () => {
  for (const closer of closers.splice(0).reverse()) await closer();
}, 60_000);
afterAll(() => service.close());

/** A process of the service, as far as Kafka can tell. */
async function openBroker(): Promise<KafkaBroker> {
  const broker = await KafkaBroker.open({
    brokers: (await testKafka()).split(','), clientId: 'test', log: new SilentLog(),
    topics: new Topics({ [topic]: { partitions: 4, keep: { days: 1 } } }),
    consumer: { waitMs: 200 },
  });
  closers.push(() => broker.close());
  await broker.ensureTopics();
  return broker;
}

async function consume(broker: KafkaBroker, before?: Handle): Promise<INestMicroservice> {
  class TestModule {}
  Module({ controllers: [recording(group, before, [topic])] })(TestModule);
  const strategy = new EventTransport({ broker, database: service.database, log: new SilentLog(), retry: { firstMs: 10, longestMs: 20 } });
  const app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
  await app.listen();
  closers.push(() => app.close());
  return app;
}

const event = (key: string): EmpEvent => ({ ...accepted(key), topic });
const publish = (broker: KafkaBroker, ...events: EmpEvent[]): Promise<void> => broker.publish(events.map((each) => encodeEvent(each, 'test')));
const seen = async (): Promise<string[]> =>
  (await service.database.query<{ session_id: string }>('SELECT session_id FROM seen WHERE consumer = $1 ORDER BY place', [group])).map((row) => row.session_id);
const behind = async (broker: KafkaBroker): Promise<number> =>
  (await broker.lag()).filter((each) => each.group === group).reduce((sum, each) => sum + each.behind, 0);

describe('consuming from Kafka', () => {
  it('gives up the event that fails, with its headers and its place, and goes on with the others', async () => {
    const broker = await openBroker();
    const bad = { ...event('bad'), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    await publish(broker, event('a'), bad, event('b'), event('bad'));
    const places: string[] = [];
    for await (const each of broker.read(topic)) if (each.headers['ce_id'] === bad.id) places.push(`${each.partition}/${each.position}`);
    await consume(broker, ([each]) => (each?.id === bad.id ? Promise.reject(new EmpError('cdr-nonsense', 'no retry will help', { retry: 'useless' })) : Promise.resolve()));
    await eventually(async () => (await seen()).length === 3 && (await behind(broker)) === 0, WITHIN);
    expect((await seen()).sort()).toEqual(['a', 'b', 'bad']);
    const letters = await listDeadLetters(broker, topic);
    expect(letters).toMatchObject([{ group, topic, reason: 'cdr-nonsense', attempts: 1, eventId: bad.id, key: 'bad', headers: encodeEvent(bad, 'test').headers }]);
    expect(letters.map(({ partition, position }) => `${partition}/${position}`)).toEqual(places);
  });

  it('gives up what a stranger wrote and PostgreSQL cannot keep, once, and goes on', async () => {
    const broker = await openBroker();
    const client = new KafkaClient({ brokers: (await testKafka()).split(','), clientId: 'stranger', log: new SilentLog() }, 'brisk');
    const stranger = client.kafka.producer();
    closers.push(async () => { await stranger.disconnect(); client.close(); });
    await stranger.connect();
    const headers = (source: string): Record<string, string> => ({ ...encodeEvent(event('x'), source).headers, ce_sequence: '1' });
    await stranger.send({ topic, messages: [
      { partition: 0, key: 'a', value: '\0{}', headers: headers('test') },
      { partition: 1, key: 'b', value: '{}', headers: headers('a\0b') },
      { partition: 2, key: 'c', value: '{}', headers: headers(Array.from({ length: 400 }, () => newId()).join('')) },
      { partition: 3, key: 'd', value: '{}', headers: { ...headers('test'), ce_type: 'a\0b' } },
    ] });
    await consume(broker);
    await eventually(async () => new Set(await seen()).size === 2 && (await behind(broker)) === 0, WITHIN);
    expect((await seen()).sort()).toEqual(['b', 'c']);
    // On a slow machine the stranger's client may write a record twice.
    const places = async (of: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const { key, position, headers } of broker.read(of)) if (key === 'a') found.push(headers['dlq_position'] ?? position);
      return found;
    };
    expect(await places(`${topic}.dlq`)).toEqual(await places(topic));
    expect((await listDeadLetters(broker, topic))[0]).toMatchObject({ key: 'a', reason: 'event-unreadable', payload: '\0{}' });
  });

  it('handles a replayed dead letter once, under its own key', async () => {
    const broker = await openBroker();
    let broken = true;
    await consume(broker, () => (broken ? Promise.reject(new EmpError('cdr-nonsense', 'no', { retry: 'useless' })) : Promise.resolve()));
    await publish(broker, event('bad'));
    await eventually(async () => (await listDeadLetters(broker, topic)).length === 1, WITHIN);
    broken = false;
    await replayDeadLetters(broker, topic);
    await replayDeadLetters(broker, topic);
    await eventually(async () => (await seen()).length > 0 && (await behind(broker)) === 0, WITHIN);
    expect(await seen()).toEqual(['bad']);
    const keys: string[] = [];
    for await (const { key } of broker.read(topic)) keys.push(key);
    expect(keys).toEqual(['bad', 'bad', 'bad']);
  });

  it('takes up a batch in whose middle the consumer was interrupted, and handles each event once', async () => {
    const broker = await openBroker();
    const keys = Array.from({ length: 40 }, (_, index) => `session-${index}`);
    await publish(broker, ...keys.map(event));
    let handled = 0;
    const dying = await openBroker();
    const app = await consume(dying, async () => {
      handled += 1;
      if (handled > 20) throw new EmpError('database-unavailable', 'gone in the middle', { retry: 'helps' });
    });
    await eventually(() => handled > 20, WITHIN);
    await app.close();
    await consume(broker);
    await eventually(async () => (await seen()).length >= 40 && (await behind(broker)) === 0, WITHIN);
    expect((await seen()).sort()).toEqual([...keys].sort());
  });

  it('shares the work with a second member, and takes it over again, each event once and in order', async () => {
    const [one, two] = [await openBroker(), await openBroker()];
    const by = { one: 0, two: 0 };
    await consume(one, async () => { by.one += 1; });
    let round = 0;
    const publishRound = (): Promise<void> => {
      round += 1;
      return publish(one, ...Array.from({ length: 8 }, (_, key) => event(`key-${key}:${String(round).padStart(4, '0')}`)).map((each) => ({ ...each, key: each.key.split(':')[0] ?? '', data: { ...(each.data as object), note: each.key } })));
    };
    await eventually(async () => { await publishRound(); return by.one > 0; }, WITHIN);
    const second = await consume(two, async () => { by.two += 1; });
    await eventually(async () => { await publishRound(); return by.two > 0; }, WITHIN);
    const stolen = by.one;
    await eventually(async () => { await publishRound(); return by.one > stolen; }, WITHIN);
    await second.close();
    await publishRound();
    await eventually(async () => (await seen()).length >= round * 8 && (await behind(one)) === 0, WITHIN);
    expect(await seen()).toHaveLength(round * 8);
  }, 60_000);

  it('finishes what is under way when it closes, and notes it', async () => {
    const broker = await openBroker();
    let begun = false;
    let finish = (): void => undefined;
    const app = await consume(broker, () => {
      begun = true;
      return new Promise((resolve) => { finish = () => resolve(); });
    });
    await publish(broker, event('under way'));
    await eventually(() => begun, WITHIN);
    const closing = app.close();
    finish();
    await closing;
    expect(await seen()).toEqual(['under way']);
    expect(await behind(broker)).toBe(0);
  });
});
