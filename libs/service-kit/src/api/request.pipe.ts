import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate, type ValidationError } from 'class-validator';
import { Problem } from '../problem.ts';

/** What is wrong with a request, and where: a JSON pointer (RFC 6901) into the body, or into the query's parameters. */
export interface RequestFinding {
  readonly pointer: string;
  readonly detail: string;
}

/**
 * Bodies and queries whose type is a class with class-validator rules arrive as instances of it that satisfy them; all
 * that is wrong with one is told at once, by JSON pointer, without repeating values. A member that the class does not
 * know is refused: what is misspelt must not look as if it had been done. No body is as good as an empty one where every
 * member may be absent. Other types pass as they are.
 */
export class RequestPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if ((type !== 'body' && type !== 'query') || !hasRules(metatype)) return value;
    if (value !== undefined && !isObject(value)) throw noObject();
    const request: object = plainToInstance(metatype, value ?? {});
    const errors = await validate(request, { whitelist: true, forbidNonWhitelisted: true });
    const findings = errors.flatMap((error) => findingsOf(error, ''));
    if (findings.length === 0) return request;
    if (value === undefined) throw noObject();
    const [first] = findings;
    const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
    throw new Problem(400, 'request-invalid', `${first?.pointer} ${first?.detail}${more}`, { findings });
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const noObject = (): Problem =>
  new Problem(400, 'request-invalid', 'a JSON object is expected as the body (Content-Type: application/json)');

export function hasRules(metatype: Type | undefined): metatype is Type<object> {
  return (
    metatype !== undefined && getMetadataStorage().getTargetValidationMetadatas(metatype, '', false, false).length > 0
  );
}

const LONGEST_NAME = 80;

function findingsOf({ property, constraints = {}, children = [] }: ValidationError, parent: string): RequestFinding[] {
  const pointer = `${parent}/${property.slice(0, LONGEST_NAME).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.entries(constraints).map(([rule, message]) => ({
    pointer,
    detail: detailOf(rule, property, message),
  }));
  return [...own, ...children.flatMap((child) => findingsOf(child, pointer))];
}

function detailOf(rule: string, property: string, message: string): string {
  if (rule === 'whitelistValidation') return 'is not known here';
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
