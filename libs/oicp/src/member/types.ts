import { DECIMAL_TEXT } from '../numbers/decimal-text.ts';
import {
  atLeast, atLeastLong, atMost, atMostLong, listAtMost, matching, notEmptyList, notMatching, oneOfLiterals, whole,
  type Constraint, type Weight,
} from './constraint.ts';
import type { AnyType, CountType, DecimalType, FlagType, ListType, MemberType, MessageClass, ObjectType, TextType } from './member-type.ts';

/** Free text. `max` and `min` count UTF-16 units. */
export function text(
  limits: { max?: number; min?: number; weight?: Weight; secret?: boolean; what?: string } = {},
): TextType {
  const { max, min, weight, secret = false, what = 'a text' } = limits;
  const constraints: Constraint[] = [];
  if (min !== undefined) constraints.push(atLeastLong(min, weight));
  if (max !== undefined) constraints.push(atMostLong(max, weight));
  return { shape: 'text', what, constraints, emptyIs: 'text', secret };
}

/** A text with a grammar: an id, a date-time, a phone number. An empty text is read as absent. */
export function formatted(
  what: string, constraints: readonly Constraint[],
  { secret = false, ...more }: Partial<Pick<TextType, 'secret' | 'strict' | 'nothing' | 'digits'>> = {},
): TextType {
  return { shape: 'text', what, constraints, emptyIs: 'absent', secret, ...more };
}

/** A literal of an enumeration. Unknown ones are kept and reported, other spellings are translated. */
export function literal(
  literals: readonly string[],
  { spellings, erratum, weight, secret = false }: {
    spellings?: Readonly<Record<string, string>>; erratum?: string; weight?: Weight; secret?: boolean;
  } = {},
): TextType {
  return {
    shape: 'text',
    what: 'a literal of an enumeration',
    constraints: [oneOfLiterals(literals, { ...weight, ...(erratum === undefined ? {} : { erratum }) })],
    literals,
    emptyIs: 'absent',
    secret,
    ...(spellings === undefined ? {} : { spellings }),
    ...(erratum === undefined ? {} : { erratum }),
  };
}

/** An exact decimal that is not negative unless `signed`. `places` is the number of decimals the specification allows. */
export function decimal(
  { places, signed = false, pattern, weight = { severity: 'warning' } }: {
    places?: number; signed?: boolean; pattern?: Constraint; weight?: Weight;
  } = {},
): DecimalType {
  const constraints: Constraint[] = [matching('not-a-decimal', DECIMAL_TEXT, 'a decimal number')];
  if (places !== undefined) {
    const longer = places === 0 ? /\.\d*[1-9]/ : new RegExp(`\\.\\d{${places}}\\d*[1-9]`);
    constraints.push(notMatching('too-many-decimals', longer, `at most ${places} decimals`, weight));
  }
  if (!signed) constraints.push(notMatching('below-minimum', /^-/, 'zero or more'));
  if (pattern !== undefined) constraints.push(pattern);
  return { shape: 'decimal', what: 'a decimal number', constraints };
}

/** A whole number that counts something (minutes, volts, pages). */
export function count(limits: { min?: number; max?: number; weight?: Weight } = {}): CountType {
  const { min, max, weight } = limits;
  const constraints: Constraint[] = [whole];
  if (min !== undefined) constraints.push(atLeast(min, weight));
  if (max !== undefined) constraints.push(atMost(max, weight));
  return { shape: 'count', what: 'a whole number', constraints };
}

export const flag: FlagType = { shape: 'flag', what: 'true or false', constraints: [] };

export const anything: AnyType = { shape: 'any', what: 'anything', constraints: [] };

export function object(
  of: () => MessageClass,
  more: Partial<Pick<ObjectType, 'bareTextIs' | 'bareListIs' | 'nothing' | 'erratum'>> = {},
): ObjectType {
  return { shape: 'object', what: 'an object', constraints: [], of, ...more };
}

export function list(
  of: Exclude<MemberType, ListType>,
  { notEmpty = false, max, records = false, weight, erratum }: {
    notEmpty?: boolean; max?: number; records?: boolean; weight?: Weight; erratum?: string;
  } = {},
): ListType {
  const constraints: Constraint[] = [];
  if (notEmpty) constraints.push(notEmptyList(weight));
  if (max !== undefined) constraints.push(listAtMost(max, weight));
  return { shape: 'list', what: 'a list', constraints, of, records, ...(erratum === undefined ? {} : { erratum }) };
}
