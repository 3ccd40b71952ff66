import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { KAFKA_ACCESS_VARIABLES, readConfig } from '@emp/service-kit';
import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);

const placesSchema = z.object({
  DATA_DIRECTORY: z.string().default('.data'),
  POSTGRES_PORT: port(54_329),
  DOOR_PORT: port(8080),
  GATEWAY_PORT: port(8081),
  CDR_INGEST_PORT: port(8082),
  POI_SYNC_PORT: port(8083),
  BILLING_PORT: port(8084),
  SIMULATOR_PORT: port(8090),
  KAFKA_PORT: port(9092),
  KAFKA_BROKERS: z.string().regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'host:port[,host:port] is wanted').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  TAPS_PER_SECOND: z.coerce.number().min(0).max(200).default(2),
  GENERATED_EVSES: z.coerce.number().int().min(1).max(1_000_000).default(3000),
  SPEED: z.coerce.number().min(1).max(10_000).default(60),
  SESSION_SECONDS: z.coerce.number().min(1).max(86_400).default(20),
  SEED: z.string().default('1'),
});

/** Where the stack keeps its data and listens: the variables of `.env.example`. */
export type Places = z.infer<typeof placesSchema> & {
  /** How the cluster in KAFKA_BROKERS lets in whoever comes: the KAFKA_TLS…, KAFKA_SASL… variables of the services. */
  readonly kafkaAccess: Readonly<Record<string, string>>;
};

export const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

export function readPlaces(env: Readonly<Record<string, string | undefined>>): Places {
  const places = readConfig(placesSchema, env);
  const kafkaAccess = Object.fromEntries(KAFKA_ACCESS_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  return { ...places, kafkaAccess, DATA_DIRECTORY: path.resolve(projectRoot, places.DATA_DIRECTORY) };
}

/** Each listener and the variable that moves it. */
export const portsOf = (places: Places): readonly (readonly [variable: string, port: number, what: string])[] => [
  ['DOOR_PORT', places.DOOR_PORT, "the gateway's door for HBS"],
  ['GATEWAY_PORT', places.GATEWAY_PORT, "the gateway's internal API"],
  ['CDR_INGEST_PORT', places.CDR_INGEST_PORT, 'cdr-ingest'],
  ['POI_SYNC_PORT', places.POI_SYNC_PORT, 'poi-sync'],
  ['BILLING_PORT', places.BILLING_PORT, 'billing'],
  ['SIMULATOR_PORT', places.SIMULATOR_PORT, 'the HBS simulator'],
];
