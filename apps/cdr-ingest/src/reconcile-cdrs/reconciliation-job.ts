import { newId } from '@emp/kernel';
import { Job, type JobResult } from '@emp/service-kit';
import type { Meter } from '@opentelemetry/api';
import { reconcileCdrs, type ReconcileParts, type ReconcilePolicy } from './reconcile-cdrs.ts';
import type { PullTrigger } from './pull-store.ts';

/** A reconciliation that was asked for. */
export interface Requested {
  readonly reconciliationId: string;
  /** Resolves once its first pull is on record, or once it has ended without. */
  readonly begun: Promise<unknown>;
  readonly ended: Promise<JobResult>;
}

/** First pull after a start: soon, for what came while we were away. */
const FIRST_AFTER_MS = 5_000;

/** Runs the reconciliation every so often and on request; once at a time over all replicas. */
export class ReconciliationJob {
  readonly #job: Job;
  #run = ReconciliationJob.#nextRun('schedule');

  constructor(parts: ReconcileParts & { readonly meter: Meter }, policy: ReconcilePolicy & { readonly everySeconds: number }) {
    const everyMs = policy.everySeconds * 1000;
    this.#job = new Job({
      name: 'cdr-ingest.reconcile-cdrs', everyMs, firstAfterMs: Math.min(everyMs, FIRST_AFTER_MS),
      database: parts.database, log: parts.log, meter: parts.meter,
      work: async (signal) => {
        const run = this.#run;
        try {
          await reconcileCdrs(parts, policy, { id: run.id, trigger: run.trigger, signal, begun: run.begun });
        } finally {
          this.#run = ReconciliationJob.#nextRun('schedule');
        }
      },
    });
  }

  /** Pulls now; joins the run that is under way in this process. */
  request(): Requested {
    if (!this.#job.running) this.#run = ReconciliationJob.#nextRun('request');
    const run = this.#run;
    const ended = this.#job.runNow();
    return { reconciliationId: run.id, begun: Promise.race([run.started, ended]), ended };
  }

  /** Resolves when no run is under way in this process. */
  async idle(): Promise<void> {
    if (this.#job.running) await this.#job.runNow();
  }

  stop(): Promise<void> {
    return this.#job.stop();
  }

  static #nextRun(trigger: PullTrigger): { id: string; trigger: PullTrigger; started: Promise<void>; begun: () => void } {
    let begun = (): void => undefined;
    const started = new Promise<void>((resolve) => { begun = resolve; });
    return { id: newId(), trigger, started, begun };
  }
}
