import { membersOfClass } from '../member/member.ts';
import type { MessageClass, ObjectType } from '../member/member-type.ts';
import { preparedRulesOf } from '../rules/cross-rules.ts';
import { compileReader } from './compile-reader.ts';
import { complaintsOf } from './complaints.ts';
import type { ReadContext } from './context.ts';
import { reshapeOf } from './reshape.ts';
import { memberStep, NO_STEP, type Step } from './step.ts';
import type { ValueReader } from './value-reader.ts';

/**
 * Turns one object, in place, into a message: names, types and spellings as the specification has them, nulls
 * undefined, unknown members kept. Whether it can be used: its essential members are there and readable.
 */
export type ObjectReader = (target: Record<string, unknown>, context: ReadContext) => boolean;

const readers = new Map<MessageClass, ObjectReader>();

/** The reader of a class, compiled at its first use. */
export function objectReader(messageClass: MessageClass): ObjectReader {
  let reader = readers.get(messageClass);
  if (reader === undefined) {
    reader = compileReader(messageClass.name, membersOfClass(messageClass), {
      rules: preparedRulesOf(messageClass), reshape: reshapeOf(messageClass),
    });
    readers.set(messageClass, reader);
  }
  return reader;
}

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a member that is an object, and what documents put in its place. */
export function objectReaderOf(type: ObjectType): ValueReader {
  const complaints = complaintsOf(type);
  let lastNothing: string | undefined;

  const readObject = (target: Record<string, unknown>, step: Step, context: ReadContext): unknown => {
    context.enter(step);
    const usable = objectReader(type.of())(target, context);
    context.leave();
    return usable ? target : undefined;
  };

  /** What stands for an object becomes its member; in the document the member has no step of its own. */
  const noStep = new Map([[memberStep(type.bareTextIs ?? type.bareListIs ?? ''), NO_STEP]]);
  const readBare = (member: string, value: unknown, step: Step, context: ReadContext): unknown => {
    context.enter(step);
    context.renamed(noStep);
    const target = { [member]: value };
    const usable = objectReader(type.of())(target, context);
    context.renamed(undefined);
    context.leave();
    return usable ? target : undefined;
  };

  return (value, step, context) => {
    if (isObject(value)) return readObject(value, step, context);
    if (typeof value === 'string' && type.bareTextIs !== undefined) {
      if (value === lastNothing || type.nothing?.test(value) === true) {
        lastNothing = value;
        context.report(complaints.nothing, step);
        return undefined;
      }
      context.report(complaints.textForObject, step);
      return readBare(type.bareTextIs, value, step, context);
    }
    if (Array.isArray(value) && type.bareListIs !== undefined) {
      context.report(complaints.listForObject, step);
      return readBare(type.bareListIs, value, step, context);
    }
    const only: unknown = Array.isArray(value) && value.length === 1 ? value[0] : undefined;
    if (isObject(only)) {
      context.report(complaints.listForObject, step);
      context.enter(step);
      const read = readObject(only, 0, context);
      context.leave();
      return read;
    }
    context.report(complaints.wrongType, step);
    return undefined;
  };
}
