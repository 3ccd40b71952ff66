import { messageOf } from '@emp/kernel';
import { backOffMs, pause } from '../back-off.ts';
import type { Subscription, SubscriptionRequest } from '../broker/broker.ts';
import type { Log } from '../log.ts';
import { Deliveries } from './deliveries.ts';
import { GroupSession, type KafkaConsumerSettings } from './group-session.ts';
import type { KafkaClient } from './kafka-client.ts';

export interface KafkaSubscriptionParts {
  readonly connect: () => KafkaClient;
  readonly request: SubscriptionRequest;
  readonly partitions: number;
  readonly settings: KafkaConsumerSettings;
  readonly log: Log;
}

const REJOIN = { firstMs: 100, longestMs: 5_000 };
const CALM_MS = 60_000;

/** One member of a consumer group, for as long as it is wanted: joins again whenever it fell out. */
export class KafkaSubscription implements Subscription {
  readonly #parts: KafkaSubscriptionParts;
  readonly #stopping = new AbortController();
  readonly #deliveries: Deliveries;
  #session: GroupSession | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: KafkaSubscriptionParts) {
    this.#parts = parts;
    const { request, settings, log } = parts;
    this.#deliveries = new Deliveries({ request, batchSize: settings.batchSize, log, stopping: this.#stopping.signal });
  }

  /** Does not wait for the group: events wait in the log. */
  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#deliveries.idle();
    await this.#session?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { connect, log, request, partitions, settings } = this.#parts;
    const stopping = this.#stopping.signal;
    let failures = 0;
    while (!stopping.aborted) {
      const begun = Date.now();
      this.#session = new GroupSession({ client: connect(), request, partitions, settings, log, stopping, deliveries: this.#deliveries });
      const reason = await this.#session.run();
      this.#deliveries.revokeAll('the session with the group is over');
      if (stopping.aborted) return;
      await this.#session.close();
      failures = Date.now() - begun > CALM_MS ? 1 : failures + 1;
      log.warn({ group: request.group, reason: messageOf(reason), err: reason }, 'consumer fell out of its group, joining again');
      await pause(backOffMs(REJOIN, failures), stopping);
    }
  }
}
