import type { Database } from '@emp/database';
import { isEvent, RepeatRequestedV1, type RepeatRequestedData } from '@emp/events';
import type { Batch, Broker } from '../broker/broker.ts';
import type { Topics } from '../broker/topics.ts';
import { decodeEvent } from '../cloud-event.ts';
import { OUTDATED, REPLAY_FOR } from '../dead-letter/dead-letter.ts';
import type { Log } from '../log.ts';
import { readPublished } from './outbox-table.ts';

export const REPEAT_TOPIC = RepeatRequestedV1.topic;

/** The group under which the relay of a source hears what it is to repeat. */
export const relayGroup = (source: string): string => `relay.${source}`;
export const isRelayGroup = (group: string): boolean => group.startsWith('relay.');

const PAGE = 500;

export interface RepeatParts {
  readonly database: Database;
  readonly broker: Broker;
  readonly topics: Topics;
  readonly log: Log;
}

/** The requests of a batch that concern a source. */
export function requestsFor(source: string, batch: Batch): RepeatRequestedData[] {
  return batch.events.flatMap((delivered) => {
    const read = decodeEvent(delivered);
    return read.ok && isEvent(RepeatRequestedV1, read.value) && read.value.data.source === source ? [read.value.data] : [];
  });
}

/**
 * Publishes events again, with the id and the number they had. Not to be called while the relay publishes: in a topic
 * that keeps the latest event of each key, the last one published must be the latest. Outdated events of such a topic
 * are sent to the group that lacks them only, which takes note of them and does not handle them.
 */
export async function repeatEvents({ database, broker, topics, log }: RepeatParts, request: RepeatRequestedData): Promise<void> {
  const { topic, partition, group } = request;
  const keepsLatest = topics.settings(topic).keep === 'latest-per-key';
  let repeated = 0;
  for (const range of request.ranges) {
    const to = BigInt(range.to);
    for (let from = BigInt(range.from); from <= to;) {
      const events = await readPublished(database, { topic, partition, from, to, limit: PAGE });
      if (events.length === 0) break;
      await broker.publish(events.map((event) => ({
        topic, key: event.key, payload: event.payload,
        headers: keepsLatest && event.outdated ? { ...event.headers, [REPLAY_FOR]: group, [OUTDATED]: 'true' } : event.headers,
      })));
      repeated += events.length;
      from = (events.at(-1)?.sequence ?? to) + 1n;
    }
  }
  const asked = request.ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  if (repeated < asked) log.error({ ...request, asked, repeated }, 'missing events are no longer in the outbox');
  else log.warn({ ...request, repeated }, 'missing events repeated');
}
