import type { TopicSettings } from '@emp/events';
import { COMPACTION_RESTS_MS } from '../broker/topics.ts';

/** The largest event; a whole charge detail record with its signed meter values is far below. */
const MOST_BYTES_PER_EVENT = 8 * 1024 * 1024;
const DAY_MS = 86_400_000;

/** How Kafka is to keep a topic, by its own names. */
export function topicConfig({ keep }: TopicSettings): Record<string, string> {
  return {
    ...(keep === 'latest-per-key'
      ? { 'cleanup.policy': 'compact', 'min.compaction.lag.ms': String(COMPACTION_RESTS_MS) }
      : { 'cleanup.policy': 'delete', 'retention.ms': String(keep.days * DAY_MS) }),
    // The broker's clock: `appendedAt` means it, and retention does not depend on the clocks of services.
    'message.timestamp.type': 'LogAppendTime',
    'max.message.bytes': String(MOST_BYTES_PER_EVENT),
  };
}

/** So many copies may be behind before writing stops. */
export const minInSync = (copies: number): Record<string, string> => ({ 'min.insync.replicas': String(Math.max(1, copies - 1)) });
