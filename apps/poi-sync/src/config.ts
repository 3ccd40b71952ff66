import { EmpError } from '@emp/kernel';
import { commonVariables, portVariable, readConfig } from '@emp/service-kit';
import { z } from 'zod';

const seconds = (fallback: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(0).max(7 * 86_400).default(fallback) as never;

const PROVIDERS_WITH_MODES = /^[^:,\s]+:(online|offline)(,[^:,\s]+:(online|offline))*$/;

const variables = z.object({
  ...commonVariables,
  PORT: portVariable(8083).describe('internal API'),
  HBS_URL: z.url().describe("Hubject's base URL including /api/oicp"),
  HBS_CERT_FILE: z.string().optional().describe('client certificate for Hubject, PEM'),
  HBS_KEY_FILE: z.string().optional().describe('its key, PEM'),
  HBS_CA_FILE: z.string().optional().describe("bundle to trust instead of the system's store, PEM"),
  PROVIDERS: z.string().regex(PROVIDERS_WITH_MODES, 'PROVIDER:online|offline,… is expected')
    .transform((text) => text.split(',').map((entry) => entry.slice(0, entry.indexOf(':'))))
    .describe('our providers, as DE-EMP:online,DE-OFL:offline; the first one pulls'),
  EVSE_DATA_EVERY_SECONDS: seconds(86_400).describe('between two pulls of EVSE data; 0 = only when asked'),
  EVSE_STATUS_EVERY_SECONDS: seconds(120).describe('between two pulls of the status; Hubject allows six a minute'),
  PRICING_EVERY_SECONDS: seconds(86_400).describe('between two pulls of the prices'),
  PAGE_SIZE: z.coerce.number().int().min(1).max(2000).default(2000)
    .describe('EVSE records a page, at most 2000 (OICP §2.10)'),
  OPERATORS_PER_REQUEST: z.coerce.number().int().min(1).max(1000).default(100)
    .describe('operators in one request for prices'),
  REMOVAL_LIMIT: z.coerce.number().min(0).max(1).default(0.25)
    .describe('a pull that lacks more than this share of the known EVSEs removes none and says so'),
});

export type PoiSyncConfig = z.infer<typeof variables>;

/** @throws EmpError `configuration-invalid` naming every missing or malformed variable. */
export function readPoiSyncConfig(env: Readonly<Record<string, string | undefined>>): PoiSyncConfig {
  const config = readConfig(variables, env);
  if ((config.HBS_CERT_FILE === undefined) !== (config.HBS_KEY_FILE === undefined)) {
    throw new EmpError(
      'configuration-invalid', 'HBS_CERT_FILE and HBS_KEY_FILE belong together: one of them is missing',
      { retry: 'useless' }
    );
  }
  return config;
}
