import type { OffsetDateTime } from '@emp/kernel';
import type { Overlap } from './check-context.ts';

/** When and with what a record was charging. */
export interface Occupation {
  readonly id: string;
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly evseKey: string | null;
  readonly card: string | null;
  readonly start: OffsetDateTime | null;
  readonly end: OffsetDateTime | null;
}

/** Of each record, the first earlier one of the same batch that overlaps at its EVSE, and the first with its card. */
export function overlapsInBatch(batch: readonly Occupation[]): ReadonlyMap<string, readonly Overlap[]> {
  const seen = new Map<string, Occupation[]>();
  const found = new Map<string, readonly Overlap[]>();
  for (const record of batch) {
    const overlaps = [
      ...firstOverlap('evse', record, seen, record.evseKey), ...firstOverlap('card', record, seen, record.card),
    ];
    if (overlaps.length > 0) found.set(record.id, overlaps);
  }
  return found;
}

function firstOverlap(
  of: Overlap['of'], record: Occupation, seen: Map<string, Occupation[]>, key: string | null,
): readonly Overlap[] {
  if (key === null || !record.start || !record.end) return [];
  const place = `${of} ${key}`;
  const before = seen.get(place) ?? [];
  seen.set(place, before);
  const other = before.find((one) => one.sessionKey !== record.sessionKey && secondsTogether(one, record) > 0);
  before.push(record);
  return other ? [{ of, sessionId: other.sessionId, seconds: secondsTogether(other, record) }] : [];
}

function secondsTogether(one: Occupation, other: Occupation): number {
  if (!one.start || !one.end || !other.start || !other.end) return 0;
  const end = Math.min(one.end.epochMillis, other.end.epochMillis);
  return Math.ceil((end - Math.max(one.start.epochMillis, other.start.epochMillis)) / 1000);
}
