import { commonVariables, portVariable, readConfig } from '@emp/service-kit';
import { z } from 'zod';

const schema = z.object({
  ...commonVariables,
  PORT: portVariable(8084).describe('port of the API'),
  RATE_WAITING_EVERY_S: z.coerce.number().min(1).max(86_400).default(60)
    .describe('seconds between two looks at waiting charges, beside those that a new fact causes'),
});

export type BillingConfig = z.infer<typeof schema>;

/** Throws EmpError `configuration-invalid`, naming every variable that is missing or malformed. */
export const readBillingConfig = (env: Readonly<Record<string, string | undefined>>): BillingConfig => readConfig(schema, env);
