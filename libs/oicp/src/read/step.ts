import { pointerStep } from '../pointer.ts';

/**
 * One step of the way into a document as a small integer: an index of a list is itself, a member's name is the
 * complement of its number. The names our classes declare are numbered once; names from documents are numbered by the
 * context of the one reading, so that foreign names do not pile up.
 */
export type Step = number;

/** Numbers below this belong to a reading, not to our classes. */
export const FIRST_FOREIGN = 1_000_000;

/** Already escaped, as a pointer has them: `/Address`. */
const names: string[] = [''];
const numbers = new Map<string, number>();

/** Leads nowhere: for an object of ours that the document does not have around its content. */
export const NO_STEP: Step = ~0;

/** The step for a name that a class declares. */
export function memberStep(name: string): Step {
  let number = numbers.get(name);
  if (number === undefined) {
    number = names.push(pointerStep(name)) - 1;
    numbers.set(name, number);
  }
  return ~number;
}

/** A step as a piece of a pointer; `foreign` are the pieces that only this document has. */
export function stepText(step: Step, foreign: readonly string[]): string {
  if (step >= 0) return `/${step}`;
  const number = ~step;
  return number < FIRST_FOREIGN ? names[number]! : foreign[number - FIRST_FOREIGN]!;
}
