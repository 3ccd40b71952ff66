import { newId } from '@emp/kernel';
import { Job, type JobResult } from '@emp/service-kit';
import type { Meter } from '@opentelemetry/api';
import type { PullTrigger } from './pull-store.ts';
import { reconcileCdrs, type PullOrder, type ReconcileParts, type ReconcilePolicy } from './reconcile-cdrs.ts';

/** A reconciliation that was asked for. */
export interface Requested {
  readonly reconciliationId: string;
  /** Resolves once its first pull is on record, or once it has ended without. */
  readonly begun: Promise<unknown>;
  readonly ended: Promise<JobResult>;
}

export interface PullSchedule {
  /** Also the name of the lock: once at a time over all replicas. */
  readonly name: string;
  readonly everySeconds: number;
  /** What to pull when the time has come; `null` = nothing is due. */
  readonly due: () => Promise<PullOrder | null>;
  /** After a pull that was due. */
  readonly pulled?: (order: PullOrder) => Promise<void>;
}

interface Run {
  readonly id: string;
  readonly trigger: PullTrigger;
  readonly order: PullOrder | undefined;
  readonly started: Promise<void>;
  readonly begun: () => void;
}

/** First pull after a start: soon, for what came while we were away. */
const FIRST_AFTER_MS = 5_000;

/** Pulls every so often and on request; once at a time over all replicas. */
export class ReconciliationJob {
  readonly #job: Job;
  #run = nextRun('schedule');

  constructor(parts: ReconcileParts & { readonly meter: Meter }, policy: ReconcilePolicy, schedule: PullSchedule) {
    const everyMs = schedule.everySeconds * 1000;
    this.#job = new Job({
      name: schedule.name, everyMs, firstAfterMs: Math.min(everyMs, FIRST_AFTER_MS),
      database: parts.database, log: parts.log, meter: parts.meter,
      work: async (signal) => {
        const { id, trigger, order: asked, begun } = this.#run;
        try {
          const order = asked ?? (await schedule.due());
          if (order) await reconcileCdrs(parts, policy, { id, trigger, order, signal, begun });
          if (order && !asked) await schedule.pulled?.(order);
        } finally {
          this.#run = nextRun('schedule');
        }
      },
    });
  }

  get running(): boolean {
    return this.#job.running;
  }

  /** Pulls now; joins the run that is under way in this process, whatever it pulls. */
  request(order: PullOrder): Requested {
    if (!this.#job.running) this.#run = nextRun('request', order);
    const run = this.#run;
    const ended = this.#job.runNow();
    return { reconciliationId: run.id, begun: Promise.race([run.started, ended]), ended };
  }

  /** Resolves when no run is under way in this process. */
  async idle(): Promise<void> {
    if (this.#job.running) await this.#job.runNow();
  }

  /** Does what is due, now. */
  runDue(): Promise<JobResult> {
    return this.#job.runNow();
  }

  stop(): Promise<void> {
    return this.#job.stop();
  }
}

function nextRun(trigger: PullTrigger, order?: PullOrder): Run {
  let begun = (): void => undefined;
  const started = new Promise<void>((resolve) => { begun = resolve; });
  return { id: newId(), trigger, order, started, begun };
}
