import { EmpError } from '@emp/kernel';
import type { EmpEvent } from '@emp/events';
import { eventually } from '@emp/testing';
import { encodeEvent, listDeadLetters, replayDeadLetters, type BatchContext } from '../src/index.ts';
import { accepted, conflicted, Fixture, recording, TOPIC } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => { fixture = await Fixture.open(); });
afterEach(() => fixture.reset());
afterAll(() => fixture.close());

const publish = (...events: EmpEvent[]): Promise<void> => fixture.broker.publish(events.map((event) => encodeEvent(event, 'test')));

const sessions = (count: number): string[] => Array.from({ length: count }, (_, index) => `session-${index + 1}`);

const useless = (): Promise<never> => Promise.reject(new EmpError('cdr-nonsense', 'no retry will help', { retry: 'useless' }));
const failFor = (sessionId: string, fail: () => Promise<void>) => ([event]: readonly EmpEvent[]): Promise<void> => (event?.key === sessionId ? fail() : Promise.resolve());

const behind = async (): Promise<number> => (await fixture.broker.lag()).reduce((sum, each) => sum + each.behind, 0);
const caughtUp = (): Promise<unknown> => eventually(async () => (await behind()) === 0, { what: 'no event left', withinMs: 10_000 });

describe('consuming', () => {
  it('hands each event once to each group, however often it is published', async () => {
    await fixture.consume([recording('test.first'), recording('test.second')]);
    const [one, two] = [accepted('session-1'), accepted('session-2')];
    await publish(one, two, one);
    await publish(two, one);
    await eventually(async () => (await fixture.seen('test.first')).length === 2 && (await fixture.seen('test.second')).length === 2);
    await caughtUp();
    expect((await fixture.seen('test.first')).sort()).toEqual(['session-1', 'session-2']);
    expect((await fixture.seen('test.second')).sort()).toEqual(['session-1', 'session-2']);
  });

  it('tells the handler for which group it works, and runs what it wanted after the commit', async () => {
    const contexts: BatchContext[] = [];
    let committed: string[] | undefined;
    await fixture.consume([recording('test.first', async (_events, ctx) => {
      contexts.push(ctx);
      ctx.afterCommit(() => void fixture.seen().then((rows) => { committed = rows; }));
    })]);
    await publish(accepted('session-1'));
    await eventually(() => committed !== undefined);
    expect(committed).toEqual(['session-1']);
    expect(contexts[0]).toMatchObject({ group: 'test.first' });
  });

  it('takes what several partitions bring at once in one transaction', async () => {
    const transactions: unknown[] = [];
    await publish(...sessions(12).map(accepted));
    await fixture.consume([recording('test.first', async (_events, { tx }) => {
      transactions.push(...(await tx.query('SELECT pg_current_xact_id()::text AS id')));
    })]);
    await caughtUp();
    expect(await fixture.seen()).toHaveLength(12);
    expect(new Set(transactions.map((row) => JSON.stringify(row))).size).toBe(1);
  });

  it('lets other partitions go on beside the one with an event that fails', async () => {
    await publish(...sessions(12).map(accepted));
    await fixture.consume([recording('test.first', failFor('session-5', useless))]);
    await caughtUp();
    expect((await fixture.seen()).sort()).toEqual(sessions(12).filter((session) => session !== 'session-5').sort());
    expect(await listDeadLetters(fixture.broker, TOPIC)).toMatchObject([{ key: 'session-5', reason: 'cdr-nonsense' }]);
  });

  it('passes over events of a type it does not know, and remembers them as seen', async () => {
    await fixture.consume([recording('test.first')]);
    await publish({ ...accepted('session-1'), type: 'CdrFromTheFuture' }, accepted('session-2'));
    await caughtUp();
    expect(await fixture.seen()).toEqual(['session-2']);
    expect(await fixture.database.query('SELECT event_id FROM inbox')).toHaveLength(2);
  });

  it('hands over different types of one topic in the order of their key', async () => {
    const types: string[] = [];
    await fixture.consume([recording('test.first', async ([event]) => { types.push(event?.type ?? ''); })]);
    await publish(accepted('session-1'), conflicted('session-1'), conflicted('session-1'));
    await caughtUp();
    expect(types).toEqual(['CdrAccepted', 'CdrConflicted', 'CdrConflicted']);
  });

  it('finishes what is under way when it closes, and leaves the rest for later', async () => {
    let begun = false;
    let finish = (): void => undefined;
    const app = await fixture.consume([recording('test.first', () => {
      begun = true;
      return new Promise((resolve) => { finish = () => resolve(); });
    })]);
    await publish(accepted('session-1'));
    await eventually(() => begun);
    const closing = app.close();
    finish();
    await closing;
    expect(await fixture.seen()).toEqual(['session-1']);
    expect(await behind()).toBe(0);
  });

  it('refuses two handlers for one group', async () => {
    await expect(fixture.consume([recording('test.twice'), recording('test.twice')])).rejects.toMatchObject({ slug: 'consumer-group-twice' });
  });
});

describe('failing', () => {
  it('rolls a batch back, then finds the one event that fails, and goes on with the others', async () => {
    await publish(...['a', 'b', 'bad', 'c', 'd'].map(accepted));
    await fixture.consume([recording('test.first', failFor('bad', useless))]);
    await caughtUp();
    expect((await fixture.seen()).sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(await listDeadLetters(fixture.broker, TOPIC)).toMatchObject([{ key: 'bad', group: 'test.first' }]);
  });

  it('writes the dead letter with its reason, place and original headers', async () => {
    const bad = { ...accepted('bad'), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    await publish(bad);
    await fixture.consume([recording('test.first', useless)]);
    await caughtUp();
    const [letter] = await listDeadLetters(fixture.broker, TOPIC);
    expect(letter).toMatchObject({
      group: 'test.first', topic: TOPIC, reason: 'cdr-nonsense', message: 'no retry will help', attempts: 1,
      eventId: bad.id, eventType: 'CdrAccepted', key: 'bad', headers: encodeEvent(bad, 'test').headers,
    });
    expect(JSON.parse(letter?.payload ?? '')).toEqual(bad.data);
    expect(await fixture.database.query('SELECT event_id, attempts, last_error, dead_lettered_at IS NOT NULL AS dead FROM inbox_failure'))
      .toEqual([{ event_id: bad.id, attempts: 1, last_error: 'no retry will help', dead: true }]);
  });

  it('keeps the reason of a failure that quotes what no table takes, cut to a length', async () => {
    await publish(accepted('bad'));
    await fixture.consume([recording('test.first', () => Promise.reject(new Error(`tariff a\0b is unknown${'!'.repeat(9_000)}`)))], { maxAttempts: 2 });
    await caughtUp();
    const [letter] = await listDeadLetters(fixture.broker, TOPIC);
    expect(letter?.message.slice(0, 27)).toBe('tariff a\uFFFDb is unknown!!!!!!');
    expect([letter?.attempts, letter?.message.length]).toEqual([2, 2_000]);
  });

  it('tries again what a retry may help, and forgets the failures', async () => {
    let failures = 3;
    await publish(accepted('shaky'));
    await fixture.consume([recording('test.first', () => (failures-- > 0 ? Promise.reject(new Error('not yet')) : Promise.resolve()))]);
    await caughtUp();
    expect(await fixture.seen()).toEqual(['shaky']);
    expect(await fixture.database.query('SELECT 1 FROM inbox_failure')).toEqual([]);
    expect(await listDeadLetters(fixture.broker, TOPIC)).toEqual([]);
  });

  it('gives up after so many attempts', async () => {
    await publish(accepted('hopeless'), accepted('fine'));
    await fixture.consume([recording('test.first', failFor('hopeless', () => Promise.reject(new TypeError('a bug'))))], { maxAttempts: 3 });
    await caughtUp();
    expect(await fixture.seen()).toEqual(['fine']);
    expect(await listDeadLetters(fixture.broker, TOPIC)).toMatchObject([{ reason: 'TypeError', message: 'a bug', attempts: 3 }]);
  });

  it('keeps later events of the key behind the one that is tried again', async () => {
    let failures = 4;
    await publish({ ...accepted('k'), data: 1 }, { ...accepted('k'), data: 2 });
    const order: unknown[] = [];
    await fixture.consume([recording('test.first', async ([event]) => {
      if (event?.data === 1 && failures-- > 0) throw new Error('not yet');
      order.push(event?.data);
    })]);
    await caughtUp();
    expect(order).toEqual([1, 2]);
  });

  it('waits for its database without counting attempts', async () => {
    let away = 12;
    await publish(accepted('patient'));
    await fixture.consume([recording('test.first', () => (away-- > 0
      ? Promise.reject(new EmpError('store-failed', 'wrapped', { retry: 'helps', cause: new EmpError('database-unavailable', 'the database is away', { retry: 'helps' }) }))
      : Promise.resolve()))], { maxAttempts: 2 });
    await eventually(() => away < 10, { withinMs: 10_000 });
    away = 0;
    await caughtUp();
    expect(await fixture.seen()).toEqual(['patient']);
    expect(await listDeadLetters(fixture.broker, TOPIC)).toEqual([]);
  }, 15_000);

  it.each([
    ['a body that is not JSON', (event: EmpEvent) => ({ ...encodeEvent(event, 'test'), payload: '{"half":' })],
    ['no id', (event: EmpEvent) => ({ ...encodeEvent(event, 'test'), headers: { ce_type: 'CdrAccepted' } })],
  ])('gives up an event with %s, and no other', async (_what, spoil) => {
    await fixture.broker.publish([encodeEvent(accepted('a'), 'test'), spoil(accepted('spoilt')), encodeEvent(accepted('b'), 'test')]);
    await fixture.consume([recording('test.first')]);
    await caughtUp();
    expect((await fixture.seen()).sort()).toEqual(['a', 'b']);
    expect(await listDeadLetters(fixture.broker, TOPIC)).toMatchObject([{ key: 'spoilt', reason: 'event-unreadable' }]);
  });

  it('writes no second dead letter when the batch comes again', async () => {
    await publish(accepted('bad'), accepted('good'));
    const app = await fixture.consume([recording('test.first', failFor('bad', useless))]);
    await caughtUp();
    await app.close();
    await rewind();
    await fixture.consume([recording('test.first', failFor('bad', useless))]);
    await caughtUp();
    expect(await listDeadLetters(fixture.broker, TOPIC)).toHaveLength(1);
    const raw: unknown[] = [];
    for await (const letter of fixture.broker.read(`${TOPIC}.dlq`)) raw.push(letter);
    expect(raw).toHaveLength(1);
    expect(await fixture.seen()).toEqual(['good']);
  });
});

/** As after a crash that came before the cursor moved. */
async function rewind(): Promise<void> {
  await fixture.eventLog.execute(`UPDATE group_cursor SET txid = '0', id = 0`);
}

describe('dead letters', () => {
  it('can be replayed for the group that gave them up, and reach no other', async () => {
    let broken = true;
    await fixture.consume([
      recording('test.first', failFor('bad', () => (broken ? useless() : Promise.resolve()))),
      recording('test.second'),
    ]);
    await publish(accepted('bad'), accepted('good'));
    await caughtUp();
    broken = false;
    await fixture.database.query('DELETE FROM inbox WHERE consumer_group = $1', ['test.second']);
    expect(await replayDeadLetters(fixture.broker, TOPIC, { group: 'test.first', reason: 'cdr-nonsense' })).toBe(1);
    await eventually(async () => (await fixture.seen()).length === 2, { what: 'the replay' });
    await caughtUp();
    expect((await fixture.seen('test.first')).sort()).toEqual(['bad', 'good']);
    expect((await fixture.seen('test.second')).sort()).toEqual(['bad', 'good']);
  });

  it('are handled once, however often they are replayed', async () => {
    let broken = true;
    await fixture.consume([recording('test.first', () => (broken ? useless() : Promise.resolve()))]);
    await publish(accepted('bad'));
    await caughtUp();
    broken = false;
    await replayDeadLetters(fixture.broker, TOPIC);
    await replayDeadLetters(fixture.broker, TOPIC, { eventType: 'CdrAccepted' });
    await caughtUp();
    expect(await fixture.seen()).toEqual(['bad']);
  });

  it('are filtered', async () => {
    await fixture.consume([recording('test.first', useless)]);
    const [one, two] = [accepted('one'), conflicted('two')];
    await publish(one, two);
    await caughtUp();
    const keys = async (filter: Parameters<typeof listDeadLetters>[2]): Promise<string[]> =>
      (await listDeadLetters(fixture.broker, TOPIC, filter)).map(({ key }) => key).sort();
    expect(await keys({})).toEqual(['one', 'two']);
    expect(await keys({ eventId: one.id })).toEqual(['one']);
    expect(await keys({ eventType: 'CdrConflicted' })).toEqual(['two']);
    expect(await keys({ group: 'test.other' })).toEqual([]);
    expect(await keys({ reason: 'cdr-nonsense' })).toEqual(['one', 'two']);
  });
});
