import type { Counter, Meter } from '@opentelemetry/api';
import type { Database } from '@emp/database';
import type { Outbox } from './outbox.ts';

export interface OutboxMetrics {
  readonly published: Counter;
  close(): void;
}

/** `outbox_pending`, `outbox_oldest_age_seconds` (asked of the database at each scrape), `outbox_published`. */
export function observeOutbox(meter: Meter, outbox: Outbox, database: Database): OutboxMetrics {
  const pending = meter.createObservableGauge('outbox_pending', { description: 'events that wait to be published' });
  const oldestAge = meter.createObservableGauge('outbox_oldest_age_seconds', { description: 'age of the oldest event that waits to be published', unit: 's' });
  const observe: Parameters<Meter['addBatchObservableCallback']>[0] = async (result) => {
    const { count, oldestAt } = await outbox.pending(database);
    result.observe(pending, count);
    result.observe(oldestAge, oldestAt === null ? 0 : (Date.now() - oldestAt.getTime()) / 1000);
  };
  meter.addBatchObservableCallback(observe, [pending, oldestAge]);
  return {
    published: meter.createCounter('outbox_published', { description: 'events published to the event log' }),
    close: () => meter.removeBatchObservableCallback(observe, [pending, oldestAge]),
  };
}
