import path from 'node:path';
import { openBroker, type Broker, type Log } from '@emp/messaging';
import { createLog, readKafkaEnvironment } from '@emp/service-kit';
import { announce } from './announce.ts';
import { databaseOf, databaseUrl } from './environments.ts';
import { openKafkaCluster } from './kafka-cluster.ts';
import type { Places } from './places.ts';
import type { StackSecrets } from './secrets.ts';

/** Which event log, and where: a PostgreSQL URL, or Kafka's `host:port,…`. */
export interface BrokerPlace {
  readonly kind: 'postgres' | 'kafka';
  readonly address: string;
  /** Variables that tell how Kafka lets us in. */
  readonly access?: Readonly<Record<string, string>>;
}

/** Sees to it that the event log runs. `release` stops what was started here, and nothing that ran before. */
export async function placeBroker(
  kind: BrokerPlace['kind'], places: Places, secrets: StackSecrets,
): Promise<BrokerPlace & { release(): Promise<void> }> {
  const nothing = (): Promise<void> => Promise.resolve();
  if (kind === 'postgres') return { kind, address: databaseUrl(places, secrets, databaseOf('broker')), release: nothing };
  if (places.KAFKA_BROKERS !== undefined) {
    const place = { kind, address: places.KAFKA_BROKERS, access: places.kafkaAccess };
    await requireKafka(place);
    return { ...place, release: nothing };
  }
  const cluster = await openKafkaCluster({ directory: path.join(places.DATA_DIRECTORY, 'kafka'), firstPort: places.KAFKA_PORT });
  const running = cluster.nodes.filter((id) => cluster.pidOf(id) !== undefined);
  const release = async (): Promise<void> => {
    await Promise.all(cluster.nodes.filter((id) => !running.includes(id)).map((id) => cluster.stop(id)));
  };
  try {
    await announce(`Kafka on port ${places.KAFKA_PORT}`, () => cluster.up(Math.max(1, cluster.nodes.length)));
  } catch (error) {
    await release();
    throw error;
  }
  return { kind, address: cluster.brokers.join(','), release };
}

/** The services would wait for it, patiently and without a word. @throws EmpError `broker-unavailable` */
async function requireKafka(place: BrokerPlace): Promise<void> {
  await announce(`Kafka at ${place.address}`, async () => {
    const broker = await openPlace(place, createLog('local-stack', 'silent'));
    await broker.close();
  });
}

export async function openPlace({ kind, address, access = {} }: BrokerPlace, log: Log): Promise<Broker> {
  return openBroker({ kind, address, clientId: 'local-stack', log, kafka: await readKafkaEnvironment(access) });
}
