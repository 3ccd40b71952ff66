import { pause } from '../back-off.ts';

const TICK_MS = 250;

/** Waits for work, doing something regularly meanwhile, but not for ever: then `'slow'`, and the work goes on. */
export async function holdFor<T>(
  work: Promise<T>,
  { ms, meanwhile }: { readonly ms: number; readonly meanwhile: () => void },
): Promise<T | 'slow'> {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    const done = new AbortController();
    const outcome = await Promise.race([work, pause(TICK_MS, done.signal).then(() => 'tick' as const)]);
    done.abort();
    if (outcome !== 'tick') return outcome;
    meanwhile();
  }
  return 'slow';
}

/** Work that must not take longer. It is not ended, only no longer waited for. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  try {
    return await Promise.race([work, pause(ms, done.signal).then(() => tooLate(ms))]);
  } finally {
    done.abort();
  }
}

function tooLate(ms: number): never {
  throw new Error(`no answer within ${ms} ms`);
}
