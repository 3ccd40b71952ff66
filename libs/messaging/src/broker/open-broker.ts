import { assertNever } from '@emp/kernel';
import { TOPICS, type TopicSettings } from '@emp/events';
import { KafkaBroker } from '../kafka/kafka-broker.ts';
import type { KafkaSasl, KafkaTls } from '../kafka/kafka-client.ts';
import type { Log } from '../log.ts';
import { PostgresBroker } from '../postgres/postgres-broker.ts';
import type { Broker } from './broker.ts';
import { Topics } from './topics.ts';

export interface BrokerOptions {
  readonly kind: 'postgres' | 'kafka';
  /** The URL of the log's PostgreSQL database, or Kafka's `host:port,host:port`. */
  readonly address: string;
  /** Who we are, as the broker's operator sees it. */
  readonly clientId: string;
  readonly log: Log;
  /** The topics of the event catalogue, if not given. */
  readonly topics?: Readonly<Record<string, TopicSettings>>;
  readonly kafka?: KafkaSettings;
}

export interface KafkaSettings {
  readonly tls?: KafkaTls;
  readonly sasl?: KafkaSasl;
  /** Copies of each partition of a topic that is created. Three, or as many as there are brokers, if not given. */
  readonly replicationFactor?: number;
}

/** Connects to the event log. Throws `database-unavailable` or `broker-unavailable` if it is away. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const topics = new Topics(options.topics ?? TOPICS);
  switch (options.kind) {
    case 'postgres':
      return PostgresBroker.open({ url: options.address, clientId: options.clientId, log: options.log, topics });
    case 'kafka':
      return KafkaBroker.open({ ...options.kafka, brokers: options.address.split(','), clientId: options.clientId, log: options.log, topics });
    default:
      return assertNever(options.kind, 'broker');
  }
}
