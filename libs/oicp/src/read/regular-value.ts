import { LiteralSet } from '../member/literal-set.ts';
import type { CountType, ListType, MemberType, TextType } from '../member/member-type.ts';

/** Recognises, without a call into the reader, values that need no translation and deviate from nothing. */
export interface RegularValue {
  /** A condition on `v` in generated code; `f$` is the test of the member, `l$` the last text that passed it. */
  readonly condition: string;
  readonly test: { test(text: string): boolean } | LiteralSet | undefined;
}

const never: RegularValue = { condition: 'false', test: undefined };

export function regularValue(type: MemberType): RegularValue {
  switch (type.shape) {
    case 'text': return regularText(type);
    case 'flag': return { condition: "typeof v === 'boolean'", test: undefined };
    case 'count': return regularCount(type);
    case 'list': return regularList(type);
    case 'any': return { condition: 'true', test: undefined };
    default: return never;
  }
}

function regularCount({ constraints }: CountType): RegularValue {
  const conditions = ["typeof v === 'number' && Number.isInteger(v)"];
  for (const { schema } of constraints) {
    if (typeof schema.minimum === 'number') conditions.push(`v >= ${schema.minimum}`);
    else if (typeof schema.maximum === 'number') conditions.push(`v <= ${schema.maximum}`);
    else if (schema.type !== 'integer') return never;
  }
  return { condition: conditions.join(' && '), test: undefined };
}

/** A list of literals that is not empty and not limited otherwise. */
function regularList({ of, constraints }: ListType): RegularValue {
  const unlimited = constraints.every(({ code }) => code === 'list-empty');
  if (of.shape !== 'text' || of.literals === undefined || !unlimited) return never;
  return { condition: 'Array.isArray(v) && v.length > 0 && f$.hasEvery(v)', test: new LiteralSet(of.literals) };
}

function regularText(type: TextType): RegularValue {
  if (type.literals !== undefined) return { condition: "typeof v === 'string' && f$.has(v)", test: new LiteralSet(type.literals) };
  const test = type.strict ?? onlyPattern(type);
  if (test !== undefined) return { condition: type.secret ? TEST : LAST_OR_TEST, test };
  const limits = lengthLimits(type);
  return limits === undefined ? never : { condition: `typeof v === 'string' && ${limits}`, test: undefined };
}

const TEST = "typeof v === 'string' && f$.test(v)";

/** Records of one operator repeat their phone number, country and operator: the last good text is remembered, if it is no secret. */
const LAST_OR_TEST = "typeof v === 'string' && (v === l$ || (f$.test(v) && (l$ = v, true)))";

/** A text that begins with NUL may be a marked number and is left to the reader. */
const NOT_MARKED = 'v.charCodeAt(0) !== 0';

function lengthLimits({ constraints, emptyIs, nothing }: TextType): string | undefined {
  if (emptyIs === 'absent' || nothing !== undefined) return undefined;
  const conditions = [NOT_MARKED];
  for (const { schema } of constraints) {
    if (typeof schema.maxLength === 'number') conditions.push(`v.length <= ${schema.maxLength}`);
    else if (typeof schema.minLength === 'number') conditions.push(`v.length >= ${schema.minLength}`);
    else return undefined;
  }
  return conditions.join(' && ');
}

function onlyPattern({ constraints }: TextType): RegExp | undefined {
  const [only, ...others] = constraints;
  const pattern = only?.schema.pattern;
  return typeof pattern === 'string' && others.length === 0 ? new RegExp(pattern) : undefined;
}
