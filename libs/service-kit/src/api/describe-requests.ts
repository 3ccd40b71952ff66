import type { INestApplication, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { hasRules } from './request.pipe.ts';

type Schema = Readonly<Record<string, unknown>>;

const described = new WeakSet<Type>();

/**
 * Gives every class that a route takes as body or query the `@ApiProperty` of its class-validator rules, nested classes
 * included, so that nothing is said twice. What a class says itself with `@ApiProperty` stays.
 */
export function describeRequests(app: INestApplication): void {
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const routes = metatype.prototype as object;
      for (const name of Object.getOwnPropertyNames(routes)) {
        const types = (Reflect.getMetadata('design:paramtypes', routes, name) ?? []) as readonly Type[];
        for (const type of types) if (hasRules(type)) describe(type);
      }
    }
  }
}

function describe(type: Type): void {
  if (described.has(type)) return;
  described.add(type);
  const { properties = {}, required = [] } = targetConstructorToSchema(type) as {
    properties?: Record<string, Schema>;
    required?: readonly string[];
  };
  const said = (Reflect.getMetadata('swagger/apiModelPropertiesArray', type.prototype as object) ??
    []) as readonly string[];
  for (const [name, schema] of Object.entries(properties)) {
    const isArray = schema['type'] === 'array';
    const nested = nestedClass(type, name, isArray);
    if (nested) describe(nested);
    if (said.includes(`:${name}`)) continue;
    const options = nested ? { type: () => nested, isArray } : { ...schema };
    ApiProperty({ ...options, required: required.includes(name) } as ApiPropertyOptions)(
      type.prototype as object,
      name,
    );
  }
}

/** What `@Type` says, as class-transformer tells it: by doing it. */
function nestedClass(type: Type, name: string, isArray: boolean): Type | undefined {
  const made = (plainToInstance(type, { [name]: isArray ? [{}] : {} }) as Record<string, unknown>)[name];
  const one: unknown = Array.isArray(made) ? made[0] : made;
  const nested = typeof one === 'object' && one !== null ? (one.constructor as Type) : undefined;
  return hasRules(nested) ? nested : undefined;
}
