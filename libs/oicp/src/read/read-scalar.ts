import type { CountType, DecimalType, FlagType } from '../member/member-type.ts';
import { decimalText, decimalTextOfNumber } from '../numbers/decimal-text.ts';
import { markedNumber } from '../numbers/long-literals.ts';
import { complaintsOf, type TypeComplaints } from './complaints.ts';
import type { ReadContext } from './context.ts';
import type { Step } from './step.ts';
import type { ValueReader } from './value-reader.ts';

/**
 * Reads a decimal into its digits: from a JSON number, or from a number in quotes. No arithmetic touches it. Zeros at the
 * end of a JSON number are not kept (10.500 is read as `10.5`, the same value); a number in quotes keeps all its digits.
 */
export function readDecimal(type: DecimalType): ValueReader {
  const complaints = complaintsOf(type);
  const notADecimal = complaints.constraints[0]!.complaint;
  return (value, step, context) => {
    const text = digitsOf(value, step, context, complaints);
    if (text === EMPTY) return undefined;
    if (text === undefined) {
      context.report(typeof value === 'string' ? notADecimal : complaints.wrongType, step);
      return undefined;
    }
    check(text, step, context, complaints);
    return text;
  };
}

const EMPTY = Symbol('empty');

function digitsOf(
  value: unknown, step: Step, context: ReadContext, complaints: TypeComplaints,
): string | undefined | typeof EMPTY {
  if (typeof value === 'number') return decimalTextOfNumber(value);
  if (typeof value !== 'string') return undefined;
  const marked = markedNumber(value);
  if (marked !== undefined) return decimalText(marked);
  if (value.trim() === '') {
    context.report(complaints.empty, step);
    return EMPTY;
  }
  const text = decimalText(value);
  if (text !== undefined) context.report(complaints.numberAsText, step);
  return text;
}

/** Reads a whole number; fractions are kept and reported. */
export function readCount(type: CountType): ValueReader {
  const complaints = complaintsOf(type);
  return (value, step, context) => {
    if (typeof value === 'number' && Number.isFinite(value)) {
      check(value, step, context, complaints);
      return value;
    }
    if (typeof value === 'string') {
      const marked = markedNumber(value);
      const number = Number(decimalText(marked ?? value) ?? Number.NaN);
      if (value.trim() === '') {
        context.report(complaints.empty, step);
        return undefined;
      }
      if (Number.isFinite(number)) {
        if (marked === undefined) context.report(complaints.numberAsText, step);
        check(number, step, context, complaints);
        return number;
      }
    }
    context.report(complaints.wrongType, step);
    return undefined;
  };
}

/** Reads a boolean, also from `"true"`, `"0"`, `1`. */
export function readFlag(type: FlagType): ValueReader {
  const complaints = complaintsOf(type);
  return (value, step, context) => {
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : '';
    if (word === 'true' || word === '1' || word === 'false' || word === '0') {
      context.report(complaints.booleanAsText, step);
      return word === 'true' || word === '1';
    }
    context.report(value === '' ? complaints.empty : complaints.wrongType, step);
    return undefined;
  };
}

function check(value: unknown, step: Step, context: ReadContext, complaints: TypeComplaints): void {
  for (const { test, complaint } of complaints.constraints) {
    if (test(value)) continue;
    context.report(complaint, step);
    return;
  }
}
