import type { Message } from 'kafkajs';
import { SilentLog } from '../../test/silent-log.ts';
import type { OutgoingEvent } from '../broker/broker.ts';
import { Topics } from '../broker/topics.ts';
import { KafkaPublisher } from './kafka-publisher.ts';

const TOPICS = new Topics({ t: { partitions: 4, keep: { days: 1 } } });
const event = (key: string, payload = key): OutgoingEvent => ({ topic: 't', key, headers: { ce_id: payload }, payload });
/** A key of the given partition. */
const keyOf = (partition: number): string => Array.from({ length: 1000 }, (_, index) => `key-${index}`).find((key) => TOPICS.partitionOf('t', key) === partition) ?? '';

/** A log of four partitions; some of them hang until they are mended. */
class FakeKafka {
  readonly log: { readonly partition: number; readonly value: string }[] = [];
  readonly #hanging = new Map<number, () => void>();
  readonly #mended = new Map<number, Promise<void>>();

  hang(partition: number): void {
    this.#mended.set(partition, new Promise((resolve) => { this.#hanging.set(partition, resolve); }));
  }

  mend(partition: number): void {
    this.#hanging.get(partition)?.();
  }

  async send(_topic: string, records: readonly Message[]): Promise<void> {
    const partitions = new Set(records.map(({ partition }) => partition));
    expect(partitions.size).toBe(1);
    const [partition = 0] = partitions;
    await this.#mended.get(partition);
    this.log.push(...records.map(({ value }) => ({ partition, value: String(value) })));
  }
}

describe('publishing to Kafka', () => {
  let kafka: FakeKafka;
  let publisher: KafkaPublisher;
  beforeEach(() => {
    kafka = new FakeKafka();
    publisher = new KafkaPublisher({ topics: TOPICS, producers: [kafka, kafka], log: new SilentLog(), patienceMs: 20 });
  });

  it('puts each event into the partition of its key, in order', async () => {
    const events = Array.from({ length: 40 }, (_, index) => event(`key-${index % 7}`, String(index)));
    await publisher.publish(events);
    for (let partition = 0; partition < 4; partition += 1) {
      const expected = events.filter(({ key }) => TOPICS.partitionOf('t', key) === partition).map(({ payload }) => payload);
      expect(kafka.log.filter((each) => each.partition === partition).map(({ value }) => value)).toEqual(expected);
    }
  });

  it('writes nothing twice when the same is published again after a rejection', async () => {
    kafka.hang(1);
    const [slow, quick] = [event(keyOf(1), 'slow'), event(keyOf(2), 'quick')];
    await expect(publisher.publish([slow, quick])).rejects.toMatchObject({ slug: 'broker-unavailable', retry: 'helps' });
    await expect(publisher.publish([slow, quick])).rejects.toMatchObject({ slug: 'broker-unavailable' });
    const later = event(keyOf(1), 'later');
    const again = publisher.publish([slow, quick, later]);
    kafka.mend(1);
    await again;
    expect(kafka.log.map(({ value }) => value)).toEqual(['quick', 'slow', 'later']);
  });

  it('writes twice what is published twice', async () => {
    await publisher.publish([event('k'), event('k')]);
    await publisher.publish([event('k')]);
    expect(kafka.log).toHaveLength(3);
  });

  it('refuses a topic nobody declared before it writes anything', async () => {
    await expect(publisher.publish([event('k'), { ...event('k'), topic: 'unknown' }])).rejects.toMatchObject({ slug: 'topic-unknown' });
    expect(kafka.log).toEqual([]);
  });
});
