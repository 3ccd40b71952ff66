import type { HbsClientOptions } from '@emp/hbs-client';
import { z } from 'zod';

const seconds = (fallback: number, least: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().min(least).max(600).default(fallback) as never;

/** How commands of apps are carried out. Part of the gateway's variables. */
export const commandVariables = {
  COMMAND_TIMEOUT_SECONDS: seconds(68, 0.1).describe('how long HBS may take to answer a command; it gives operators 60'),
  COMMAND_WAIT_SECONDS: seconds(20, 0).describe('how long a caller waits for it before it is told 202'),
  COMMAND_RECOVERY_SECONDS: seconds(5, 0).describe('how often commands of lost processes are looked for; 0 = never'),
} as const;

type CommandConfig = z.infer<z.ZodObject<typeof commandVariables>>;

export function commandTimeouts(config: CommandConfig): NonNullable<HbsClientOptions['timeouts']> {
  const ms = config.COMMAND_TIMEOUT_SECONDS * 1_000;
  return {
    AuthorizeRemoteStart: ms,
    AuthorizeRemoteStop: ms,
    AuthorizeRemoteReservationStart: ms,
    AuthorizeRemoteReservationStop: ms,
  };
}
