import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '@emp/database';
import {
  databaseOf,
  databaseUrl,
  environmentsOf,
  loadNetwork,
  noteBroker,
  openSecrets,
  readPlaces,
  seedProvider,
  SERVICES,
  type BrokerPlace,
  type Launchable,
  type Places,
  type ServiceName,
  type Stack,
} from '@emp/local-stack';
import { openBroker, type Broker } from '@emp/messaging';
import { createLog } from '@emp/service-kit';
import { createServiceDatabase, isPortFree } from '@emp/testing';
import { openGuard } from './guard.ts';
import { ChaosKafka } from './kafka.ts';
import { ChaosPostgres } from './postgres.ts';
import { Supervised } from './supervised.ts';

export interface ChaosStackOptions {
  readonly broker: 'postgres' | 'kafka';
  readonly kafkaNodes: number;
  readonly seed: string;
  readonly directory: string;
  /** Where cdr-ingest pulls records from. */
  readonly recordsUrl: string;
}

/** The real services as processes of their own, with handles to hurt them. */
export interface ChaosStack {
  readonly door: string;
  readonly addresses: Pick<Stack, 'gateway' | 'cdrIngest' | 'poiSync' | 'billing' | 'simulator'>;
  readonly services: ReadonlyMap<Launchable, Supervised>;
  readonly postgres: ChaosPostgres;
  readonly kafka: ChaosKafka | undefined;
  /** A connection pool of the service's own database. */
  database(service: ServiceName): Database;
  broker(): Promise<Broker>;
  stop(): Promise<void>;
}

const FURNISHED_WITHIN_MS = 120_000;
const PORTS = [
  'POSTGRES_PORT',
  'DOOR_PORT',
  'GATEWAY_PORT',
  'CDR_INGEST_PORT',
  'POI_SYNC_PORT',
  'BILLING_PORT',
  'SIMULATOR_PORT',
] as const;

/** Starts everything, and gives it what a provider has before the first driver comes. Stops it again if that fails. */
export async function startChaosStack(options: ChaosStackOptions): Promise<ChaosStack> {
  const guard = openGuard();
  const closers: (() => Promise<unknown> | void)[] = [() => guard.close()];
  const stop = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const places = await freePlaces(options);
    const secrets = openSecrets(options.directory);
    const postgres = new ChaosPostgres(
      { dataDirectory: path.join(options.directory, 'postgres'), port: places.POSTGRES_PORT },
      guard,
    );
    closers.push(() => postgres.stop());
    await postgres.start();
    for (const service of [...SERVICES, 'broker'] as const) {
      const name = databaseOf(service);
      await createServiceDatabase(postgres.adminUrl, {
        database: name,
        role: name,
        password: secrets.databasePassword,
      });
    }
    const kafka =
      options.broker === 'kafka'
        ? await ChaosKafka.start(
            { directory: options.directory, firstPort: places.KAFKA_PORT, nodes: options.kafkaNodes },
            guard,
          )
        : undefined;
    if (kafka) closers.push(() => kafka.stop());
    const brokerPlace: BrokerPlace = kafka
      ? { kind: 'kafka', address: kafka.address }
      : { kind: 'postgres', address: databaseUrl(places, secrets, databaseOf('broker')) };
    noteBroker(options.directory, brokerPlace);

    const environments = environmentsOf(places, secrets, brokerPlace);
    const more: Partial<Record<Launchable, Readonly<Record<string, string>>>> = {
      'cdr-ingest': { HBS_URL: options.recordsUrl, RECONCILE_EVERY_SECONDS: '5' },
      billing: { RATE_WAITING_EVERY_S: '5' },
    };
    const services = new Map<Launchable, Supervised>();
    for (const name of [...SERVICES, 'hbs-simulator'] as const) {
      const service = new Supervised(name, { ...environments[name], ...more[name] }, guard);
      services.set(name, service);
      closers.push(() => service.stop());
      service.start();
    }
    await Promise.all([...services.values()].map((service) => service.serves()));

    const databases = new Map<ServiceName, Database>();
    closers.push(() => Promise.all([...databases.values()].map((database) => database.close())));
    const at = (port: number): string => `http://127.0.0.1:${port}`;
    const stack: ChaosStack = {
      door: at(places.DOOR_PORT),
      addresses: {
        gateway: at(places.GATEWAY_PORT),
        cdrIngest: at(places.CDR_INGEST_PORT),
        poiSync: at(places.POI_SYNC_PORT),
        billing: at(places.BILLING_PORT),
        simulator: at(places.SIMULATOR_PORT),
      },
      services,
      postgres,
      kafka,
      stop,
      database: (service) => {
        const known = databases.get(service);
        if (known) return known;
        const url = databaseUrl(places, secrets, databaseOf(service));
        const database = new Database({ url, applicationName: 'chaos', maxConnections: 4 });
        databases.set(service, database);
        return database;
      },
      broker: () => openBroker({ ...brokerPlace, clientId: 'chaos', log: createLog('chaos', 'silent') }),
    };
    await furnish(stack, places);
    return stack;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Network, tariff, contracts, cards; and waits until every service has heard of them. */
async function furnish(stack: ChaosStack, places: Places): Promise<void> {
  const whole: Stack = {
    ...stack.addresses,
    door: stack.door,
    eventLag: () => Promise.resolve(0),
    stop: () => Promise.resolve(),
  };
  await loadNetwork(whole, {
    mode: 'live',
    output: 'text',
    composition: 'processes',
    broker: 'postgres',
    feed: undefined,
    statusFeed: undefined,
    forSeconds: undefined,
  });
  await seedProvider(whole, places);
  const broker = await stack.broker();
  try {
    const deadline = performance.now() + FURNISHED_WITHIN_MS;
    for (let quiet = 0; quiet < 3;) {
      if (performance.now() > deadline) throw new Error(`services have not heard of the network within ${FURNISHED_WITHIN_MS / 1000} s`);
      const behind = (await broker.lag()).reduce((sum, group) => sum + group.behind, 0);
      quiet = behind === 0 ? quiet + 1 : 0;
      await pause(300);
    }
  } finally {
    await broker.close();
  }
}

/** Ports in a row that nobody listens on, below those that outgoing connections take. */
async function freePlaces({ directory, seed, kafkaNodes }: ChaosStackOptions): Promise<Places> {
  const count = PORTS.length + 2 * kafkaNodes;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const first = 21_000 + 20 * Math.floor(Math.random() * 500);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isPortFree(first + index)));
    if (!free.every(Boolean)) continue;
    const ports = Object.fromEntries(PORTS.map((name, index) => [name, String(first + index)]));
    return readPlaces({
      ...ports,
      KAFKA_PORT: String(first + PORTS.length),
      DATA_DIRECTORY: directory,
      SEED: seed,
      GENERATED_EVSES: '60',
      LOG_LEVEL: 'warn',
    });
  }
  throw new Error(`no ${count} free ports in a row between 21000 and 31000`);
}
