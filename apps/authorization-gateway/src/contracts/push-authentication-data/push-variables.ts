import { z } from 'zod';

const count = (fallback: number, least: number, most: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(least).max(most).default(fallback) as never;

/** How the card lists of offline and hybrid providers are kept at HBS. */
export const pushVariables = {
  PUSH_EVERY_SECONDS: count(60, 0, 86_400)
    .describe('whole lists are compared this often, changes go at once; 0 = both only when asked'),
  PUSH_FULL_LOAD: z.enum(['nightly', 'weekly', 'never']).default('nightly')
    .describe('full load besides those that repair'),
  PUSH_FULL_LOAD_HOUR: count(2, 0, 23).describe('its hour of the day, UTC; weekly: on Sundays'),
  PUSH_BATCH: count(1_000, 1, 10_000).describe('records in one insert, update or delete'),
  PUSH_SHRINK_SHARE: z.coerce.number().min(0).max(1).default(0.2)
    .describe('a push that takes away more than this share of the list waits for a person'),
  PUSH_UNASKED_CONTRACTS: count(1, 0, 1_000_000)
    .describe('deletions that concern no more contracts than this never wait'),
} as const;

export type PushConfig = z.infer<z.ZodObject<typeof pushVariables>>;
