import path from 'node:path';
import { openBroker, type Broker, type BrokerOptions, type Log } from '@emp/messaging';
import type { Io } from '../command-line/io.ts';
import { NotPossible, WrongUse } from '../command-line/wrong-use.ts';

export type LogAddress = Pick<BrokerOptions, 'kind' | 'address'> & { readonly from: string };

const LOCAL_PORT = '54329';
const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Opens the event log that the environment names, and closes it after `work`. */
export async function withLog<T>(io: Io, work: (broker: Broker) => Promise<T>): Promise<T> {
  const { kind, address, from } = await logAddress(io);
  // Only Kafka needs the services' way of logging in, and that costs a second to load.
  const kafka = kind === 'kafka' ? await (await import('@emp/service-kit')).readKafkaEnvironment(io.env) : {};
  const broker = await openBroker({ kind, address, clientId: 'emp command line', log: quiet, kafka }).catch(
    (error: unknown) => {
      throw new NotPossible(
        `the event log does not answer (${kind}, from ${from}): ${reason(error)}`,
        kind === 'kafka'
          ? 'is it running, and do KAFKA_TLS… and KAFKA_SASL… say how it lets us in?'
          : 'is it running? npm start runs the local one',
      );
    },
  );
  try {
    return await work(broker);
  } finally {
    await broker.close();
  }
}

/** BROKER decides; without it BROKER_URL or KAFKA_BROKERS; without these the one that the local stack was last started on. */
export async function logAddress(io: Io): Promise<LogAddress> {
  const { BROKER, BROKER_URL, KAFKA_BROKERS } = io.env;
  if (BROKER !== undefined && BROKER !== '' && BROKER !== 'postgres' && BROKER !== 'kafka')
    throw new WrongUse(`BROKER is postgres or kafka, not ${BROKER}`);
  if (!BROKER && BROKER_URL && KAFKA_BROKERS)
    throw new WrongUse('BROKER_URL and KAFKA_BROKERS are both there', 'say which: BROKER=postgres or BROKER=kafka');
  if (BROKER === 'kafka' || (!BROKER && KAFKA_BROKERS)) {
    if (!KAFKA_BROKERS) throw new WrongUse('BROKER=kafka needs KAFKA_BROKERS', 'for example 127.0.0.1:9092');
    if (!/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/.test(KAFKA_BROKERS)) throw new WrongUse('KAFKA_BROKERS is not host:port[,host:port]');
    return { kind: 'kafka', address: KAFKA_BROKERS, from: 'KAFKA_BROKERS' };
  }
  if (!BROKER_URL) return localStack(io);
  if (!/^postgres(ql)?:\/\/./.test(BROKER_URL)) throw new WrongUse('BROKER_URL is no postgresql://…');
  return { kind: 'postgres', address: BROKER_URL, from: 'BROKER_URL' };
}

async function localStack(io: Io): Promise<LogAddress> {
  const { urlOf, port, kafka } = await localDatabases(io);
  if (kafka !== undefined) return { kind: 'kafka', address: kafka, from: 'the local stack' };
  return { kind: 'postgres', address: urlOf('broker'), from: `the local stack on port ${port}` };
}

export interface LocalDatabases {
  readonly urlOf: (service: string) => string;
  readonly port: string;
  /** `host:port,…` if the stack was last started on Kafka. */
  readonly kafka: string | undefined;
}

/** The databases of the local stack, by the name of the service. */
export async function localDatabases({ env, projectRoot, readFile }: Io): Promise<LocalDatabases> {
  const file = path.join(path.resolve(projectRoot, env['DATA_DIRECTORY'] || '.data'), 'stack.json');
  const port = env['POSTGRES_PORT'] || LOCAL_PORT;
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined)
    throw new NotPossible(
      'there is no local stack',
      'npm start makes one; for another system set BROKER_URL or KAFKA_BROKERS',
    );
  const { databasePassword, broker } = contentOf(Buffer.from(bytes).toString('utf8'));
  if (typeof databasePassword !== 'string')
    throw new NotPossible(`${file} holds no databasePassword`, 'npm run reset starts over');
  const urlOf = (service: string): string => {
    const name = `emp_${service.replaceAll('-', '_')}`;
    return `postgresql://${name}:${encodeURIComponent(databasePassword)}@127.0.0.1:${port}/${name}`;
  };
  return { urlOf, port, kafka: broker?.kind === 'kafka' ? broker.address : undefined };
}

interface StackFile {
  readonly databasePassword?: unknown;
  readonly broker?: { readonly kind: string; readonly address?: string };
}

function contentOf(text: string): StackFile {
  try {
    return JSON.parse(text) as StackFile;
  } catch {
    return {};
  }
}

/** Never the URL: it holds a password. */
const reason = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replaceAll(/\w+:\/\/\S+/g, '…');
