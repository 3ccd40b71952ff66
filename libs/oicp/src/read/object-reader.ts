import { membersOfClass } from '../member/member.ts';
import type { MessageClass, ObjectType } from '../member/member-type.ts';
import { crossRuleOf } from '../rules/cross-rules.ts';
import { compileReader, type CompiledReader } from './compile-reader.ts';
import { complaintsOf } from './complaints.ts';
import type { ReadContext } from './context.ts';
import { KeyPlanner, keepUnknown, renamed } from './key-plan.ts';
import type { ValueReader } from './value-reader.ts';

/** Reads the members of one object; `undefined` if an essential one is missing or unreadable. */
export type ObjectReader = (source: Readonly<Record<string, unknown>>, context: ReadContext) => object | undefined;

const readers = new Map<MessageClass, ObjectReader>();

/** The reader of a class, compiled at its first use. */
export function objectReader(messageClass: MessageClass): ObjectReader {
  let reader = readers.get(messageClass);
  if (reader === undefined) {
    reader = makeReader(messageClass);
    readers.set(messageClass, reader);
  }
  return reader;
}

function makeReader(messageClass: MessageClass): ObjectReader {
  const members = membersOfClass(messageClass);
  const planner = new KeyPlanner(members);
  const readMembers: CompiledReader = compileReader(messageClass.name, members);
  const crossRule = crossRuleOf(messageClass);
  const reshape = reshapes.get(messageClass);

  return (given, context) => {
    let source = reshape === undefined ? given : reshape(given);
    const plan = planner.plan(source);
    const differing = plan !== null && plan.renames.length > 0;
    if (differing) {
      source = renamed(source, plan);
      context.renamed(new Map(plan.renames.map(([theirs, ours]) => [ours, theirs])));
      for (const [theirs] of plan.renames) context.report(otherCase, theirs);
    }
    const message = readMembers(source, context);
    if (message !== undefined) {
      if (plan !== null && plan.unknown.length > 0) keepUnknown(plan, source, message, context);
      if (crossRule !== undefined) crossRule(message, context);
    }
    if (differing) context.renamed(undefined);
    return message;
  };
}

const otherCase = {
  code: 'member-spelling', severity: 'warning', message: 'a known member in another case; names are case-sensitive',
} as const;

/** Documents of another structure, turned into ours before their members are read. */
const reshapes = new Map<MessageClass, (source: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>>();

export function reshape(
  messageClass: MessageClass,
  turn: (source: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): void {
  reshapes.set(messageClass, turn);
}

/** Reads a member that is an object, and what documents put in its place. */
export function objectReaderOf(type: ObjectType): ValueReader {
  const complaints = complaintsOf(type);
  let reader: ObjectReader | undefined;

  const readObject = (source: object, step: string | number, context: ReadContext): unknown => {
    reader ??= objectReader(type.of());
    context.enter(step);
    const read = reader(source as Readonly<Record<string, unknown>>, context);
    context.leave();
    return read;
  };

  return (value, step, context) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return readObject(value, step, context);
    if (typeof value === 'string' && type.bareTextIs !== undefined) {
      if (type.nothing?.test(value) === true) {
        context.report(complaints.nothing, step);
        return undefined;
      }
      context.report(complaints.textForObject, step);
      return readObject({ [type.bareTextIs]: value }, step, context);
    }
    if (Array.isArray(value) && type.bareListIs !== undefined) {
      context.report(complaints.listForObject, step);
      return readObject({ [type.bareListIs]: value as unknown[] }, step, context);
    }
    const only = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : undefined;
    if (typeof only === 'object' && only !== null && !Array.isArray(only)) {
      context.report(complaints.listForObject, step);
      return readObject(only, step, context);
    }
    context.report(complaints.wrongType, step);
    return undefined;
  };
}
