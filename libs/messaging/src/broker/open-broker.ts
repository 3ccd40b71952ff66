import { assertNever, EmpError } from '@emp/kernel';
import { TOPICS, type TopicSettings } from '@emp/events';
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
}

/** Connects to the event log. Throws `database-unavailable` if it is away. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const topics = new Topics(options.topics ?? TOPICS);
  switch (options.kind) {
    case 'postgres':
      return PostgresBroker.open({ url: options.address, clientId: options.clientId, log: options.log, topics });
    case 'kafka':
      throw new EmpError('broker-not-supported', 'BROKER=kafka is not built yet: use BROKER=postgres', { retry: 'useless' });
    default:
      return assertNever(options.kind, 'broker');
  }
}
