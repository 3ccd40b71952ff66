import { distinctEvents } from './distinct.ts';
import type { Evidence } from './evidence.ts';
import { disorderedKeys } from './order.ts';

export interface Defect {
  readonly sessionId: string;
  /** The places that lack it, or have it twice. */
  readonly where: readonly string[];
}

/** One line of the table: a kind of message and what became of it. */
export interface Row {
  readonly what: string;
  readonly acknowledged: number;
  readonly stored: number;
  /** `null`: not a thing that is rated. */
  readonly rated: number | null;
  readonly published: number;
  readonly missing: readonly Defect[];
  readonly doubled: readonly Defect[];
  readonly outOfOrder: readonly string[];
}

export interface Verdict {
  readonly rows: readonly Row[];
  /** Sessions that we have a record or a charge of, and HBS has not. */
  readonly invented: readonly string[];
  /** Events that are in the log more than once: allowed (at least once), and the proof that relays were cut. */
  readonly publishedAgain: number;
  /** Nothing is wrong, and there was something that could have been: of no acknowledged record nothing is proven. */
  readonly good: boolean;
}

/** Somewhere a message must have left its trace. `has`: a SessionID per trace. */
interface Place {
  readonly name: string;
  readonly has: readonly string[];
  readonly rule: 'exactly-once' | 'at-least-once' | 'at-most-once';
}

const SESSION_TOPIC = 'emp.session.v1';
const RECORD_TOPICS = ['emp.cdr-intake.v1', 'emp.cdr.v1', 'emp.billing.v1'];

/**
 * Compares what was acknowledged with what is stored, rated and published. Missing: some place that must have a trace
 * has none. Doubled: a place has two, rows or different events; the same event twice in the log is none, since every
 * consumer knows it by its id.
 */
export function compare(evidence: Evidence): Verdict {
  const events = distinctEvents(evidence.published);
  const disordered = disorderedKeys(evidence);
  const published = (type: string, kind: string | null = null): readonly string[] =>
    events.filter((event) => event.type === type && event.kind === kind).map((event) => event.key);
  const said = (kind: string): readonly string[] =>
    evidence.acknowledged.filter((each) => each.kind === kind).map(({ sessionId }) => sessionId);
  const told = (kind: string): readonly string[] =>
    evidence.notifications.filter((each) => each.kind === kind).map(({ sessionId }) => sessionId);
  const outOfOrder = (topics: readonly string[]): ReadonlySet<string> =>
    new Set(topics.flatMap((topic) => [...(disordered[topic] ?? [])]));

  const cdrs = evidence.cdrs.map(({ sessionId }) => sessionId);
  const rated = evidence.charges.filter(({ state }) => state === 'rated').map(({ sessionId }) => sessionId);
  const record: readonly Place[] = [
    {
      name: 'stored',
      has: evidence.cdrs.filter(({ state }) => state === 'accepted').map(({ sessionId }) => sessionId),
      rule: 'exactly-once',
    },
    { name: 'rated', has: rated, rule: 'exactly-once' },
    { name: 'published', has: published('CdrAccepted'), rule: 'exactly-once' },
    { name: 'ChargeRated', has: published('ChargeRated'), rule: 'exactly-once' },
    { name: 'draft invoice', has: evidence.draftLines, rule: 'exactly-once' },
    { name: 'versions of the record', has: cdrs, rule: 'at-most-once' },
    { name: 'charges of any state', has: evidence.charges.map(({ sessionId }) => sessionId), rule: 'at-most-once' },
    // Pushed and pulled at the same time, a record is received twice, and known to be the same.
    { name: 'CdrReceived', has: published('CdrReceived'), rule: 'at-least-once' },
  ];
  const notified = (kind: string): readonly Place[] => [
    { name: 'stored', has: told(kind), rule: 'exactly-once' },
    { name: 'published', has: published('ChargingNotified', kind), rule: 'exactly-once' },
  ];
  const acknowledged = new Set(said('record'));
  const leftForPull = evidence.recorded.filter((sessionId) => !acknowledged.has(sessionId));
  const rows = [
    row(
      'authorizations',
      said('authorized'),
      [
        { name: 'stored', has: evidence.sessions, rule: 'exactly-once' },
        { name: 'published', has: published('SessionAuthorized'), rule: 'exactly-once' },
      ],
      outOfOrder([SESSION_TOPIC]),
    ),
    row('notifications of a start', said('started'), notified('started'), outOfOrder([SESSION_TOPIC])),
    row('notifications of an end', said('ended'), notified('ended'), outOfOrder([SESSION_TOPIC])),
    row('records', [...acknowledged], record, outOfOrder(RECORD_TOPICS)),
    row('records not acknowledged', leftForPull, record, outOfOrder(RECORD_TOPICS)),
  ];
  const known = new Set(evidence.recorded);
  const invented = [...new Set([...cdrs, ...rated].filter((sessionId) => !known.has(sessionId)))];
  return {
    rows,
    invented,
    publishedAgain: evidence.published.length - events.length,
    good:
      acknowledged.size > 0 &&
      invented.length === 0 &&
      rows.every((each) => each.missing.length + each.doubled.length + each.outOfOrder.length === 0),
  };
}

function row(
  what: string,
  wanted: readonly string[],
  places: readonly Place[],
  disordered: ReadonlySet<string>,
): Row {
  const counted = places.map((place) => ({ ...place, counts: countsOf(place.has) }));
  const defects = (isDefect: (place: Place, count: number) => boolean): readonly Defect[] =>
    wanted.flatMap((sessionId) => {
      const where = counted
        .filter((place) => isDefect(place, place.counts.get(sessionId) ?? 0))
        .map(({ name }) => name);
      return where.length === 0 ? [] : [{ sessionId, where }];
    });
  const found = (name: string): number | null => {
    const place = counted.find((each) => each.name === name);
    return place ? wanted.filter((sessionId) => place.counts.has(sessionId)).length : null;
  };
  return {
    what,
    acknowledged: wanted.length,
    stored: found('stored') ?? 0,
    rated: found('rated'),
    published: found('published') ?? 0,
    missing: defects(({ rule }, count) => count === 0 && rule !== 'at-most-once'),
    doubled: defects(({ rule }, count) => count > 1 && rule !== 'at-least-once'),
    outOfOrder: wanted.filter((sessionId) => disordered.has(sessionId)),
  };
}

function countsOf(sessionIds: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const sessionId of sessionIds) counts.set(sessionId, (counts.get(sessionId) ?? 0) + 1);
  return counts;
}
