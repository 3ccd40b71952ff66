import { Problem } from '@emp/service-kit';
import type { z } from 'zod';

/** Reads the query of a request. @throws Problem 400 `query-malformed` naming each parameter that cannot be read. */
export function readQuery<Schema extends z.ZodType>(schema: Schema, query: unknown): z.infer<Schema> {
  const read = schema.safeParse(query);
  if (read.success) return read.data;
  const complaints = read.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`));
  throw new Problem(400, 'query-malformed', complaints.join('; '));
}

/** Reads the body of a request; none is `{}`. @throws Problem 400 `body-malformed` naming each member by JSON pointer. */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const read = schema.safeParse(body ?? {});
  if (read.success) return read.data;
  const complaints = read.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`);
  throw new Problem(400, 'body-malformed', complaints.join('; '));
}
