import { readFile } from 'node:fs/promises';
import { EmpError, messageOf } from '@emp/kernel';
import type { KafkaSettings } from '@emp/messaging';
import { z } from 'zod';
import { commonVariables, readConfig, type CommonConfig } from './config.ts';

export type KafkaConfig = Pick<CommonConfig,
  | 'KAFKA_TLS' | 'KAFKA_TLS_CA' | 'KAFKA_TLS_CERT' | 'KAFKA_TLS_KEY' | 'KAFKA_SASL_MECHANISM' | 'KAFKA_SASL_USERNAME'
  | 'KAFKA_SASL_PASSWORD' | 'KAFKA_SASL_PASSWORD_FILE' | 'KAFKA_REPLICATION_FACTOR'>;

/**
 * How to be let in by Kafka, files read.
 * @throws EmpError `configuration-invalid` naming the variable that is missing, or whose file cannot be read.
 */
export async function readKafkaSettings(config: KafkaConfig): Promise<KafkaSettings> {
  const [tls, sasl] = [await readTls(config), await readSasl(config)];
  return {
    ...(tls === undefined ? {} : { tls }),
    ...(sasl === undefined ? {} : { sasl }),
    ...(config.KAFKA_REPLICATION_FACTOR === undefined ? {} : { replicationFactor: config.KAFKA_REPLICATION_FACTOR }),
  };
}

/** The same for a tool that has no configuration of a service: straight from the environment. */
export async function readKafkaEnvironment(env: Readonly<Record<string, string | undefined>>): Promise<KafkaSettings> {
  return readKafkaSettings(readConfig(z.object(kafkaVariables), env));
}

const {
  KAFKA_TLS, KAFKA_TLS_CA, KAFKA_TLS_CERT, KAFKA_TLS_KEY, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD,
  KAFKA_SASL_PASSWORD_FILE, KAFKA_REPLICATION_FACTOR,
} = commonVariables;

const kafkaVariables = {
  KAFKA_TLS, KAFKA_TLS_CA, KAFKA_TLS_CERT, KAFKA_TLS_KEY, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD,
  KAFKA_SASL_PASSWORD_FILE, KAFKA_REPLICATION_FACTOR,
};

/** The names of the variables by which Kafka lets us in. */
export const KAFKA_ACCESS_VARIABLES: readonly string[] = Object.keys(kafkaVariables);

async function readTls(config: KafkaConfig): Promise<KafkaSettings['tls']> {
  const { KAFKA_TLS_CA: ca, KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key } = config;
  if ((cert === undefined) !== (key === undefined)) throw invalid('KAFKA_TLS_CERT and KAFKA_TLS_KEY belong together: one of them is missing');
  if (!config.KAFKA_TLS && ca === undefined && cert === undefined) return undefined;
  return {
    ...(ca === undefined ? {} : { ca: await textOf('KAFKA_TLS_CA', ca) }),
    ...(cert === undefined ? {} : { cert: await textOf('KAFKA_TLS_CERT', cert) }),
    ...(key === undefined ? {} : { key: await textOf('KAFKA_TLS_KEY', key) }),
  };
}

async function readSasl(config: KafkaConfig): Promise<KafkaSettings['sasl']> {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD_FILE: file } = config;
  if (mechanism === undefined) {
    if (username !== undefined) throw invalid('KAFKA_SASL_USERNAME is set, KAFKA_SASL_MECHANISM is missing');
    return undefined;
  }
  const password = config.KAFKA_SASL_PASSWORD ?? (file === undefined ? undefined : (await textOf('KAFKA_SASL_PASSWORD_FILE', file)).trimEnd());
  if (username === undefined) throw invalid(`KAFKA_SASL_USERNAME is missing (KAFKA_SASL_MECHANISM=${mechanism})`);
  if (password === undefined) throw invalid(`KAFKA_SASL_PASSWORD or KAFKA_SASL_PASSWORD_FILE is missing (KAFKA_SASL_MECHANISM=${mechanism})`);
  return { mechanism, username, password };
}

async function textOf(variable: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw invalid(`${variable} names a file that cannot be read: ${messageOf(error)}`, error);
  }
}

const invalid = (message: string, cause?: unknown): EmpError => new EmpError('configuration-invalid', message, { retry: 'useless', cause });
