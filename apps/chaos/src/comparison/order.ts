import type { Evidence, PublishedEvent } from './evidence.ts';
import { distinctEvents } from './distinct.ts';

/**
 * Keys whose events are not in order, by topic. At least once means that a relay which died between publish and mark
 * publishes a whole batch again, so the first appearance of each event counts. Two orders must hold:
 *
 * - events of one key and one source stand in the log as the source's outbox has them. The ids of an outbox are the
 *   order in which transactions wrote that key, since each holds the lock of its session; `ce_time` would not do, two
 *   events may fall into one millisecond;
 * - what HBS was told yes to, one message after the other, is published in that order: the authorization of a session
 *   before the start of charging before its end. This one does not lean on anything our services wrote themselves.
 */
export function disorderedKeys(
  evidence: Pick<Evidence, 'published' | 'written' | 'acknowledged'>,
): Readonly<Record<string, ReadonlySet<string>>> {
  const first = distinctEvents(evidence.published);
  const disordered: Record<string, Set<string>> = {};
  const blame = (topic: string, key: string): void => void (disordered[topic] ??= new Set()).add(key);

  const written = new Map(evidence.written.map(({ eventId }, place) => [eventId, place]));
  const lastOf = new Map<string, number>();
  for (const { eventId, topic, key, source } of first) {
    const place = written.get(eventId);
    if (place === undefined) continue;
    const stream = `${topic} ${source} ${key}`;
    if (place < (lastOf.get(stream) ?? -1)) blame(topic, key);
    lastOf.set(stream, Math.max(place, lastOf.get(stream) ?? -1));
  }

  const published = new Map<string, number>();
  for (const [place, event] of first.entries()) {
    const kind = acknowledgedKindOf(event);
    if (kind !== undefined) published.set(`${event.key} ${kind}`, place);
  }
  const reached = new Map<string, number>();
  for (const { sessionId, kind } of evidence.acknowledged) {
    const place = published.get(`${sessionId} ${kind}`);
    if (place === undefined) continue;
    if (place < (reached.get(sessionId) ?? -1)) blame('emp.session.v1', sessionId);
    reached.set(sessionId, Math.max(place, reached.get(sessionId) ?? -1));
  }
  return disordered;
}

function acknowledgedKindOf({ type, kind }: PublishedEvent): string | undefined {
  if (type === 'SessionAuthorized') return 'authorized';
  return type === 'ChargingNotified' && kind !== null ? kind : undefined;
}
