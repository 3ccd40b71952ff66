import 'reflect-metadata';
import { IsDefined, IsOptional, ValidateBy, ValidateNested, type ValidationOptions } from 'class-validator';
import type { Constraint, JsonSchema } from './constraint.ts';
import type { MemberType, MessageClass } from './member-type.ts';

/**
 * - `essential`: without it the record cannot be used at all; the reader rejects the record, so the member is always
 *   there in what `readOicp` gives.
 * - `mandatory`: the specification demands it; the reader reports its absence and goes on (partners on OICP 2.2 send null).
 * - `optional`.
 */
export type Presence = 'essential' | 'mandatory' | 'optional';

export interface MemberOptions {
  /** Other names under which documents or real data carry the member. */
  readonly aliases?: readonly string[];
  /** The entry of the errata register that explains aliases or absence. */
  readonly erratum?: string;
  /** What weighs its absence: `warning` where documents disagree whether it is mandatory. */
  readonly absence?: 'error' | 'warning';
}

export interface Member extends MemberOptions {
  readonly name: string;
  readonly type: MemberType;
  readonly presence: Presence;
}

const membersOf = new Map<unknown, Member[]>();

/** The members of a class in the order of their declaration, those it inherits last. */
export function membersOfClass(messageClass: MessageClass): readonly Member[] {
  const parent = Object.getPrototypeOf(messageClass) as MessageClass;
  const own = membersOf.get(messageClass) ?? [];
  return parent === Function.prototype ? own : [...own, ...membersOfClass(parent)];
}

/** Every decorated class. */
export function messageClasses(): readonly MessageClass[] {
  return [...membersOf.keys()] as MessageClass[];
}

/**
 * Declares one member of a message: its type, whether it must be there, and under which other names it occurs. The
 * one declaration makes the class-validator rules (and through them the JSON schema) and the reader and writer tables.
 */
export function Member(type: MemberType, presence: Presence, options: MemberOptions = {}): PropertyDecorator {
  return (prototype, property) => {
    const name = String(property);
    const owner = prototype.constructor;
    const members = membersOf.get(owner) ?? [];
    membersOf.set(owner, [...members, { name, type, presence, ...options }]);
    for (const decorate of validators(type, presence)) decorate(prototype, name);
  };
}

function validators(type: MemberType, presence: Presence): PropertyDecorator[] {
  const decorators = [presence === 'optional' ? IsOptional() : IsDefined()];
  const own = type.shape === 'list' ? [ofShape(type), ...type.constraints] : [];
  for (const constraint of own) decorators.push(rule(constraint, {}));
  const element = type.shape === 'list' ? type.of : type;
  const each: ValidationOptions = type.shape === 'list' ? { each: true } : {};
  if (element.shape === 'object') decorators.push(ValidateNested(each));
  for (const constraint of [ofShape(element), ...element.constraints]) decorators.push(rule(constraint, each));
  return decorators;
}

const rule = (constraint: Constraint, options: ValidationOptions): PropertyDecorator =>
  ValidateBy({
    name: constraint.code,
    constraints: [constraint],
    validator: { validate: constraint.test, defaultMessage: () => `expected: ${constraint.expected}` },
  }, { ...options, context: constraint });

const SHAPES: Readonly<Record<MemberType['shape'], { test: (value: unknown) => boolean; schema: JsonSchema }>> = {
  text: { test: (value) => typeof value === 'string', schema: { type: 'string' } },
  decimal: { test: (value) => typeof value === 'string', schema: { type: 'string' } },
  count: { test: (value) => typeof value === 'number' && Number.isFinite(value), schema: { type: 'number' } },
  flag: { test: (value) => typeof value === 'boolean', schema: { type: 'boolean' } },
  list: { test: Array.isArray, schema: { type: 'array' } },
  object: {
    test: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    schema: { type: 'object' },
  },
  any: { test: () => true, schema: {} },
};

/** That the value has the JavaScript type of its shape. */
export const ofShape = (type: MemberType): Constraint => ({
  code: 'wrong-type',
  severity: 'error',
  expected: type.what,
  ...SHAPES[type.shape],
});
