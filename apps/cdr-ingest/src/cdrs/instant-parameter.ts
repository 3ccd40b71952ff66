import { parseOffsetDateTime } from '@emp/kernel';
import { z } from 'zod';

/** A date-time with its offset, as a query or a body writes it. */
export const instantParameter = z.string().transform((text, context) => {
  const read = parseOffsetDateTime(text);
  if (read.ok) return new Date(read.value.epochMillis);
  context.addIssue({ code: 'custom', message: read.refusal.detail });
  return z.NEVER;
});
