import { ApiBody } from '@nestjs/swagger';
import { z } from 'zod';
import { Problem } from '../problem.ts';

/** Describes a body that is read by a zod schema instead of a class; `readBody` reads it. */
export const BodyOf = (schema: z.ZodType, description?: string): MethodDecorator =>
  ApiBody({
    required: true,
    ...(description !== undefined && { description }),
    schema: z.toJSONSchema(schema, { io: 'input', target: 'openapi-3.0', unrepresentable: 'any' }) as never,
  });

/** @throws Problem 400 `request-invalid` with every finding and its JSON pointer, as for bodies that have a class. */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const findings = read.error.issues.map(({ path, message }) => ({
    pointer: path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    detail: message,
  }));
  const [first] = findings;
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  throw new Problem(400, 'request-invalid', `${first?.pointer || 'body'} ${first?.detail}${more}`, { findings });
}
