import { setTimeout as delay } from 'node:timers/promises';
import { EmpError, messageOf } from '@emp/kernel';
import type { Log } from './log.ts';

export interface Patience {
  /** For how long an attempt is followed by another one. */
  readonly forMs: number;
  readonly log: Log;
}

/** What comes back by itself. Unusable files, say, do not: whoever deploys should see the service fail. */
const AWAY: ReadonlySet<string> = new Set(['database-unavailable', 'broker-unavailable']);

const PAUSE = { firstMs: 500, longestMs: 10_000 };

/** Starts again and again while what is needed is away, less and less often; throws what no waiting helps, and the last. */
export async function patiently<T>(start: () => Promise<T>, { forMs, log }: Patience): Promise<T> {
  const begunAt = Date.now();
  let isLast = false;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      const leftMs = begunAt + forMs - Date.now();
      if (!(error instanceof EmpError) || !isAway(error) || isLast || leftMs <= 0) throw error;
      const pauseMs = Math.min(PAUSE.firstMs * 2 ** (attempt - 1), PAUSE.longestMs, leftMs);
      isLast = pauseMs === leftMs;
      const about = { reason: messageOf(error), slug: error.slug, attempt };
      log.warn({ ...about, againInMs: pauseMs, givingUpInMs: leftMs }, 'service not started yet, waiting');
      await delay(pauseMs);
    }
  }
}

const isAway = ({ slug, retry }: EmpError): boolean => retry === 'helps' && AWAY.has(slug);
