import type { ReconcilePolicy } from '../src/reconcile-cdrs/reconcile-cdrs.ts';

/** Small enough for tests: two records a page, three days back. */
export const PULL_POLICY: ReconcilePolicy = {
  providers: ['DE-EMP'], overlapHours: 72, lookBackDays: 3, windowHours: 168, sweepDays: 30, pageSize: 2, sessionBatch: 2,
};
