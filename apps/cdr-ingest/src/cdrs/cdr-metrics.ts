import type { Database } from '@emp/database';
import type { Log } from '@emp/service-kit';
import type { Counter, Histogram, Meter } from '@opentelemetry/api';
import type { CdrFinding } from '../domain/cdr-finding.ts';

/** Seconds from the end of a session to the receipt of its record: minutes when forwarded, days when pulled. */
const LAG_BOUNDARIES = [1, 10, 60, 300, 900, 3_600, 14_400, 86_400, 259_200, 864_000, 2_592_000];

/** What operators of the service watch. No label carries an id. */
export class CdrMetrics {
  readonly #records: Counter;
  readonly #settled: Counter;
  readonly #lag: Histogram;
  readonly #findings: Counter;
  readonly #signed: Counter;

  constructor(meter: Meter, database: Database) {
    this.#records = meter.createCounter('cdr_records', { description: 'records received, by outcome and origin' });
    this.#settled = meter.createCounter('cdr_settled', { description: 'waiting records judged again, by outcome' });
    this.#findings = meter.createCounter('cdr_findings', { description: 'findings about new records, by code and severity' });
    this.#signed = meter.createCounter('cdr_signed_metering', { description: 'new records, by what their signed values prove' });
    this.#lag = meter.createHistogram('cdr_lag_seconds', {
      description: 'from the end of a session to the receipt of its record',
      advice: { explicitBucketBoundaries: LAG_BOUNDARIES },
    });
    meter.createObservableGauge('cdr_quarantine_size', { description: 'records that wait for a person or a fact' })
      .addCallback(async (gauge) => {
        const [row] = await database.query<{ size: number }>(
          `SELECT count(*)::int AS size FROM cdr WHERE state <> 'accepted' AND state = 'quarantined'`, // by the small index
        );
        gauge.observe(row?.size ?? 0);
      });
  }

  received(outcome: string, origin: string, lagSeconds: number | null): void {
    this.#records.add(1, { outcome, origin });
    if (lagSeconds !== null) this.#lag.record(lagSeconds, { origin });
  }

  /** What was found about a new record, and what its signed values prove. */
  judged(findings: readonly CdrFinding[], verdict: string): void {
    for (const { code, severity } of findings) this.#findings.add(1, { code, severity });
    this.#signed.add(1, { verdict });
  }

  /** Records in quarantine that were checked again. */
  settled(settled: readonly { readonly outcome: 'accepted' | 'quarantined' }[], log: Log): void {
    if (settled.length === 0) return;
    const accepted = settled.filter(({ outcome }) => outcome === 'accepted').length;
    const stillQuarantined = settled.length - accepted;
    if (accepted > 0) this.#settled.add(accepted, { outcome: 'accepted' });
    if (stillQuarantined > 0) this.#settled.add(stillQuarantined, { outcome: 'quarantined' });
    log.info({ accepted, stillQuarantined }, 'waiting records settled');
  }
}
