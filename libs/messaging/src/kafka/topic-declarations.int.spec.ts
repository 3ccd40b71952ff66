import kafkajs, { type Admin } from 'kafkajs';
import { newId } from '@emp/kernel';
import type { TopicSettings } from '@emp/events';
import { eventually, testKafka } from '@emp/testing';
import { SilentLog } from '../../test/silent-log.ts';
import { Topics } from '../broker/topics.ts';
import { KafkaBroker } from './kafka-broker.ts';

let brokers: string[];
let admin: Admin;
let topic: string;
let log: SilentLog;
const opened: KafkaBroker[] = [];
beforeAll(async () => {
  brokers = (await testKafka()).split(',');
  admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
}, 60_000);
afterAll(() => admin.disconnect());
beforeEach(() => { [topic, log] = [`test.${newId()}.v1`, new SilentLog()]; });
afterEach(async () => { await Promise.all(opened.splice(0).map((broker) => broker.close())); });

async function declare(settings: TopicSettings): Promise<KafkaBroker> {
  const broker = await KafkaBroker.open({ brokers, clientId: 'test', log, topics: new Topics({ [topic]: settings }), consumer: { waitMs: 200 } });
  opened.push(broker);
  await broker.ensureTopics();
  return broker;
}

async function configOf(name: string): Promise<Record<string, string>> {
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }] });
  return Object.fromEntries((resources[0]?.configEntries ?? []).map(({ configName, configValue }) => [configName, configValue]));
}

describe('declared topics', () => {
  it('are kept for so many days, or for the latest of each key; dead letters for ninety days', async () => {
    await declare({ partitions: 2, keep: { days: 30 } });
    expect(await configOf(topic)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': String(30 * 86_400_000), 'message.timestamp.type': 'LogAppendTime' });
    expect(await configOf(`${topic}.dlq`)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': String(90 * 86_400_000) });
    topic = `test.${newId()}.v1`;
    await declare({ partitions: 2, keep: 'latest-per-key' });
    expect(await configOf(topic)).toMatchObject({ 'cleanup.policy': 'compact' });
  });

  it('may be declared by several services at once', async () => {
    await Promise.all([1, 2, 3].map(() => declare({ partitions: 3, keep: { days: 1 } })));
    await declare({ partitions: 3, keep: { days: 1 } });
    expect(log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('are left as an operator keeps them, with a word in the log', async () => {
    await declare({ partitions: 1, keep: { days: 30 } });
    await declare({ partitions: 1, keep: { days: 60 } });
    expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([{
      message: 'topic is kept otherwise than declared',
      fields: { topic, declared: { 'retention.ms': String(60 * 86_400_000) }, found: { 'retention.ms': String(30 * 86_400_000) } },
    }]);
    expect(await configOf(topic)).toMatchObject({ 'retention.ms': String(30 * 86_400_000) });
  });

  it('take events of megabytes, and refuse one that is too large by its name, and no other', async () => {
    const broker = await declare({ partitions: 1, keep: { days: 1 } });
    const event = (key: string, bytes: number): Parameters<typeof broker.publish>[0][number] => ({ topic, key, headers: {}, payload: 'x'.repeat(bytes) });
    await broker.publish([event('small', 10), event('large', 3_000_000), event('small', 10)]);
    await expect(broker.publish([event('too large', 9_000_000)])).rejects.toMatchObject({ slug: 'event-too-large', retry: 'useless' });
    await broker.publish([event('after', 10)]);
    const seen: [string, number][] = [];
    await broker.subscribe({ group: newId(), topics: [topic], onBatch: async ({ events }) => { seen.push(...events.map(({ key, payload }): [string, number] => [key, payload.length])); } });
    await eventually(() => seen.length === 4, { withinMs: 20_000 });
    expect(seen).toEqual([['small', 10], ['large', 3_000_000], ['small', 10], ['after', 10]]);
  });

  it('with fewer brokers than copies wanted are refused with the reason', async () => {
    const broker = await KafkaBroker.open({ brokers, clientId: 'test', log, topics: new Topics({ [topic]: { partitions: 1, keep: { days: 1 } } }), replicationFactor: 9 });
    opened.push(broker);
    await expect(broker.ensureTopics()).rejects.toMatchObject({ slug: 'topics-not-created', message: expect.stringMatching(/9 copies.*[Rr]eplication/) as string });
  });
});
