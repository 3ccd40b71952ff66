import type { Database } from '@emp/database';
import { messageOf } from '@emp/kernel';
import type { Meter } from '@opentelemetry/api';
import type { Log } from './log.ts';

export interface JobResult<T = unknown> {
  readonly startedAt: string;
  readonly endedAt: string;
  /** `held-elsewhere`: another replica is at it. */
  readonly outcome: 'done' | 'failed' | 'held-elsewhere';
  readonly detail: T | string | null;
}

export interface JobDefinition<T> {
  /** Also the name of its advisory lock: one run at a time over all replicas. */
  readonly name: string;
  /** Pause between the end of a run and the next one's start; 0 = only when asked. */
  readonly everyMs: number;
  readonly firstAfterMs?: number;
  readonly database: Database;
  readonly log: Log;
  readonly meter: Meter;
  /**
   * What a run does; its result is shown as the job's last result. `signal` aborts on shutdown, and when the lock is lost:
   * then another replica may begin.
   */
  readonly work: (signal: AbortSignal) => Promise<T>;
}

/** Work that runs again and again, once over all replicas, and tells how it went. */
export class Job<T = unknown> {
  readonly #definition: JobDefinition<T>;
  readonly #abort = new AbortController();
  readonly #runs;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<JobResult<T>> | undefined;
  #last: JobResult<T> | null = null;

  constructor(definition: JobDefinition<T>) {
    this.#definition = definition;
    this.#runs = definition.meter.createCounter('job_runs', { description: 'runs of jobs by outcome' });
    if (definition.everyMs > 0) this.#schedule(definition.firstAfterMs ?? definition.everyMs);
  }

  get last(): JobResult<T> | null {
    return this.#last;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Runs now, or joins the run that is under way here. */
  runNow(): Promise<JobResult<T>> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#definition.everyMs > 0) this.#schedule(this.#definition.everyMs);
    });
    return this.#running;
  }

  /** No further run; the one under way is told to end and awaited. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#abort.abort();
    await this.#running;
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer);
    if (this.#abort.signal.aborted) return;
    this.#timer = setTimeout(() => void this.runNow(), afterMs);
    this.#timer.unref();
  }

  async #run(): Promise<JobResult<T>> {
    const { name, database, log, work } = this.#definition;
    const startedAt = new Date().toISOString();
    const result = await database
      .lock(`job:${name}`, (held) => work(AbortSignal.any([this.#abort.signal, held])))
      .then(
        (value): Omit<JobResult<T>, 'startedAt' | 'endedAt'> =>
          value === 'held-elsewhere' ? { outcome: 'held-elsewhere', detail: null } : { outcome: 'done', detail: value as T },
        (error: unknown) => {
          log.error({ job: name, err: error }, 'job failed');
          return { outcome: 'failed' as const, detail: messageOf(error) };
        },
      );
    this.#runs.add(1, { job: name, outcome: result.outcome });
    this.#last = { startedAt, endedAt: new Date().toISOString(), ...result };
    return this.#last;
  }
}
