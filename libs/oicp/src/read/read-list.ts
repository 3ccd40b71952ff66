import type { ListType } from '../member/member-type.ts';
import { complaintsOf } from './complaints.ts';
import type { ReadContext } from './context.ts';
import { valueReaderOf, type ValueReader } from './value-reader.ts';

/** Reads a list; an element that cannot be read costs only itself. */
export function listReader(type: ListType): ValueReader {
  const complaints = complaintsOf(type);
  const readElement = valueReaderOf(type.of);
  const elementWrong = complaintsOf(type.of).wrongType;

  const element = (value: unknown, index: number, context: ReadContext): unknown => {
    if (value !== null && value !== undefined) return readElement(value, index, context);
    context.report(elementWrong, index);
    return undefined;
  };

  /** The same, but the findings of an unreadable element become those of a rejected record. */
  const record = (value: unknown, index: number, context: ReadContext): unknown => {
    const before = context.findings;
    const own: typeof before = [];
    context.findings = own;
    const read = element(value, index, context);
    context.findings = before;
    if (read === undefined) context.rejected.push({ pointer: context.pointer(index), findings: own });
    else if (own.length > 0) for (const finding of own) before.push(finding);
    return read;
  };
  const readOne = type.records ? record : element;

  return (value, step, context) => {
    let elements: readonly unknown[];
    if (Array.isArray(value)) {
      elements = value;
    } else if (type.of.shape === 'object' ? typeof value === 'object' : typeof value !== 'object') {
      context.report(complaints.objectForList, step);
      // The element has no index of its own in the document.
      const read = readElement(value, step, context);
      return read === undefined ? [] : [read];
    } else {
      context.report(complaints.wrongType, step);
      return undefined;
    }
    context.enter(step);
    const result: unknown[] = [];
    for (let index = 0; index < elements.length; index += 1) {
      const read = readOne(elements[index], index, context);
      if (read !== undefined) result.push(read);
    }
    context.leave();
    for (const [constraint, complaint] of complaints.constraints) {
      if (!constraint.test(elements)) context.report(complaint, step);
    }
    return result;
  };
}
