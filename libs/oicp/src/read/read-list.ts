import type { ListType } from '../member/member-type.ts';
import { complaintsOf } from './complaints.ts';
import type { ReadContext } from './context.ts';
import { isObject, objectReader, type ObjectReader } from './object-reader.ts';
import type { Step } from './step.ts';
import { valueReaderOf, type ValueReader } from './value-reader.ts';

/** Reads a list in place; an element that cannot be read costs only itself. */
export function listReader(type: ListType): ValueReader {
  const complaints = complaintsOf(type);
  const readAlone = valueReaderOf(type.of);
  const readElements = elementsReader(type, readAlone);
  const limited = type.constraints.some(({ code }) => code !== 'list-empty');

  return (value, step, context) => {
    if (!Array.isArray(value)) {
      if (isObject(value) !== (type.of.shape === 'object')) {
        context.report(complaints.wrongType, step);
        return undefined;
      }
      context.report(complaints.objectForList, step);
      // The element has no index of its own in the document.
      const read = readAlone(value, step, context);
      return read === undefined ? [] : [read];
    }
    if (value.length === 0 || limited) {
      for (const { test, complaint } of complaints.constraints) if (!test(value)) context.report(complaint, step);
    }
    if (value.length > 0) readElements(value, step, context);
    return value;
  };
}

type ElementsReader = (elements: unknown[], step: Step, context: ReadContext) => void;

function elementsReader(type: ListType, readElement: ValueReader): ElementsReader {
  const elementWrong = complaintsOf(type.of).wrongType;
  const { records, of } = type;
  let reader: ObjectReader | undefined;

  /** `undefined` if the element cannot be used. */
  const readOne = (value: unknown, index: number, context: ReadContext): unknown => {
    if (of.shape === 'object' && isObject(value)) {
      reader ??= objectReader(of.of());
      context.enter(index);
      const usable = reader(value, context);
      context.leave();
      return usable ? value : undefined;
    }
    if (value !== null && value !== undefined) return readElement(value, index, context);
    context.report(elementWrong, index);
    return undefined;
  };

  const readAll = (elements: unknown[], context: ReadContext): void => {
    let kept = 0;
    for (let index = 0; index < elements.length; index += 1) {
      const value = elements[index];
      const mark = context.mark;
      const read = readOne(value, index, context);
      if (read === undefined) {
        if (records) context.rejectSince(mark, index);
        continue;
      }
      if (read !== value || kept !== index) elements[kept] = read;
      kept += 1;
    }
    if (kept !== elements.length) elements.length = kept;
  };

  return (elements, step, context) => {
    context.enter(step);
    readAll(elements, context);
    context.leave();
  };
}
