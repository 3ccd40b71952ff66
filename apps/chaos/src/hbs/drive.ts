import { setTimeout as pause } from 'node:timers/promises';
import type { SessionPlan } from '../schedule/sessions.ts';

export interface Drive {
  readonly sessions: number;
  /** Sessions begin evenly over this time; `undefined`: as fast as `atOnce` allows. */
  readonly withinMs: number | undefined;
  readonly atOnce: number;
  readonly plan: (number: number) => SessionPlan;
  readonly play: (plan: SessionPlan) => Promise<void>;
  /** Told before each session begins. */
  readonly begins: (number: number) => void;
  /** No further session begins after this. */
  readonly over: AbortSignal;
}

/** Plays the sessions in order, many side by side. Returns how many began; all of them have ended by then. */
export async function drive(run: Drive): Promise<number> {
  const begunAt = performance.now();
  const under = new Set<Promise<void>>();
  let number = 0;
  while (number < run.sessions && !run.over.aborted) {
    if (under.size >= run.atOnce) {
      await Promise.race(under);
      continue;
    }
    const due = run.withinMs === undefined ? 0 : (run.withinMs * number) / run.sessions;
    const early = begunAt + due - performance.now();
    if (early > 1) await pause(early, undefined, { signal: run.over }).catch(() => undefined);
    if (run.over.aborted) break;
    number += 1;
    run.begins(number);
    const session = run.play(run.plan(number)).finally(() => under.delete(session));
    under.add(session);
  }
  await Promise.all(under);
  return number;
}
