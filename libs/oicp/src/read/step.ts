/**
 * One step of the way into a document as a small integer: an index of a list is itself, a member's name is the
 * complement of its number. The names our classes declare are numbered once; names from documents are numbered by the
 * context of the one reading, so that foreign names do not pile up.
 */
export type Step = number;

/** Numbers below this belong to a reading, not to our classes. */
export const FIRST_FOREIGN = 1_000_000;

const names: string[] = [];
const numbers = new Map<string, number>();

/** The step for a name that a class declares. */
export function memberStep(name: string): Step {
  let number = numbers.get(name);
  if (number === undefined) {
    number = names.push(name) - 1;
    numbers.set(name, number);
  }
  return ~number;
}

export const declaredName = (number: number): string => names[number] ?? '';
