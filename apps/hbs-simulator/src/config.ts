import { readConfig, portVariable } from '@emp/service-kit';
import { z } from 'zod';

const share = (fallback: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().min(0).max(1).default(fallback) as never;

const schema = z.object({
  HOST: z.string().default('127.0.0.1').describe('address to listen on'),
  PORT: portVariable(8090),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  LOG_FILE: z.string().optional().describe('file to append the log to; standard output if absent'),
  EMP_URL: z.url().default('http://127.0.0.1:8080').describe("the online EMP's door, without /api/oicp"),
  DATA_DIRECTORY: z.string().min(1).describe('where the journal of records and pushes lives'),
  SEED: z.string().default('emp').describe('same seed, same network and same drivers'),
  GENERATED_EVSES: z.coerce.number().int().min(0).max(1_000_000).default(3_000),
  TAPS_PER_SECOND: z.coerce.number().min(0).max(1_000).default(2).describe('0 = nobody drives'),
  SPEED: z.coerce.number().min(1).max(10_000).default(60).describe('seconds of charging per second of real time'),
  SESSION_SECONDS: z.coerce.number().min(1).max(86_400).default(20).describe('real seconds a session takes on average'),
  UNKNOWN_SHARE: share(0.4).describe('of all taps: cards that nobody knows'),
  REFUSED_SHARE: share(0.05).describe('of all taps: blocked cards and cards whose contract ended'),
  SUB_PROVIDERS: z.string().regex(/^([A-Z]{2}[*-]?[A-Z0-9]{3}:[A-Z]{2}[*-]?[A-Z0-9]{3}(,|$))*$/i, 'DE-SUB:DE-HUB,… is expected').default('')
    .describe('providers whose cards are pushed by a hub: DE-SUB:DE-HUB,…'),
  OFFLINE_SHARE: share(0.2).describe('of all taps: cards of offline providers'),
});

export type SimulatorConfig = z.infer<typeof schema>;

/** @throws EmpError `configuration-invalid` naming each missing or malformed variable. */
export function readSimulatorConfig(env: Readonly<Record<string, string | undefined>>): SimulatorConfig {
  return readConfig(schema, env);
}
