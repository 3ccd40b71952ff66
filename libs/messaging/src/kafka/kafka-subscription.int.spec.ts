import { newId } from '@emp/kernel';
import { eventually, testKafka } from '@emp/testing';
import { SilentLog } from '../../test/silent-log.ts';
import type { Batch, OutgoingEvent } from '../broker/broker.ts';
import { Topics } from '../broker/topics.ts';
import type { KafkaConsumerSettings } from './group-session.ts';
import { KafkaBroker } from './kafka-broker.ts';

const WITHIN = { withinMs: 20_000 };
const PARTITIONS = 4;

let topic: string;
let brokers: KafkaBroker[] = [];
beforeEach(() => { topic = `test.${newId()}.v1`; });
afterEach(async () => {
  await Promise.all(brokers.map((broker) => broker.close()));
  brokers = [];
}, 60_000);

async function open(consumer: Partial<KafkaConsumerSettings> = {}, log = new SilentLog()): Promise<KafkaBroker> {
  const broker = await KafkaBroker.open({
    brokers: (await testKafka()).split(','), clientId: 'test', log,
    topics: new Topics({ [topic]: { partitions: PARTITIONS, keep: { days: 1 } } }),
    consumer: { waitMs: 200, ...consumer },
  });
  brokers.push(broker);
  await broker.ensureTopics();
  return broker;
}

const event = (key: string): OutgoingEvent => ({ topic, key, headers: {}, payload: key });
/** A key of each partition. */
const spread = (topics = new Topics({ [topic]: { partitions: PARTITIONS, keep: { days: 1 } } })): string[] =>
  Array.from({ length: PARTITIONS }, (_, partition) => Array.from({ length: 1000 }, (_each, index) => `key-${index}`).find((key) => topics.partitionOf(topic, key) === partition) ?? '');

describe('a member of a Kafka group', () => {
  it('goes on with the other partitions while one is held up', async () => {
    const broker = await open({ holdMs: 300 });
    const [stuck = '', ...others] = spread();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    const seen: string[] = [];
    await broker.subscribe({ group: newId(), topics: [topic], onBatch: async ({ events }) => {
      if (events.some(({ key }) => key === stuck)) await held;
      seen.push(...events.map(({ payload }) => payload));
    } });
    await broker.publish([event(stuck)]);
    await eventually(async () => {
      await broker.publish(others.map(event));
      return others.every((key) => seen.filter((each) => each === key).length > 2);
    }, { what: 'progress beside the one that is stuck', ...WITHIN });
    expect(seen).not.toContain(stuck);
    release();
    await eventually(() => seen.includes(stuck), WITHIN);
    await broker.publish([event(stuck)]);
    await eventually(() => seen.filter((each) => each === stuck).length === 2, WITHIN);
  }, 60_000);

  it('keeps its place in the group over a batch that takes longer than its session', async () => {
    const log = new SilentLog();
    const broker = await open({ holdMs: 500, sessionMs: 6_000 }, log);
    const seen: string[] = [];
    let revoked = false;
    const assignments = (): number => log.lines.filter(({ message }) => message === 'partitions assigned').length;
    let before = 0;
    await broker.subscribe({ group: newId(), topics: [topic], onBatch: async (batch) => {
      before ||= assignments();
      if (seen.length === 0) await new Promise((resolve) => { setTimeout(resolve, 9_000); });
      revoked ||= batch.revoked.aborted;
      seen.push(...batch.events.map(({ payload }) => payload));
    } });
    await broker.publish([event('slow')]);
    await eventually(() => seen.length === 1, WITHIN);
    await broker.publish([event('slow')]);
    await eventually(() => seen.length === 2, WITHIN);
    expect(revoked).toBe(false);
    expect(assignments()).toBe(before);
  }, 60_000);

  it('is told when a partition now belongs to another member, who is given the events', async () => {
    const [one, two] = [await open({ holdMs: 300 }), await open()];
    const group = newId();
    const lost: Batch[] = [];
    const over = new AbortController();
    let begun = 0;
    await one.subscribe({ group, topics: [topic], onBatch: async (batch) => {
      begun += 1;
      await new Promise<void>((resolve) => { AbortSignal.any([batch.revoked, over.signal]).addEventListener('abort', () => resolve()); });
      if (batch.revoked.aborted) lost.push(batch);
    } });
    await one.publish(spread().map(event));
    await eventually(() => begun === PARTITIONS, WITHIN);
    const taken: Batch[] = [];
    await two.subscribe({ group, topics: [topic], onBatch: async (batch) => { taken.push(batch); } });
    await eventually(() => lost.length > 0 && taken.length > 0, WITHIN);
    const places = (batches: readonly Batch[]): string[] => batches.flatMap(({ partition, events }) => events.map(({ position }) => `${partition}/${position}`));
    await eventually(() => places(lost).every((place) => places(taken).includes(place)), WITHIN);
    over.abort();
    expect(lost.length).toBeLessThan(PARTITIONS);
  }, 60_000);

  it('survives whatever a handler throws, programming errors included', async () => {
    const broker = await open();
    const errors = [new TypeError('a bug'), new RangeError('another'), null, 'text'];
    const seen: string[] = [];
    await broker.subscribe({ group: newId(), topics: [topic], onBatch: ({ events }) => {
      const error = errors.shift();
      // What is thrown here is no Error on purpose, and not by a promise.
       
      if (error !== undefined) throw error;
      seen.push(...events.map(({ payload }) => payload));
      return Promise.resolve();
    } });
    await broker.publish([event('k')]);
    await eventually(() => seen.length === 1, WITHIN);
    expect(errors).toEqual([]);
  }, 60_000);

  it('joins at once when it is stopped before it has begun', async () => {
    const broker = await open();
    const subscription = await broker.subscribe({ group: newId(), topics: [topic], onBatch: () => Promise.resolve() });
    const begun = Date.now();
    await subscription.stop();
    expect(Date.now() - begun).toBeLessThan(4_000);
  });
});
