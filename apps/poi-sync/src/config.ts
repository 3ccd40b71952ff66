import { certificatePairs, connectionIdsOf, hbsVariables } from '@emp/hbs-client';
import { commonVariables, portVariable, readConfig } from '@emp/service-kit';
import { z } from 'zod';

const seconds = (fallback: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(0).max(7 * 86_400).default(fallback) as never;

const variables = z.object({
  ...commonVariables,
  PORT: portVariable(8083).describe('internal API'),
  ...hbsVariables,
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

const schema = variables.superRefine(certificatePairs);

/** @throws EmpError `configuration-invalid` naming every missing or malformed variable. */
export const readPoiSyncConfig = (env: Readonly<Record<string, string | undefined>>): PoiSyncConfig =>
  readConfig(schema, env);

/** The provider id in whose name we pull: the first that owns a connection. */
export const pullsAs = ({ PROVIDERS }: PoiSyncConfig): string => connectionIdsOf(PROVIDERS)[0] ?? '';

export const ourIds = ({ PROVIDERS }: PoiSyncConfig): readonly string[] => PROVIDERS.map(({ providerId }) => providerId);
