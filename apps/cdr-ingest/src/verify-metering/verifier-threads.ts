import { Worker } from 'node:worker_threads';
import type { MeteringOutcome } from '../domain/metering-outcome.ts';
import type { MeteringRequest } from './metering-request.ts';
import type { MeteringVerifier } from './metering-verifier.ts';
import { couldNotVerify } from './verify-metering.ts';

/** Records a thread is given at once: enough to hide the way there, few enough to share them out. */
const PORTION = 50;


interface Portion {
  readonly requests: readonly MeteringRequest[];
  readonly resolve: (outcomes: readonly MeteringOutcome[]) => void;
  readonly reject: (error: unknown) => void;
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
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  #closed = false;

  constructor(private readonly size: number, private readonly settings: ThreadSettings = OWN_THREADS) {}

  async verify(requests: readonly MeteringRequest[]): Promise<readonly MeteringOutcome[]> {
    const portions: Promise<readonly MeteringOutcome[]>[] = [];
    for (let at = 0; at < requests.length; at += PORTION) portions.push(this.#portion(requests.slice(at, at + PORTION)));
    return (await Promise.all(portions)).flat();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((thread) => thread.terminate()));
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
      const thread = this.#idle.pop() ?? this.#another();
      if (!thread) return;
      const portion = this.#waiting.shift();
      if (portion) this.#run(thread, portion);
    }
  }

  #another(): Worker | undefined {
    if (this.#all.size >= this.size) return undefined;
    const thread = this.settings.make();
    this.#all.add(thread);
    return thread;
  }

  #run(thread: Worker, { requests, resolve, reject }: Portion): void {
    // One by one: a worker listens to itself, too, and falls silent when all its listeners are taken away.
    const leave = (): void => {
      clearTimeout(patience);
      thread.off('error', lost).off('exit', ended).off('message', done);
      thread.unref(); // an idle thread keeps no process alive
    };
    const lost = (why: unknown): void => {
      leave();
      this.#all.delete(thread);
      thread.on('error', () => undefined);
      void thread.terminate();
      reject(why);
      this.#feed();
    };
    const ended = (): void => lost(new Error('the thread ended'));
    const done = (outcomes: readonly MeteringOutcome[]): void => {
      leave();
      this.#idle.push(thread);
      resolve(outcomes);
      this.#feed();
    };
    const patience = setTimeout(() => lost(new Error('no outcome in time')), this.settings.patienceMs);
    thread.ref();
    thread.on('error', lost).on('exit', ended).on('message', done);
    thread.postMessage(requests);
  }
}
