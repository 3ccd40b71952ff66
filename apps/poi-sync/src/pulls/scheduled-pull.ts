import type { Database } from '@emp/database';
import { messageOf, type Clock } from '@emp/kernel';
import { Job, Problem, type Log } from '@emp/service-kit';
import type { Meter } from '@opentelemetry/api';
import { PullReport } from './pull-report.ts';
import type { PullRunStore } from './pull-run.store.ts';
import type { PullKind, PullRun, PullState, Removals } from './pull-run.ts';

/** What the work of a pull is given. */
export interface RunningPull {
  readonly id: string;
  readonly report: PullReport;
  readonly removals: Removals;
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
}

export interface PullDefinition {
  readonly kind: PullKind;
  /** 0 = only when asked. */
  readonly everySeconds: number;
  readonly work: (run: RunningPull) => Promise<void>;
  /** Holds back a scheduled run; one that is asked for runs anyway. */
  readonly ready?: () => Promise<boolean>;
  /** After each run, however it ended. */
  readonly ended: (run: PullRun) => Promise<void>;
}

export interface PullParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly runs: PullRunStore;
}

/** How often it is looked whether a run is due, and how long a failed one rests. */
const LOOK_EVERY_MS = 30_000;
const REST_AFTER_FAILURE_MS = 600_000;

/**
 * A pull that runs every so often and when asked, once over all replicas: whether it is due is read from the runs that
 * all of them write, under the lock that only one can hold.
 */
export class ScheduledPull {
  readonly #definition: PullDefinition;
  readonly #parts: PullParts;
  readonly #job: Job<PullRun | null>;
  #asked: Removals | undefined;
  #current: RunningPull | undefined;

  constructor(definition: PullDefinition, parts: PullParts) {
    this.#definition = definition;
    this.#parts = parts;
    const { database, log, meter } = parts;
    const everyMs = Math.min(definition.everySeconds * 1000, LOOK_EVERY_MS);
    const name = `poi-sync.${definition.kind}`;
    this.#job = new Job({ name, everyMs, database, log, meter, work: (signal) => this.#work(signal) });
  }

  /** Runs now, or joins the run under way here; the run as it ended. Throws Problem 409 if another replica is at it. */
  async ask(removals: Removals = 'limited'): Promise<PullRun> {
    const { kind } = this.#definition;
    if (this.#current && this.#current.removals !== removals && removals === 'allowed') {
      throw underWay(kind, 'here, with limited removals');
    }
    if (!this.#current) this.#asked = removals;
    for (;;) {
      const { outcome, detail } = await this.#job.runNow();
      if (outcome === 'held-elsewhere') throw underWay(kind, 'in another replica');
      if (outcome === 'done' && detail === null) continue; // a scheduled look that was not due got in between
      const run = detail !== null && typeof detail === 'object' ? detail : await this.#parts.runs.last(kind);
      if (run === null) throw new Problem(503, 'pull-not-begun', `pull ${kind} could not begin: ${String(detail)}`);
      return run;
    }
  }

  stop(): Promise<void> {
    return this.#job.stop();
  }

  async #work(signal: AbortSignal): Promise<PullRun | null> {
    const removals = this.#asked;
    this.#asked = undefined;
    if (removals === undefined && !(await this.#isDue())) return null;
    const { runs, clock } = this.#parts;
    const { kind } = this.#definition;
    const startedAt = clock.now();
    const run: RunningPull = {
      id: await runs.begin(kind, startedAt), report: new PullReport(), removals: removals ?? 'limited', signal
    };
    this.#current = run;
    try {
      await this.#definition.work(run);
      return await this.#end(run, 'complete', null);
    } catch (error) {
      const ended = await this.#end(run, signal.aborted ? 'interrupted' : 'failed', messageOf(error));
      if (signal.aborted) return ended;
      throw error;
    } finally {
      this.#current = undefined;
    }
  }

  async #end(run: RunningPull, state: Exclude<PullState, 'running'>, error: string | null): Promise<PullRun> {
    const { runs, clock, log } = this.#parts;
    const ended = await runs.end(run.id, run.report, { state, error, now: clock.now() });
    const { kind, counts, notes } = ended;
    log.info({ pull: kind, runId: run.id, state, counts, notes: notes.slice(0, 5) }, 'pull ended');
    await this.#definition.ended(ended);
    return ended;
  }

  async #isDue(): Promise<boolean> {
    const { runs, clock } = this.#parts;
    const { kind, everySeconds, ready } = this.#definition;
    const everyMs = everySeconds * 1000;
    const [complete, last] = await Promise.all([runs.lastComplete(kind), runs.last(kind)]);
    const since = (run: PullRun | null): number => (run ? clock.now().getTime() - run.startedAt.getTime() : Infinity);
    if (since(complete) < everyMs) return false;
    if (last?.state === 'failed' && since(last) < Math.min(everyMs, REST_AFTER_FAILURE_MS)) return false;
    return ready === undefined || ready();
  }
}

const underWay = (kind: PullKind, where: string): Problem =>
  new Problem(
    409, 'pull-under-way',
    `a pull of ${kind} is under way ${where}: see GET /v1/pulls?kind=${kind}, ask again when it has ended`,
  );
