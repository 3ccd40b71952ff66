import type { TextType } from '../member/member-type.ts';
import { markedNumber } from '../numbers/long-literals.ts';
import { complaintsOf, quoting } from './complaints.ts';
import type { ReadContext } from './context.ts';
import type { Step } from './step.ts';
import type { ValueReader } from './value-reader.ts';

/** Reads ids, enumerations, date-times and free texts. The text itself is kept; only literals are translated. */
export function textReader(type: TextType): ValueReader {
  const complaints = complaintsOf(type);
  const spelled = spellings(type);

  const check = (text: string, step: Step, context: ReadContext): string | undefined => {
    if (type.nothing?.test(text) === true) {
      context.report(complaints.nothing, step);
      return undefined;
    }
    if (type.emptyIs === 'absent' && text.trim() === '') {
      context.report(complaints.empty, step);
      return undefined;
    }
    for (const { test, complaint } of complaints.constraints) {
      if (test(text)) continue;
      const translation = spelled?.get(spellingKey(text));
      if (translation !== undefined) {
        context.report(complaints.spelling, step);
        return translation;
      }
      context.report(quoting(complaint, type, text), step);
      return text;
    }
    return text;
  };

  return (value, step, context) => {
    if (typeof value === 'string') {
      const digits = markedNumber(value);
      if (digits === undefined) return check(value, step, context);
      context.report(complaints.textAsNumber, step);
      return check(digits, step, context);
    }
    if (typeof value === 'number' && Number.isFinite(value)) {
      context.report(complaints.textAsNumber, step);
      return check(String(value).padStart(type.digits ?? 0, '0'), step, context);
    }
    if (typeof value === 'boolean' && type.literals?.includes(String(value)) === true) {
      context.report(complaints.spelling, step);
      return String(value);
    }
    const only = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : undefined;
    if (typeof only === 'string') {
      context.report(complaints.listForValue, step);
      context.enter(step);
      const read = check(only, 0, context);
      context.leave();
      return read;
    }
    context.report(complaints.wrongType, step);
    return undefined;
  };
}

/** Literals by what is left without case, blanks, underscores and hyphens. */
function spellings(type: TextType): ReadonlyMap<string, string> | undefined {
  if (type.literals === undefined) return undefined;
  return new Map([
    ...type.literals.map((literal) => [spellingKey(literal), literal] as const),
    ...Object.entries(type.spellings ?? {}).map(([wrong, right]) => [spellingKey(wrong), right] as const),
  ]);
}

const spellingKey = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]/g, '');
