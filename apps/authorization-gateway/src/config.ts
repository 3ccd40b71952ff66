import { parseProviderId, providerKey } from '@emp/oicp';
import { commonVariables, portVariable, readConfig } from '@emp/service-kit';
import { z } from 'zod';
import { doorVariables, settleDoor } from './door/door-variables.ts';
import type { ProviderMode } from './domain/contract.ts';

export interface Provider {
  /** As it is written in answers, e.g. `DE-EMP`. */
  readonly providerId: string;
  readonly mode: ProviderMode;
}

const count = (fallback: number, least = 1): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(least).default(fallback) as never;

const gatewayVariables = z.object({
  ...commonVariables,
  PORT: portVariable(8081).describe('internal API'),
  ...doorVariables,
  PROVIDERS: z
    .string()
    .transform(readProviders)
    .describe('our provider ids with their modes, e.g. DE-EMP:online,DE-OFL:offline'),
  HBS_URL: z.url().describe('HBS, including /api/oicp'),
  VAULT_KEYS: z.string().describe('keys that seal card numbers, k1:<base64 of 32 bytes>[,k0:…]'),
  VAULT_PEPPER: z.string().describe('secret of the fingerprints, base64'),
  CARD_INDEX_MAX_STALE_SECONDS: count(3_600, 0).describe('older knowledge of cards answers 320; 0 = serves for ever'),
  SESSION_SILENCE_MINUTES: count(1_440).describe('an authorized session nobody speaks of expires after this'),
  EXPIRE_EVERY_SECONDS: count(60, 0).describe('how often silent sessions are looked for; 0 = never'),
  PUSH_EVERY_SECONDS: count(60, 0).describe('how often card lists of offline providers are compared; 0 = when asked'),
  PUSH_EMPTY_FULL_LOAD: z
    .stringbool()
    .default(false)
    .describe('allow a full load without cards: it deletes all of them at HBS'),
});

const gatewayConfig = gatewayVariables.transform(settleDoor);

export type GatewayConfig = z.infer<typeof gatewayConfig>;

/** The only place that reads the environment. @throws EmpError `configuration-invalid` */
export const readGatewayConfig = (env: Readonly<Record<string, string | undefined>>): GatewayConfig =>
  readConfig(gatewayConfig, env);

function readProviders(text: string, context: z.RefinementCtx): readonly Provider[] {
  const providers: Provider[] = [];
  for (const entry of text.split(',').map((each) => each.trim())) {
    const [id = '', mode] = entry.split(':');
    const providerId = parseProviderId(id);
    if (!providerId.ok || (mode !== 'online' && mode !== 'offline')) {
      context.addIssue(`"${entry}" is not of the form DE-EMP:online or DE-EMP:offline`);
    } else if (providers.some((known) => providerKey(known.providerId) === providerKey(id))) {
      context.addIssue(`${id} is named twice`);
    } else {
      providers.push({ providerId: providerId.value, mode });
    }
  }
  return providers;
}
