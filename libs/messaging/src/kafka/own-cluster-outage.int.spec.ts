import { newId } from '@emp/kernel';
import { eventually } from '@emp/testing';
import { SilentLog } from '../../test/silent-log.ts';
import { LocalKafka } from '../bench/local-kafka.ts';
import type { OutgoingEvent } from '../broker/broker.ts';
import { Topics } from '../broker/topics.ts';
import { KafkaBroker } from './kafka-broker.ts';

const WITHIN = { withinMs: 40_000 };

describe('a Kafka that goes away', () => {
  let kafka: LocalKafka;
  beforeAll(async () => { kafka = await LocalKafka.start(1); }, 60_000);
  afterAll(() => kafka.stop(), 30_000);

  const topic = `test.${newId()}.v1`;
  const log = new SilentLog();
  let brokers: KafkaBroker[] = [];
  afterEach(async () => {
    await Promise.all(brokers.map((broker) => broker.close()));
    brokers = [];
  }, 30_000);
  const open = async (): Promise<KafkaBroker> => {
    const broker = await KafkaBroker.open({
      brokers: kafka.brokers, clientId: 'test', log, topics: new Topics({ [topic]: { partitions: 3, keep: { days: 1 } } }), publishPatienceMs: 1_000, consumer: { waitMs: 200 },
    });
    brokers.push(broker);
    return broker;
  };
  /** As the relay does it: again and again. */
  const publish = (broker: KafkaBroker, what: readonly OutgoingEvent[]): Promise<unknown> => eventually(() => broker.publish(what).then(() => true, () => false), WITHIN);
  const events = (from: number, to: number): OutgoingEvent[] =>
    Array.from({ length: to - from }, (_, index) => ({ topic, key: 'one key', headers: { ce_id: String(from + index) }, payload: String(from + index) }));

  it('is told to those who publish, gets everything once when it is back, and its consumers join again', async () => {
    const broker = await open();
    await broker.ensureTopics();
    const seen: number[] = [];
    await broker.subscribe({ group: newId(), topics: [topic], onBatch: async (batch) => { seen.push(...batch.events.map(({ payload }) => Number(payload))); } });
    await publish(broker, events(0, 10));
    await eventually(() => seen.length === 10, WITHIN);

    await kafka.kill(1);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await expect(broker.publish(events(10, 20))).rejects.toMatchObject({ slug: 'broker-unavailable', retry: 'helps' });
    }
    await kafka.restart(1);
    await publish(broker, events(10, 20));
    await publish(broker, events(20, 30));
    await eventually(() => seen.includes(29), WITHIN);
    const written: number[] = [];
    for await (const { payload } of broker.read(topic)) written.push(Number(payload));
    expect(written).toEqual(Array.from({ length: 30 }, (_, index) => index));
    expect([...new Set(seen)]).toEqual(written);
  }, 120_000);

  it('does not keep those who want to close', async () => {
    const broker = await open();
    await broker.subscribe({ group: newId(), topics: [topic], onBatch: () => Promise.resolve() });
    await publish(broker, events(30, 31));
    await kafka.kill(1);
    const publishing = broker.publish(events(31, 40));
    publishing.catch(() => undefined);
    const begun = Date.now();
    await broker.close();
    expect(Date.now() - begun).toBeLessThan(9_000);
    await expect(publishing).rejects.toMatchObject({ retry: 'helps' });
    await expect(open()).rejects.toMatchObject({ slug: 'broker-unavailable' });
  }, 60_000);
});
