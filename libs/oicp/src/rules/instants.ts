import { parseOffsetDateTime } from '@emp/kernel';

/** Milliseconds since 1970 of a date-time text; `undefined` if it is absent or not one. */
export function instantOf(text: string | undefined): number | undefined {
  if (text === undefined || text === null) return undefined;
  const read = parseOffsetDateTime(text);
  return read.ok ? read.value.epochMillis : undefined;
}

/** Whether the first is certainly after the second; of unreadable moments nothing is certain. */
export function isAfter(one: string | undefined, other: string | undefined): boolean {
  const [first, second] = [instantOf(one), instantOf(other)];
  return first !== undefined && second !== undefined && first > second;
}
