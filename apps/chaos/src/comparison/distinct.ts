import type { PublishedEvent } from './evidence.ts';

/** The first appearance of each event. */
export function distinctEvents(published: readonly PublishedEvent[]): readonly PublishedEvent[] {
  const seen = new Set<string>();
  return published.filter(({ eventId }) => seen.size !== seen.add(eventId).size);
}
