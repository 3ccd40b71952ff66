import { Worker } from 'node:worker_threads';
import type { MeteringOutcome } from '../domain/metering-outcome.ts';
import type { MeteringRequest } from './metering-request.ts';
import type { MeteringVerifier } from './metering-verifier.ts';
import { couldNotVerify } from './verify-metering.ts';

/** Records a thread is given at once: enough to hide the way there, few enough to share them out. */
const PORTION = 50;

/**
 * Portions that lie with a thread. It takes the next one from its own pile: our event loop may be reading a batch for
 * longer than a portion takes, and a thread that waited for it did nothing half of the time.
 */
const PILE = 12;

interface Portion {
  readonly requests: readonly MeteringRequest[];
  readonly resolve: (outcomes: readonly MeteringOutcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread and what lies with it, in order: it is at work on the first. */
interface Thread {
  readonly worker: Worker;
  readonly pile: Portion[];
  /** Starting takes as long as the machine needs; only then is it expected to answer in time. */
  online: boolean;
  patience: NodeJS.Timeout | undefined;
}

export interface ThreadSettings {
  /** How a thread is made; tests make others. */
  readonly make: () => Worker;
  /** Without a result for so long a thread counts as lost: a record takes milliseconds, on a busy machine more. */
  readonly patienceMs: number;
}

const OWN_THREADS: ThreadSettings = {
  make: () => new Worker(new URL('./verifier-thread.js', import.meta.url)), patienceMs: 30_000,
};

/**
 * Verifies on threads of its own, so that the event loop goes on reading and writing. A value that kills or hangs its
 * thread costs the record it belongs to, which is then `unverifiable`: the others of its portion are tried again alone.
 */
export class VerifierThreads implements MeteringVerifier {
  readonly #waiting: Portion[] = [];
  readonly #threads = new Set<Thread>();
  #closed = false;

  constructor(private readonly size: number, private readonly settings: ThreadSettings = OWN_THREADS) {}

  async verify(requests: readonly MeteringRequest[]): Promise<readonly MeteringOutcome[]> {
    const portions: Promise<readonly MeteringOutcome[]>[] = [];
    for (let at = 0; at < requests.length; at += PORTION) portions.push(this.#portion(requests.slice(at, at + PORTION)));
    return (await Promise.all(portions)).flat();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
    this.#waiting.splice(0).forEach(({ reject }) => reject(new Error('verification was closed')));
  }

  async #portion(requests: readonly MeteringRequest[]): Promise<readonly MeteringOutcome[]> {
    try {
      return await this.#ask(requests);
    } catch (error) {
      if (this.#closed) throw error;
      if (requests.length === 1) {
        return [couldNotVerify('verifier-lost', 'the verifier died or hung on these values')];
      }
      return (await Promise.all(requests.map((request) => this.#portion([request])))).flat();
    }
  }

  #ask(requests: readonly MeteringRequest[]): Promise<readonly MeteringOutcome[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ requests, resolve, reject });
      this.#feed();
    });
  }

  #feed(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const thread = this.#leastBurdened();
      if (thread.pile.length >= PILE) return;
      const portion = this.#waiting.shift();
      if (portion) this.#give(thread, portion);
    }
  }

  /** One with nothing to do, else a new one while there may be more, else the one with the smallest pile. */
  #leastBurdened(): Thread {
    const [least] = [...this.#threads].sort((one, other) => one.pile.length - other.pile.length);
    return least && (least.pile.length === 0 || this.#threads.size >= this.size) ? least : this.#another();
  }

  #another(): Thread {
    const thread: Thread = { worker: this.settings.make(), pile: [], online: false, patience: undefined };
    this.#threads.add(thread);
    thread.worker
      .on('online', () => { thread.online = true; this.#watch(thread); })
      .on('message', (outcomes: readonly MeteringOutcome[]) => this.#done(thread, outcomes))
      .on('error', () => undefined) // what it had to say has come when it ends, which follows
      .on('exit', () => this.#lost(thread));
    return thread;
  }

  #give(thread: Thread, portion: Portion): void {
    thread.pile.push(portion);
    if (thread.pile.length === 1) this.#watch(thread);
    thread.worker.postMessage(portion.requests);
  }

  #done(thread: Thread, outcomes: readonly MeteringOutcome[]): void {
    thread.pile.shift()?.resolve(outcomes);
    this.#watch(thread);
    this.#feed();
  }

  /** Gives a thread its time for the first portion of its pile; one without a portion keeps no process alive. */
  #watch(thread: Thread): void {
    clearTimeout(thread.patience);
    if (thread.pile.length === 0) return thread.worker.unref();
    thread.worker.ref();
    if (thread.online) thread.patience = setTimeout(() => void thread.worker.terminate(), this.settings.patienceMs);
  }

  /** The portion it was at work on killed or hung it; those that lay behind are for another thread. */
  #lost(thread: Thread): void {
    clearTimeout(thread.patience);
    this.#threads.delete(thread);
    const [fatal, ...others] = thread.pile.splice(0);
    this.#waiting.unshift(...others);
    fatal?.reject(new Error('the thread ended'));
    this.#feed();
  }
}
