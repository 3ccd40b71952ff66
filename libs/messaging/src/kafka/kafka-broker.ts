import type { Admin } from 'kafkajs';
import { EmpError, messageOf } from '@emp/kernel';
import type { Broker, DeliveredEvent, Follow, GroupLag, OutgoingEvent, Subscription, SubscriptionRequest } from '../broker/broker.ts';
import type { GroupMove } from '../broker/move-group.ts';
import type { Topics } from '../broker/topics.ts';
import { AppendTimes } from './append-times.ts';
import { groupLag } from './group-lag.ts';
import type { KafkaConsumerSettings } from './group-session.ts';
import { within } from './hold-batch.ts';
import { IdempotentProducer } from './idempotent-producer.ts';
import { KafkaClient, type KafkaConnection } from './kafka-client.ts';
import { KafkaPublisher } from './kafka-publisher.ts';
import { KafkaSubscription } from './kafka-subscription.ts';
import { moveGroup } from './move-group.ts';
import { declareTopics } from './topic-declarations.ts';
import { readTopic } from './topic-reader.ts';

export interface KafkaBrokerOptions extends KafkaConnection {
  readonly topics: Topics;
  /** Copies of each partition of a topic that is created. Three, or as many as there are brokers, if not given. */
  readonly replicationFactor?: number;
  /** How long `publish` waits before it rejects. Default 15 s. */
  readonly publishPatienceMs?: number;
  readonly consumer?: Partial<KafkaConsumerSettings>;
}

const CONSUMER: KafkaConsumerSettings = { batchSize: 500, sessionMs: 6_000, waitMs: 1_000, holdMs: 2_000 };
const PUBLISH_PATIENCE_MS = 15_000;
/** kafkajs lets an idempotent producer send one request at a time to each broker: several write twice as fast. */
const PRODUCERS = 4;
const FAREWELL_MS = 2_000;

/** The event log in Apache Kafka. */
export class KafkaBroker implements Broker {
  readonly kind = 'kafka';
  readonly #options: KafkaBrokerOptions;
  readonly #questions: KafkaClient;
  readonly #admin: Admin;
  readonly #times: AppendTimes;
  readonly #writing: KafkaClient;
  readonly #producers: readonly IdempotentProducer[];
  readonly #publisher: KafkaPublisher;
  readonly #subscriptions = new Set<KafkaSubscription>();

  private constructor(options: KafkaBrokerOptions) {
    const { topics, log, publishPatienceMs = PUBLISH_PATIENCE_MS } = options;
    this.#options = options;
    this.#questions = new KafkaClient(options, 'brisk');
    this.#admin = this.#questions.kafka.admin();
    this.#times = new AppendTimes(this.#admin);
    this.#writing = new KafkaClient(options, 'patient');
    this.#producers = Array.from({ length: PRODUCERS }, () => new IdempotentProducer(this.#writing, log));
    this.#publisher = new KafkaPublisher({ topics, log, producers: this.#producers, patienceMs: publishPatienceMs });
  }

  /** Throws `broker-unavailable` if no broker answers. */
  static async open(options: KafkaBrokerOptions): Promise<KafkaBroker> {
    const broker = new KafkaBroker(options);
    try {
      await broker.#admin.connect();
      return broker;
    } catch (error) {
      await broker.close();
      throw new EmpError('broker-unavailable', `Kafka does not let us in at ${options.brokers.join(', ')}: ${messageOf(error)}`, { retry: 'helps', cause: error });
    }
  }

  async ensureTopics(): Promise<void> {
    const { topics, log, replicationFactor } = this.#options;
    await declareTopics({ admin: this.#admin, topics, log, ...(replicationFactor === undefined ? {} : { replicationFactor }) });
  }

  async publish(events: readonly OutgoingEvent[]): Promise<void> {
    if (events.length > 0) await this.#publisher.publish(events);
  }

  subscribe(request: SubscriptionRequest): Promise<Subscription> {
    const { topics, log } = this.#options;
    const subscription = new KafkaSubscription({
      connect: () => new KafkaClient(this.#options, 'patient'),
      request,
      partitions: request.topics.reduce((sum, topic) => sum + topics.settings(topic).partitions, 0),
      settings: { ...CONSUMER, ...this.#options.consumer },
      log,
    });
    this.#subscriptions.add(subscription);
    subscription.start();
    return Promise.resolve({
      stop: async () => {
        this.#subscriptions.delete(subscription);
        await subscription.stop();
      },
    });
  }

  read(topic: string, follow?: Follow): AsyncIterable<DeliveredEvent> {
    this.#options.topics.settings(topic);
    return readTopic(new KafkaClient(this.#options, 'brisk'), this.#admin, { topic, follow });
  }

  async lag(): Promise<GroupLag[]> {
    return groupLag(this.#admin, this.#options.topics, this.#times);
  }

  async moveGroup(move: GroupMove): Promise<void> {
    await moveGroup(this.#admin, move);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    this.#publisher.close();
    // For good manners only: what they do not achieve in time is cut.
    await within(FAREWELL_MS, Promise.all([...this.#producers.map((producer) => producer.disconnect()), this.#admin.disconnect()])).catch(() => undefined);
    this.#writing.close();
    this.#questions.close();
  }
}
