import { certificatePairs, hbsVariables } from '@emp/hbs-client';
import { commonVariables, portVariable, readConfig } from '@emp/service-kit';
import { z } from 'zod';
import { commandVariables } from './commands/command-variables.ts';
import { pushVariables } from './contracts/push-authentication-data/push-variables.ts';
import { doorVariables, settleDoor } from './door/door-variables.ts';
import { sessionVariables } from './sessions/session-variables.ts';

const count = (fallback: number, least = 1): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(least).default(fallback) as never;

const gatewayVariables = z.object({
  ...commonVariables,
  PORT: portVariable(8081).describe('internal API'),
  ...doorVariables,
  ...hbsVariables,
  VAULT_KEYS: z.string().describe('keys that seal card numbers, k1:<base64 of 32 bytes>[,k0:…]'),
  VAULT_PEPPER: z.string().describe('secret of the fingerprints, base64'),
  CARD_INDEX_MAX_STALE_SECONDS: count(3_600, 0).describe('older knowledge of cards answers 320; 0 = serves for ever'),
  PIN_ATTEMPTS: count(5).describe('wrong PINs of a contract in the span below, on all replicas; then none is looked at'),
  PIN_ATTEMPTS_MINUTES: count(15).describe('that span, from the first wrong one'),
  PIN_CHECKS_AT_ONCE: count(2).describe('PINs that are looked at at once, each by one of four native threads'),
  LIVE_SESSION_HOURS: count(48).describe('a session nobody spoke of for so long does not count for session limits'),
  CREDIT_HOLD_HOURS: count(168).describe('how long credit is held for a session whose charge does not come'),
  ...sessionVariables,
  ...commandVariables,
  ...pushVariables,
});

const gatewayConfig = gatewayVariables.superRefine(certificatePairs).transform(settleDoor);

export type GatewayConfig = z.infer<typeof gatewayConfig>;

/** The only place that reads the environment. @throws EmpError `configuration-invalid` */
export const readGatewayConfig = (env: Readonly<Record<string, string | undefined>>): GatewayConfig =>
  readConfig(gatewayConfig, env);
