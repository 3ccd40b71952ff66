import { EmpError } from '@emp/kernel';
import { z } from 'zod';
import { accessVariables } from './access/access-variables.ts';
import { withSecretFiles } from './secret-files.ts';

/** What every service is told by its environment. Spread it into the service's own object: `z.object({ ...commonVariables })`. */
export const commonVariables = {
  HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  ...accessVariables,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('least level that is logged'),
  LOG_FILE: z.string().optional().describe('file to append the log to; standard output if absent'),
  DATABASE_URL: z.url().describe("the service's own PostgreSQL database"),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(200).default(10).describe('most connections to it'),
  MIGRATE_ON_START: z.stringbool().default(true).describe('apply pending migrations before serving'),
  START_PATIENCE_SECONDS: z.coerce.number().int().min(0).max(86_400).default(300).describe('how long a start waits for a database or event log that is away'),
  BROKER: z.enum(['postgres', 'kafka']).default('postgres').describe('which event log'),
  BROKER_URL: z.url().optional().describe('PostgreSQL database of the event log, for BROKER=postgres'),
  KAFKA_BROKERS: z.string().regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'host:port[,host:port] is wanted').optional().describe('host:port[,host:port], for BROKER=kafka'),
  KAFKA_TLS: z.stringbool().default(false).describe('encrypt; implied by the other KAFKA_TLS_ variables'),
  KAFKA_TLS_CA: z.string().optional().describe("file of the authorities to trust instead of the system's, PEM"),
  KAFKA_TLS_CERT: z.string().optional().describe('file of the client certificate, PEM'),
  KAFKA_TLS_KEY: z.string().optional().describe('file of its key, PEM'),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional().describe('how to log in; not at all if absent'),
  KAFKA_SASL_USERNAME: z.string().optional().describe('who logs in'),
  KAFKA_SASL_PASSWORD: z.string().optional().describe('the password, or'),
  KAFKA_SASL_PASSWORD_FILE: z.string().optional().describe('the file that holds it'),
  KAFKA_REPLICATION_FACTOR: z.coerce.number().int().min(1).max(10).optional().describe('copies of topics that are created; default 3, or the number of brokers if smaller'),
} as const;

export const portVariable = (fallback: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(0).max(65_535).default(fallback) as never;

export type CommonConfig = z.infer<z.ZodObject<typeof commonVariables>>;

/**
 * Reads a service's configuration from its environment. Empty variables count as absent; secrets may be in files
 * (`VAULT_KEYS_FILE` names the one of `VAULT_KEYS`).
 * @throws EmpError `configuration-invalid` with one line that names every missing or malformed variable.
 */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(withSecretFiles(env)).filter(([, value]) => value !== undefined && value !== ''));
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const complaints = read.error.issues.map((issue) => {
    const variable = issue.path.join('.') || 'environment';
    return given[variable] === undefined ? `${variable} is missing` : `${variable} is malformed (${issue.message})`;
  });
  throw new EmpError('configuration-invalid', complaints.join('; '), { retry: 'useless' });
}
