import { pause } from '../back-off.ts';

const WITHIN_MS = 5_000;
const EVERY_MS = 100;

/**
 * Asks again while the answer is that somebody else should be asked, or later: leaders and coordinators move, and what
 * was just made is not known everywhere yet. kafkajs's admin gives most of that to the caller.
 */
export async function persistently<T>(question: () => Promise<T>, withinMs = WITHIN_MS): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (!mayPass(error) || Date.now() > deadline) throw error;
      await pause(EVERY_MS);
    }
  }
}

/** A `TypeError` is what kafkajs makes of metadata that no broker gave. */
function mayPass(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && 'retriable' in error && error.retriable === true);
}
