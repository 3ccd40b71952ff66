import { compare } from './compare.ts';
import type { Evidence, PublishedEvent } from './evidence.ts';

const SOURCES = {
  SessionAuthorized: 'gateway',
  ChargingNotified: 'gateway',
  CdrReceived: 'gateway',
  CdrAccepted: 'cdr-ingest',
  ChargeRated: 'billing',
};
const TOPICS = {
  SessionAuthorized: 'emp.session.v1',
  ChargingNotified: 'emp.session.v1',
  CdrReceived: 'emp.cdr-intake.v1',
  CdrAccepted: 'emp.cdr.v1',
  ChargeRated: 'emp.billing.v1',
};

const published = (
  type: keyof typeof TOPICS,
  key: string,
  kind: string | null = null,
  eventId = `${type} ${key} ${kind ?? ''}`,
): PublishedEvent => ({ eventId, type, topic: TOPICS[type], key, source: SOURCES[type], kind });

const eventsOf = (sessionId: string): readonly PublishedEvent[] => [
  published('SessionAuthorized', sessionId),
  published('ChargingNotified', sessionId, 'started'),
  published('ChargingNotified', sessionId, 'ended'),
  published('CdrReceived', sessionId),
  published('CdrAccepted', sessionId),
  published('ChargeRated', sessionId),
];

/** Two sessions `a` and `b` that went well; `c` has a record that was never acknowledged, and was pulled. */
function good(change: (evidence: Evidence) => Partial<Evidence> = () => ({})): Evidence {
  const events = [
    ...eventsOf('a'),
    ...eventsOf('b'),
    published('CdrReceived', 'c'),
    published('CdrAccepted', 'c'),
    published('ChargeRated', 'c'),
  ];
  const kinds = ['authorized', 'started', 'ended', 'record'] as const;
  const evidence: Evidence = {
    acknowledged: ['a', 'b'].flatMap((sessionId) => kinds.map((kind, at) => ({ sessionId, kind, at }))),
    recorded: ['a', 'b', 'c'],
    sessions: ['a', 'b'],
    notifications: ['a', 'b'].flatMap((sessionId) => [
      { sessionId, kind: 'started' },
      { sessionId, kind: 'ended' },
    ]),
    cdrs: ['a', 'b', 'c'].map((sessionId) => ({ sessionId, state: 'accepted' })),
    charges: ['a', 'b', 'c'].map((sessionId) => ({ sessionId, state: 'rated' })),
    draftLines: ['a', 'b', 'c'],
    published: events,
    written: events,
  };
  return { ...evidence, ...change(evidence) };
}

const without = <T>(list: readonly T[], is: (each: T) => boolean): readonly T[] => list.filter((each) => !is(each));
const rowOf = (evidence: Evidence, what: string) => compare(evidence).rows.find((row) => row.what === what);

describe('the comparison of what was acknowledged with what is there', () => {
  it('finds nothing where nothing is wrong, and counts', () => {
    const verdict = compare(good());
    expect(verdict).toMatchObject({ good: true, invented: [], publishedAgain: 0 });
    expect(
      verdict.rows.map(({ what, acknowledged, stored, rated, published: told }) => [
        what,
        acknowledged,
        stored,
        rated,
        told,
      ]),
    ).toEqual([
      ['authorizations', 2, 2, null, 2],
      ['notifications of a start', 2, 2, null, 2],
      ['notifications of an end', 2, 2, null, 2],
      ['records', 2, 2, 2, 2],
      ['records not acknowledged', 1, 1, 1, 1],
    ]);
  });

  it.each([
    [
      'a record that is not stored',
      'records',
      'stored',
      good(({ cdrs }) => ({ cdrs: without(cdrs, ({ sessionId }) => sessionId === 'b') })),
    ],
    [
      'a record in quarantine',
      'records',
      'stored',
      good(({ cdrs }) => ({
        cdrs: cdrs.map((cdr) => (cdr.sessionId === 'b' ? { ...cdr, state: 'quarantined' } : cdr)),
      })),
    ],
    [
      'a charge that still waits',
      'records',
      'rated',
      good(({ charges }) => ({
        charges: charges.map((each) => (each.sessionId === 'b' ? { ...each, state: 'waiting' } : each)),
      })),
    ],
    [
      'a charge nobody was told of',
      'records',
      'ChargeRated',
      good((all) => ({
        published: without(all.published, (each) => each.type === 'ChargeRated' && each.key === 'b'),
      })),
    ],
    ['a line that is on no draft invoice', 'records', 'draft invoice', good(() => ({ draftLines: ['a', 'c'] }))],
    [
      'a notification that was not published',
      'notifications of an end',
      'published',
      good((all) => ({ published: without(all.published, (each) => each.kind === 'ended' && each.key === 'b') })),
    ],
    ['an authorization that was not kept', 'authorizations', 'stored', good(() => ({ sessions: ['a'] }))],
  ])('misses %s', (_what, row, where, evidence) => {
    expect(compare(evidence).good).toBe(false);
    expect(rowOf(evidence, row)?.missing).toEqual([{ sessionId: 'b', where: [where] }]);
  });

  it('takes a run in which nothing was acknowledged for no proof', () => {
    const nothing = { acknowledged: [], recorded: [], sessions: [], notifications: [], cdrs: [], charges: [], draftLines: [] };
    expect(compare(good(() => ({ ...nothing, published: [], written: [] })))).toMatchObject({ good: false, invented: [] });
  });

  it('misses a record that only the pull could have found', () => {
    const evidence = good(({ cdrs }) => ({ cdrs: without(cdrs, ({ sessionId }) => sessionId === 'c') }));
    expect(rowOf(evidence, 'records not acknowledged')?.missing).toEqual([{ sessionId: 'c', where: ['stored'] }]);
  });

  it.each([
    [
      'a second version of a record',
      'records',
      'versions of the record',
      good(({ cdrs }) => ({ cdrs: [...cdrs, { sessionId: 'a', state: 'conflict' }] })),
    ],
    [
      'a second line on a draft invoice',
      'records',
      'draft invoice',
      good(() => ({ draftLines: ['a', 'a', 'b', 'c'] })),
    ],
    [
      'a second event of one rating',
      'records',
      'ChargeRated',
      good((all) => ({ published: [...all.published, published('ChargeRated', 'a', null, 'another')] })),
    ],
    [
      'a second event of one notification',
      'notifications of a start',
      'published',
      good((all) => ({ published: [...all.published, published('ChargingNotified', 'a', 'started', 'another')] })),
    ],
  ])('sees %s', (_what, row, where, evidence) => {
    expect(compare(evidence).good).toBe(false);
    expect(rowOf(evidence, row)?.doubled).toEqual([{ sessionId: 'a', where: [where] }]);
  });

  it('takes the same event twice in the log for what it is: published again', () => {
    expect(compare(good(({ published: log }) => ({ published: [...log, ...log] })))).toMatchObject({
      good: true,
      publishedAgain: 15,
    });
  });

  it('lets a record be received twice, by push and by pull', () => {
    expect(
      compare(good((all) => ({ published: [...all.published, published('CdrReceived', 'a', null, 'by pull')] })))
        .good,
    ).toBe(true);
  });

  it('sees a record that nobody sent', () => {
    expect(
      compare(good(({ cdrs }) => ({ cdrs: [...cdrs, { sessionId: 'x', state: 'quarantined' }] }))),
    ).toMatchObject({ good: false, invented: ['x'] });
  });

  it('sees events of a key that stand in the log otherwise than they were written', () => {
    const ofAnother = good(({ acknowledged, published: log }) => ({
      acknowledged: without(acknowledged, ({ sessionId }) => sessionId === 'a'), published: swapped(log),
    }));
    expect(compare(ofAnother).good).toBe(true);
    expect(
      rowOf(
        good(({ published: log }) => ({ published: swapped(log) })),
        'authorizations',
      )?.outOfOrder,
    ).toEqual(['a']);
  });

  it('sees an order that the services wrote themselves and HBS knows to be wrong', () => {
    const evidence = good(({ published: log }) => ({ published: swapped(log), written: swapped(log) }));
    expect(rowOf(evidence, 'notifications of a start')?.outOfOrder).toEqual(['a']);
  });

  it('does not mind a batch that was published again whole', () => {
    const evidence = good(({ published: log }) => ({
      published: [...log.slice(0, 3), ...log.slice(0, 3), ...log.slice(3)],
    }));
    expect(compare(evidence)).toMatchObject({ good: true, publishedAgain: 3 });
  });
});

/** The start of charging before the authorization of `a`. */
function swapped(log: readonly PublishedEvent[]): readonly PublishedEvent[] {
  const [authorized, started, ...rest] = log;
  return authorized && started ? [started, authorized, ...rest] : [];
}
