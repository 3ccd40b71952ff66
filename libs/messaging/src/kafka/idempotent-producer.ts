import type { Message, Producer } from 'kafkajs';
import { messageOf } from '@emp/kernel';
import type { Log } from '../log.ts';
import type { KafkaClient } from './kafka-client.ts';
import { protocolErrorOf } from './protocol-error.ts';

/** Below the time-out of a request, so that a broker that waits for its replicas still says so. */
const ACKNOWLEDGED_WITHIN_MS = 5_000;

/**
 * Errors after which the broker and this producer do not agree on what comes next in a partition. It is over with the
 * producer; a new one begins anew, and may write the batch a second time, which inboxes know.
 */
const OUT_OF_STEP = new Set([
  'OUT_OF_ORDER_SEQUENCE_NUMBER', 'DUPLICATE_SEQUENCE_NUMBER', 'INVALID_PRODUCER_EPOCH', 'INVALID_PRODUCER_ID_MAPPING', 'UNKNOWN_PRODUCER_ID',
]);

/** kafkajs's producer, connected when first used, replaced when it is beyond repair. */
export class IdempotentProducer {
  readonly #client: KafkaClient;
  readonly #log: Log;
  #connected: Promise<Producer> | undefined;

  constructor(client: KafkaClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  /**
   * Appends records of one partition. Rules 1, 2 and 4 of four are the caller's: one partition per call, one call per
   * partition at a time, and after a rejection the same records again before any others of the partition.
   */
  async send(topic: string, records: readonly Message[]): Promise<void> {
    const connected = (this.#connected ??= this.#connect());
    const producer = await connected;
    try {
      await producer.send({ topic, messages: [...records], acks: -1, timeout: ACKNOWLEDGED_WITHIN_MS });
    } catch (error) {
      if (OUT_OF_STEP.has(protocolErrorOf(error) ?? '') && this.#connected === connected) {
        this.#log.error({ topic, partition: records[0]?.partition, reason: messageOf(error), err: error }, 'Kafka producer out of step, replaced');
        // Not disconnected: other partitions may have a send under way on it. The client's end is its end.
        this.#connected = undefined;
      }
      throw error;
    }
  }

  /** Says good-bye to the brokers, if it ever spoke to them. */
  async disconnect(): Promise<void> {
    const producer = await this.#connected?.catch(() => undefined);
    await producer?.disconnect();
  }

  async #connect(): Promise<Producer> {
    const producer = this.#client.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: () => ({ message }) => message.partition ?? 0,
    });
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      this.#connected = undefined;
      throw error;
    }
  }
}
