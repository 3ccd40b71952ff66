import type { Message } from 'kafkajs';
import { EmpError } from '@emp/kernel';
import type { OutgoingEvent } from '../broker/broker.ts';
import type { Topics } from '../broker/topics.ts';
import type { Log } from '../log.ts';
import { PartitionWriter } from './partition-writer.ts';
import { toRecord } from './record.ts';
import { Unconfirmed } from './unconfirmed.ts';

export interface KafkaPublisherParts {
  readonly topics: Topics;
  /** A partition keeps to one of them. */
  readonly producers: readonly RecordSender[];
  readonly log: Log;
  /** How long a caller waits for the broker before it hears of the trouble. The sending goes on meanwhile. */
  readonly patienceMs: number;
}

export interface RecordSender {
  send(topic: string, records: readonly Message[]): Promise<void>;
}

/** Publishes events, each to the partition of its key, the partitions side by side. */
export class KafkaPublisher {
  readonly #parts: KafkaPublisherParts;
  readonly #writers = new Map<string, PartitionWriter>();
  readonly #unconfirmed = new Unconfirmed();
  readonly #closing = new AbortController();

  constructor(parts: KafkaPublisherParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when all events are durable. After a rejection the caller publishes all of them again: what became durable
   * meanwhile, or is still being sent, is not sent a second time.
   */
  async publish(events: readonly OutgoingEvent[]): Promise<void> {
    const partitions = events.map(({ topic, key }) => this.#parts.topics.partitionOf(topic, key));
    const underWay: { event: OutgoingEvent; durable: Promise<void> }[] = [];
    const batches = new Map<PartitionWriter, { event: OutgoingEvent; record: Message }[]>();
    events.forEach((event, index) => {
      const partition = partitions[index] ?? 0;
      const durable = this.#unconfirmed.take(event);
      if (durable) underWay.push({ event, durable });
      else append(batches, this.#writerOf(event.topic, partition), { event, record: toRecord(event, partition) });
    });
    for (const [writer, batch] of batches) {
      const durable = writer.write(batch.map(({ record }) => record));
      for (const { event } of batch) underWay.push({ event, durable });
    }
    try {
      await this.#patiently(Promise.all(new Set(underWay.map(({ durable }) => durable))), events.length);
    } catch (error) {
      this.#unconfirmed.keep(underWay);
      throw error;
    }
  }

  /** Rejects those who still wait. */
  close(): void {
    this.#closing.abort(new EmpError('broker-closed', 'the connection to Kafka was closed before it had acknowledged everything', { retry: 'helps' }));
  }

  #writerOf(topic: string, partition: number): PartitionWriter {
    const name = `${topic}/${partition}`;
    const known = this.#writers.get(name);
    if (known) return known;
    const { producers, log } = this.#parts;
    const producer = producers[this.#writers.size % producers.length];
    if (!producer) throw new RangeError('no producer');
    const writer = new PartitionWriter({ topic, partition, producer, log, closing: this.#closing.signal });
    this.#writers.set(name, writer);
    return writer;
  }

  async #patiently(durable: Promise<unknown>, events: number): Promise<void> {
    const { patienceMs } = this.#parts;
    let timer: NodeJS.Timeout | undefined;
    const impatience = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new EmpError('broker-unavailable', `Kafka has not acknowledged ${events} events within ${patienceMs} ms: is it running, are enough replicas in sync?`, { retry: 'helps' })), patienceMs);
    });
    try {
      await Promise.race([durable, impatience]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
