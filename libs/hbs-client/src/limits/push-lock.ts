import type { Database } from '@emp/database';
import { pause } from '../pause.ts';

/** Lets one push after the other through (OICP §2.9: overlapping pushes of an operation are refused with 009). */
export interface PushLock {
  /** `'busy'`, and `work` not done, if other pushes held the lock for longer than `patienceMs`. */
  hold<T>(name: string, patienceMs: number, work: () => Promise<T>): Promise<T | 'busy'>;
}

/** Within one process: pushes queue in the order they came. */
export class MemoryPushLock implements PushLock {
  readonly #last = new Map<string, Promise<void>>();

  async hold<T>(name: string, patienceMs: number, work: () => Promise<T>): Promise<T | 'busy'> {
    const before = this.#last.get(name) ?? Promise.resolve();
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => { leave = resolve; });
    this.#last.set(name, before.then(() => left));
    const patience = new AbortController();
    const turn = await Promise.race([
      before.then(() => 'mine' as const),
      pause(patienceMs, patience.signal).then(() => 'busy' as const),
    ]);
    patience.abort();
    try {
      return turn === 'mine' ? await work() : 'busy';
    } finally {
      leave();
    }
  }
}

/** Across all replicas: a session advisory lock in the database; the process that dies frees it. */
export class SharedPushLock implements PushLock {
  readonly #database: Database;
  readonly #local = new MemoryPushLock();

  constructor(database: Database) {
    this.#database = database;
  }

  async hold<T>(name: string, patienceMs: number, work: () => Promise<T>): Promise<T | 'busy'> {
    const until = Date.now() + patienceMs;
    return this.#local.hold(name, patienceMs, async () => {
      for (let tries = 1; ; tries += 1) {
        const done = await this.#database.lock(`hbs-push:${name}`, async () => ({ value: await work() }));
        if (done !== 'held-elsewhere') return done.value;
        if (Date.now() >= until) return 'busy';
        await pause(Math.min(100 * tries, 1_000) * (0.5 + Math.random() / 2));
      }
    });
  }
}
