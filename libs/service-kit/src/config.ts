import { EmpError } from '@emp/kernel';
import { z } from 'zod';

/** What every service is told by its environment. Spread it into the service's own object: `z.object({ ...commonVariables })`. */
export const commonVariables = {
  HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').describe('least level that is logged'),
  LOG_FILE: z.string().optional().describe('file to append the log to; standard output if absent'),
  DATABASE_URL: z.url().describe("the service's own PostgreSQL database"),
  DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(200).default(10).describe('most connections to it'),
  MIGRATE_ON_START: z.stringbool().default(true).describe('apply pending migrations before serving'),
  BROKER: z.enum(['postgres', 'kafka']).default('postgres').describe('which event log'),
  BROKER_URL: z.url().optional().describe('PostgreSQL database of the event log, for BROKER=postgres'),
  KAFKA_BROKERS: z.string().optional().describe('host:port[,host:port], for BROKER=kafka'),
} as const;

export const portVariable = (fallback: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(0).max(65_535).default(fallback) as never;

export type CommonConfig = z.infer<z.ZodObject<typeof commonVariables>>;

/**
 * Reads a service's configuration from its environment. Empty variables count as absent.
 * @throws EmpError `configuration-invalid` with one line that names every missing or malformed variable.
 */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const complaints = read.error.issues.map((issue) => {
    const variable = issue.path.join('.') || 'environment';
    return given[variable] === undefined ? `${variable} is missing` : `${variable} is malformed (${issue.message})`;
  });
  throw new EmpError('configuration-invalid', complaints.join('; '), { retry: 'useless' });
}
