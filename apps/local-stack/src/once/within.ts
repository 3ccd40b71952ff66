import { setTimeout as pause } from 'node:timers/promises';
import { EmpError, messageOf } from '@emp/kernel';

/** How long any one step of a story may take. */
const LIMIT_MS = 20_000;
const ASK_EVERY_MS = 50;

/**
 * Asks again until the step happened. @throws EmpError `step-did-not-happen` that says which, and what was last seen.
 */
export async function within<T>(step: string, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  let last = 'nothing was seen of it';
  while (performance.now() < end) {
    try {
      const seen = await ask();
      if (seen !== undefined) return seen;
    } catch (error) {
      last = messageOf(error);
    }
    await pause(ASK_EVERY_MS);
  }
  throw new EmpError('step-did-not-happen', `"${step}" did not happen within ${LIMIT_MS / 1000} s: ${last}`, { retry: 'helps' });
}

/** Holds a step to what it should have come to. @throws EmpError `step-went-wrong`. */
export function require(step: string, holds: boolean, seen: unknown): void {
  if (holds) return;
  throw new EmpError('step-went-wrong', `"${step}" went wrong: ${JSON.stringify(seen)}`, { retry: 'useless' });
}
