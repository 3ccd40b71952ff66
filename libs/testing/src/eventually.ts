import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@emp/kernel';

const POLL_MS = 20;

/**
 * Waits until `condition` gives something other than `false`, `null` or `undefined`, and returns it. What it throws
 * counts as "not yet" (so a condition may contain `expect`), and is told when the time is over.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { withinMs = 5_000, what = 'the condition' }: { readonly withinMs?: number; readonly what?: string } = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const attempt = await tryOnce(condition);
    if (attempt.met) return attempt.value;
    if (Date.now() >= deadline) throw new Error(`${what} did not happen within ${withinMs} ms: ${attempt.seen}`);
    await delay(POLL_MS);
  }
}

type Attempt<T> = { readonly met: true; readonly value: Exclude<T, false | null | undefined> } | { readonly met: false; readonly seen: string };

async function tryOnce<T>(condition: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    const value = await condition();
    if (value === false || value === null || value === undefined) return { met: false, seen: `it was still ${String(value)}` };
    return { met: true, value: value as Exclude<T, false | null | undefined> };
  } catch (error) {
    return { met: false, seen: messageOf(error) };
  }
}
