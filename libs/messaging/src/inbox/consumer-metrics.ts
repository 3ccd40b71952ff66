import type { Counter, Meter } from '@opentelemetry/api';
import { messageOf } from '@emp/kernel';
import type { Broker } from '../broker/broker.ts';
import type { Log } from '../log.ts';

export interface ConsumerMetrics {
  /** `inbox_events{group, outcome}`: handled, repeated, ignored (of an unknown type), failed (an attempt), dead-lettered. */
  readonly events: Counter;
  close(): void;
}

/** Counters, and how far the groups of this service are behind: `event_lag{group, topic}`, asked at each scrape. */
export function observeConsumers(meter: Meter, { broker, log, groups }: { broker: Broker; log: Log; groups: readonly string[] }): ConsumerMetrics {
  const lag = meter.createObservableGauge('event_lag', { description: 'events that a consumer group has not passed yet' });
  const age = meter.createObservableGauge('event_lag_seconds', { description: 'age of the oldest of them', unit: 's' });
  const observe: Parameters<Meter['addBatchObservableCallback']>[0] = async (result) => {
    try {
      for (const { group, topic, partition, behind, oldestUnreadAt } of await broker.lag()) {
        if (!groups.includes(group)) continue;
        result.observe(lag, behind, { group, topic, partition });
        result.observe(age, oldestUnreadAt === null ? 0 : (Date.now() - oldestUnreadAt.getTime()) / 1000, { group, topic, partition });
      }
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'lag not measured');
    }
  };
  meter.addBatchObservableCallback(observe, [lag, age]);
  return {
    events: meter.createCounter('inbox_events', { description: 'events by consumer group and outcome' }),
    close: () => meter.removeBatchObservableCallback(observe, [lag, age]),
  };
}
