import { parseOffsetDateTime } from '@emp/kernel';
import { parseEvcoId, parseUid, type EvcoId, type Uid } from '@emp/oicp';
import { z } from 'zod';

const EARLIEST_YEAR = 1900;

export const instant = z.string().transform((text, context) => {
  const read = parseOffsetDateTime(text);
  const date = read.ok ? new Date(read.value.epochMillis) : undefined;
  if (date && date.getUTCFullYear() >= EARLIEST_YEAR) return date;
  context.addIssue('an ISO 8601 date-time is expected');
  return z.NEVER;
});

export const name = (longest: number): z.ZodType<string> =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => !/\p{Cc}/u.test(text), 'must not contain control characters');

export const contractId = z.string().transform((text, context): EvcoId => {
  const evcoId = parseEvcoId(text);
  if (evcoId.ok) return evcoId.value;
  context.addIssue(evcoId.refusal.detail);
  return z.NEVER;
});

export const uid = z.string().transform((text, context): Uid => {
  const read = parseUid(text);
  if (read.ok) return read.value;
  context.addIssue(read.refusal.detail);
  return z.NEVER;
});

export const END_NOT_AFTER_BEGIN = 'validUntil is not after validFrom: to end a contract that has not begun, block it';
