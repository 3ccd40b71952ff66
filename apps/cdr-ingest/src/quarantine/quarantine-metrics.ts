import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import type { Counter, Histogram, Meter, ObservableGauge } from '@opentelemetry/api';
import { AGE_BANDS } from '../domain/case-age.ts';
import type { CaseMove, CaseState } from '../domain/case.ts';
import type { CaseRow } from './case-row.ts';
import { openCasesNow } from './open-cases.reader.ts';

/** From the opening of a case to a person's decision, seconds. */
const DECISION_BOUNDARIES = [60, 600, 3_600, 14_400, 86_400, 259_200, 604_800, 2_592_000];

/** How the quarantine ages, and what people do about it. No label carries an id. */
export class QuarantineMetrics {
  readonly #moves: Counter;
  readonly #untilDecided: Histogram;

  constructor(meter: Meter, database: Database, clock: Clock) {
    this.#moves = meter.createCounter('cdr_case_moves', {
      description: 'decisions of people, by move and the state of the case after it',
    });
    this.#untilDecided = meter.createHistogram('cdr_case_seconds', {
      description: 'from the opening of a case to the decision that closed it',
      advice: { explicitBucketBoundaries: DECISION_BOUNDARIES },
    });
    const gauge = (name: string, description: string): ObservableGauge =>
      meter.createObservableGauge(name, { description });
    const oldest = gauge('cdr_cases_oldest_seconds', 'age of the oldest open case; 0 = none is open');
    const open = gauge('cdr_cases_open', 'open cases by what keeps them open; one can count for several codes');
    const aged = gauge('cdr_cases_by_age', 'open cases by how long they have been open');
    meter.addBatchObservableCallback(async (result) => {
      const now = await openCasesNow(database, clock.now());
      result.observe(oldest, now.oldestSeconds);
      for (const [code, count] of Object.entries(now.byCode)) result.observe(open, count, { code });
      for (const age of AGE_BANDS) result.observe(aged, now.byAge[age] ?? 0, { age });
    }, [oldest, open, aged]);
  }

  decided(move: CaseMove, state: CaseState, before: CaseRow, now: Date): void {
    this.#moves.add(1, { move, state });
    if (before.state !== 'open' || state === 'open') return;
    this.#untilDecided.record((now.getTime() - before.openedAt.getTime()) / 1000, { state });
  }
}
