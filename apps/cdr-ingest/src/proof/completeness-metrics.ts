import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import type { Meter } from '@opentelemetry/api';

/** What shows an operator of the service that records are missing, before a customer does. */
export class CompletenessMetrics {
  constructor(meter: Meter, database: Database, clock: Clock) {
    meter.createObservableGauge('cdr_missing_records', { description: 'sessions without a record, by state' })
      .addCallback(async (gauge) => {
        const rows = await database.query<{ state: string; size: number }>(
          `SELECT state, count(*)::int AS size FROM missing_record WHERE state <> 'settled' GROUP BY state`,
        );
        for (const state of ['asking', 'given-up']) gauge.observe(rows.find((row) => row.state === state)?.size ?? 0, { state });
      });
    meter.createObservableGauge('cdr_watermark_age_seconds', { description: 'since when a provider\'s records are not certainly complete' })
      .addCallback(async (gauge) => {
        const rows = await database.query<{ provider_id: string; watermark: Date }>('SELECT provider_id, watermark FROM pull_watermark');
        const now = clock.now().getTime();
        for (const { provider_id: provider, watermark } of rows) gauge.observe((now - watermark.getTime()) / 1000, { provider });
      });
    meter.createObservableGauge('cdr_proof_differences', { description: 'sessions that do not fit, on the newest day proven, by reason' })
      .addCallback(async (gauge) => {
        const [last] = await database.query<{ reasons: Record<string, number> }>(
          `SELECT proof -> 'reasons' AS reasons FROM proof_snapshot ORDER BY day DESC, taken_at DESC LIMIT 1`,
        );
        for (const [reason, sessions] of Object.entries(last?.reasons ?? {})) gauge.observe(sessions, { reason });
      });
  }
}
