import type { Meter } from '@opentelemetry/api';
import { askedOrder, dueMissing, noteAnswers, type AskPolicy } from '../missing-records/ask-for-missing.ts';
import { ReconciliationJob, type Requested } from './reconciliation-job.ts';
import type { PullOrder, ReconcileParts, ReconcilePolicy } from './reconcile-cdrs.ts';

export interface ReconciliationSchedule {
  readonly everySeconds: number;
  /** How often a sweep begins; 0 = only when asked. */
  readonly sweepEveryHours: number;
  /** How often missing records are looked through; 0 = never. */
  readonly askEverySeconds: number;
}

/** A sweep that failed or was interrupted goes on this much later. */
const SWEEP_LOOK_SECONDS = 900;

/** Every pull of records: regular, sweeping, and what is asked for by hand or missing; each once at a time. */
export class Reconciliations {
  readonly regular: ReconciliationJob;
  readonly sweep: ReconciliationJob;
  readonly onRequest: ReconciliationJob;

  constructor(
    parts: ReconcileParts & { readonly meter: Meter },
    policy: ReconcilePolicy & AskPolicy,
    schedule: ReconciliationSchedule,
  ) {
    const { providers } = policy;
    this.regular = new ReconciliationJob(parts, policy, {
      name: 'cdr-ingest.reconcile-cdrs', everySeconds: schedule.everySeconds, due: async () => ({ kind: 'regular', providers }),
    });
    this.sweep = new ReconciliationJob(parts, policy, {
      name: 'cdr-ingest.sweep-cdrs',
      everySeconds: schedule.sweepEveryHours === 0 ? 0 : SWEEP_LOOK_SECONDS,
      due: async () => {
        const since = new Date(parts.clock.now().getTime() - schedule.sweepEveryHours * 3_600_000);
        const rows = await parts.database.query<{ provider_id: string }>(
          `SELECT DISTINCT provider_id FROM reconciliation_pull
           WHERE kind = 'sweep' AND state IN ('done', 'incomplete') AND ended_at > $1`, [since],
        );
        const swept = new Set(rows.map((row) => row.provider_id));
        const left = providers.filter((providerId) => !swept.has(providerId));
        return left.length === 0 ? null : { kind: 'sweep', providers: left };
      },
    });
    this.onRequest = new ReconciliationJob(parts, policy, {
      name: 'cdr-ingest.pull-on-request', everySeconds: schedule.askEverySeconds,
      due: async () => askedOrder(await dueMissing(parts.database, parts.clock.now(), policy), policy.connectionOf),
      pulled: (order) => noteAnswers(parts.database, order, parts.clock.now(), policy),
    });
  }

  /** The job that an order is for. */
  jobOf({ kind }: PullOrder): ReconciliationJob {
    if (kind === 'regular') return this.regular;
    return kind === 'sweep' ? this.sweep : this.onRequest;
  }

  request(order: PullOrder): Requested {
    return this.jobOf(order).request(order);
  }

  async stop(): Promise<void> {
    await Promise.all([this.regular.stop(), this.sweep.stop(), this.onRequest.stop()]);
  }
}
