import type { Database } from '@emp/database';
import { pause } from '../back-off.ts';
import type { DeliveredEvent, Follow } from '../broker/broker.ts';
import type { Partition } from './group-table.ts';
import { readLog, settledEnds, START, type PartitionPlace } from './log-table.ts';

const PAGE = 500;

export interface FollowRequest extends Follow {
  /** Of one topic. */
  readonly partitions: readonly Partition[];
  readonly pollMs: number;
}

/**
 * The events of some partitions from a place on, and what is appended to them, until told to end. Reads only what is
 * settled: going on from where one stopped, an event of a slow transaction would be missed otherwise.
 */
export async function* followLog(database: Database, { partitions, from, until, pollMs }: FollowRequest): AsyncIterable<DeliveredEvent> {
  const ends = from === 'now' ? await settledEnds(database, partitions) : [];
  let places: readonly PartitionPlace[] = partitions.map(
    (each) => ends.find(({ partition }) => partition === each.partition) ?? { ...each, ...START },
  );
  while (!until.aborted) {
    const events = await readLog(database, { places, limit: PAGE });
    for (const event of events) {
      if (until.aborted) return;
      yield event;
    }
    places = places.map((place) => events.findLast(({ partition }) => partition === place.partition) ?? place);
    if (events.length === 0) await pause(pollMs, until);
  }
}
