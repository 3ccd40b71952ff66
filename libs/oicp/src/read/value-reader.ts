import { EmpError } from '@emp/kernel';
import type { MemberType, TextType } from '../member/member-type.ts';
import type { ReadContext } from './context.ts';
import type { Step } from './step.ts';
import { readCount, readDecimal, readFlag } from './read-scalar.ts';
import { listReader } from './read-list.ts';
import { objectReaderOf } from './object-reader.ts';
import { textReader } from './read-text.ts';

/**
 * Reads one value that is neither absent nor null: translates what is understood, reports what deviates, and gives
 * `undefined` for what cannot be represented. `step` leads to the value in the document.
 */
export type ValueReader = (value: unknown, step: Step, context: ReadContext) => unknown;

/** The reader of a type. Readers of objects are made at their first use: types may refer to each other in circles. */
export function valueReaderOf(type: MemberType): ValueReader {
  switch (type.shape) {
    case 'text': return textReader(type satisfies TextType);
    case 'decimal': return readDecimal(type);
    case 'count': return readCount(type);
    case 'flag': return readFlag(type);
    case 'list': return listReader(type);
    case 'object': return objectReaderOf(type);
    case 'any': return (value) => value;
    default: throw new EmpError('oicp-type-unknown', 'a member has a type without reader', { retry: 'useless' });
  }
}
