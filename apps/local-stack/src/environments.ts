import path from 'node:path';
import type { BrokerPlace } from './broker-place.ts';
import type { Places } from './places.ts';
import type { StackSecrets } from './secrets.ts';

export const SERVICES = ['authorization-gateway', 'cdr-ingest', 'poi-sync', 'billing'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The online and the offline provider of the demonstration. */
export const ONLINE_PROVIDER = 'DE-EMP';
export const OFFLINE_PROVIDER = 'DE-OFL';

type Environment = Readonly<Record<string, string>>;

/** Database and role of a service: the same name. */
export const databaseOf = (service: ServiceName | 'broker'): string => `emp_${service.replaceAll('-', '_')}`;

/** `name` is role and database. */
export const databaseUrl = (places: Places, secrets: StackSecrets, name: string): string =>
  `postgresql://${name}:${secrets.databasePassword}@127.0.0.1:${places.POSTGRES_PORT}/${name}`;

/** What each service is told, exactly as it would be by a deployment: there is no other way in. */
export function environmentsOf(
  places: Places, secrets: StackSecrets, broker: BrokerPlace,
): Readonly<Record<ServiceName | 'hbs-simulator', Environment>> {
  const url = (name: string): string => databaseUrl(places, secrets, name);
  const logFile = (name: string): string => path.join(places.DATA_DIRECTORY, 'logs', `${name}.log`);
  const common = (service: ServiceName, port: number): Environment => ({
    PORT: String(port),
    LOG_LEVEL: places.LOG_LEVEL,
    LOG_FILE: logFile(service),
    DATABASE_URL: url(databaseOf(service)),
    BROKER: broker.kind,
    [broker.kind === 'kafka' ? 'KAFKA_BROKERS' : 'BROKER_URL']: broker.address,
    ...broker.access,
    HBS_URL: `http://127.0.0.1:${places.SIMULATOR_PORT}/api/oicp`,
    PROVIDERS: `${ONLINE_PROVIDER}:online,${OFFLINE_PROVIDER}:offline`,
    VAULT_KEYS: secrets.vaultKeys,
    VAULT_PEPPER: secrets.vaultPepper,
  });
  return {
    'authorization-gateway': { ...common('authorization-gateway', places.GATEWAY_PORT), DOOR_PORT: String(places.DOOR_PORT) },
    'cdr-ingest': { ...common('cdr-ingest', places.CDR_INGEST_PORT), RECONCILE_EVERY_SECONDS: '15' },
    'poi-sync': common('poi-sync', places.POI_SYNC_PORT),
    billing: common('billing', places.BILLING_PORT),
    'hbs-simulator': {
      PORT: String(places.SIMULATOR_PORT),
      LOG_LEVEL: places.LOG_LEVEL,
      LOG_FILE: logFile('hbs-simulator'),
      DATA_DIRECTORY: path.join(places.DATA_DIRECTORY, 'simulator'),
      EMP_URL: `http://127.0.0.1:${places.DOOR_PORT}`,
      GENERATED_EVSES: String(places.GENERATED_EVSES),
      SEED: places.SEED,
      SPEED: String(places.SPEED),
      SESSION_SECONDS: String(places.SESSION_SECONDS),
      TAPS_PER_SECOND: '0',
    },
  };
}
