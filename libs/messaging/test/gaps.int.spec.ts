import { crc32 } from 'node:zlib';
import { eventually } from '@emp/testing';
import { newId } from '@emp/kernel';
import { ContractRegisteredV1, newEvent, type EmpEvent } from '@emp/events';
import { encodeEvent, OutboxRelay, type Broker, type OutgoingEvent } from '../src/index.ts';
import { readInterrupted, takeBatch } from '../src/outbox/outbox-table.ts';
import { openGaps } from '../src/inbox/sequence-table.ts';
import { accepted, Fixture, recording, TOPIC } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => { fixture = await Fixture.open(); });
afterEach(() => fixture.reset());
afterAll(() => fixture.close());

/** Acknowledges everything and loses what `loses` says. */
const lyingBroker = (loses: (event: OutgoingEvent) => boolean): Broker =>
  new Proxy(fixture.broker, {
    get: (real, name) => {
      const member: unknown = Reflect.get(real, name, real);
      if (name === 'publish') return (events: readonly OutgoingEvent[]) => real.publish(events.filter((event) => !loses(event)));
      return typeof member === 'function' ? member.bind(real) : member;
    },
  });

const startRelay = (broker: Broker = fixture.broker): OutboxRelay => {
  const relay = new OutboxRelay({ database: fixture.database, broker, outbox: fixture.outbox, log: fixture.log, pollMs: 20 });
  relay.start();
  fixture.onClose(() => relay.stop());
  return relay;
};

const append = (...events: EmpEvent[]): Promise<void> => fixture.database.transaction((tx) => fixture.outbox.append(tx, ...events));
const published = (): Promise<unknown> => eventually(async () => (await fixture.outbox.pending(fixture.database)).count === 0, { what: 'the outbox published' });
const numbers = (): Promise<{ key: string; partition: number; sequence: bigint }[]> =>
  fixture.database.query('SELECT key, partition, sequence FROM outbox ORDER BY id');
const lines = (message: string): unknown[] => fixture.log.lines.filter((line) => line.message === message).map(({ fields }) => fields);

/** Waits until what it expects is so. */
const shows = (check: () => unknown, what = 'what is expected', withinMs = 5_000): Promise<unknown> =>
  eventually(async () => {
    await check();
    return true;
  }, { what, withinMs });

describe('numbers', () => {
  it('have no gaps in any partition, and stay what they are when a batch is published again', async () => {
    let refusals = 2;
    const refusing = lyingBroker(() => {
      if (refusals-- > 0) throw new Error('the broker is away');
      return false;
    });
    startRelay(refusing);
    await append(...Array.from({ length: 40 }, (_, index) => accepted(`session-${index}`)));
    await published();
    await append(accepted('session-0'));
    await published();
    const rows = await numbers();
    for (let partition = 0; partition < 6; partition += 1) {
      const ofPartition = rows.filter((row) => row.partition === partition).map(({ sequence }) => Number(sequence));
      expect(ofPartition).toEqual(Array.from({ length: ofPartition.length }, (_, index) => index + 1));
    }
    const inLog = new Map<string, string>();
    for await (const { key, partition, headers } of fixture.broker.read(TOPIC)) inLog.set(`${key} ${partition}`, headers['ce_sequence'] ?? '');
    for (const { key, partition, sequence } of rows.slice(1)) expect(inLog.get(`${key} ${partition}`)).toBe(String(sequence));
  });

  it('are drawn once, even if a relay that was believed dead draws at the same moment', async () => {
    await append(...Array.from({ length: 200 }, (_, index) => accepted(`session-${index}`)));
    const take = (): Promise<unknown> => takeBatch(fixture.database, { limit: 500, partitionOf: () => 0 });
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, take));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await fixture.database.query('SELECT next FROM outbox_sequence')).toEqual([{ next: 201n }]);
    expect((await readInterrupted(fixture.database)).map(({ sequence }) => Number(sequence))).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  it('are kept by a relay that takes over in the middle of a batch', async () => {
    const dying = startRelay(lyingBroker(() => { throw new Error('dies before it is published'); }));
    await append(accepted('a'), accepted('b'));
    const before = await eventually(async () => {
      const batch = await readInterrupted(fixture.database);
      return batch.length > 0 && batch.map(({ key, partition, sequence }) => ({ key, partition, sequence }));
    });
    await dying.stop();
    await append(accepted('a'));
    startRelay();
    await published();
    expect((await numbers()).slice(0, before.length)).toEqual(before);
    expect(await readInterrupted(fixture.database)).toEqual([]);
  });
});

describe('a gap', () => {
  const consume = (): Promise<unknown> => fixture.consume([recording('test.first'), recording('test.second')], { outbox: fixture.outbox, askAgainMs: 200 });

  it('is seen and repeated when the client lies: in the end nothing is missing, and everything was handled once', async () => {
    const sent = new Map<string, number>();
    let lost = 0;
    // One in three is lost, requests and repeats, too; each event twice at most.
    startRelay(lyingBroker(({ key, headers }) => {
      const times = sent.get(headers['ce_id'] ?? '') ?? 0;
      sent.set(headers['ce_id'] ?? '', times + 1);
      const loses = (times === 0 ? crc32(key) : times) % 3 === 1 && times < 2 && !/^(first|last)/.test(key);
      if (loses) lost += 1;
      return loses;
    }));
    await consume();
    // A group begins at the number it finds first; a loss at the end is seen with the next event of the partition.
    const everywhere = (prefix: string): string[] => Array.from({ length: 60 }, (_, index) => `${prefix}-${index}`);
    await append(...everywhere('first').map(accepted));
    const sessions = Array.from({ length: 300 }, (_, index) => `session-${index}`);
    for (let index = 0; index < 300; index += 10) await append(...sessions.slice(index, index + 10).map(accepted));
    await published();
    await append(...everywhere('last').map(accepted));
    await published();
    const expected = [...everywhere('first'), ...sessions, ...everywhere('last')].sort();
    await shows(async () => expect((await fixture.seen('test.first')).sort()).toEqual(expected), 'all events at the first group', 20_000);
    await shows(async () => expect((await fixture.seen('test.second')).sort()).toEqual(expected), 'all events at the second group', 20_000);
    await eventually(async () => (await openGaps(fixture.database)).length === 0, { what: 'no gap', withinMs: 20_000 });
    expect(lost).toBeGreaterThan(50);
    expect(lines('events missing, repeat requested')[0]).toMatchObject({
      group: expect.stringMatching(/^test\./) as string, source: 'test-service', topic: TOPIC,
      partition: expect.any(Number) as number, from: expect.any(Number) as number, to: expect.any(Number) as number,
    });
    expect(lines('missing events repeated').length).toBeGreaterThan(0);
  }, 60_000);

  const numbered = (sequence: number, more: Record<string, string> = {}): OutgoingEvent => {
    const event = encodeEvent(accepted('one key'), 'another-service');
    return { ...event, headers: { ...event.headers, ce_sequence: String(sequence), ...more } };
  };
  const highest = async (): Promise<bigint | undefined> =>
    (await fixture.database.query<{ highest: bigint }>(`SELECT highest FROM inbox_sequence WHERE consumer_group = 'test.first'`))[0]?.highest;
  const arrived = (sequence: bigint): Promise<unknown> => eventually(async () => (await highest()) === sequence, { what: `number ${sequence}` });

  it('is none at first contact, nor when lower numbers come again', async () => {
    await consume();
    await fixture.broker.publish([numbered(17), numbered(3), numbered(18)]);
    await arrived(18n);
    await fixture.broker.publish([numbered(4), numbered(17), numbered(19)]);
    await arrived(19n);
    expect(await openGaps(fixture.database)).toEqual([]);
  });

  it('is closed by what comes late, in parts; what never comes stays open and is told', async () => {
    await consume();
    await fixture.broker.publish([numbered(1)]);
    await arrived(1n);
    await fixture.broker.publish([numbered(5), numbered(8)]);
    await shows(async () => expect(await openGaps(fixture.database, ['test.first'])).toMatchObject([
      { source: 'another-service', count: 5, ranges: [{ from: 2, to: 4 }, { from: 6, to: 7 }] },
    ]));
    await fixture.broker.publish([numbered(3), numbered(6), numbered(7)]);
    await shows(async () => expect(await openGaps(fixture.database, ['test.first'])).toMatchObject([
      { count: 2, ranges: [{ from: 2, to: 2 }, { from: 4, to: 4 }] },
    ]));
    await fixture.broker.publish([numbered(2), numbered(4, { replay_for: 'test.second' })]);
    await shows(async () => expect(await openGaps(fixture.database)).toMatchObject([{ group: 'test.first', count: 1 }]));
    await fixture.broker.publish([numbered(4)]);
    await eventually(() => lines('missing events arrived').length > 0);
  });

  it('names what the outbox no longer has', async () => {
    startRelay();
    await consume();
    const events = Array.from({ length: 3 }, () => ({ ...accepted('one key'), id: newId() }));
    await append(...events);
    await published();
    await eventually(async () => (await fixture.seen()).length === 3);
    await fixture.database.query('DELETE FROM outbox');
    const [after] = [encodeEvent(accepted('one key'), 'test-service')];
    await fixture.broker.publish([{ ...after, headers: { ...after.headers, ce_sequence: '6' } }]);
    await shows(() => expect(lines('missing events are no longer in the outbox')).toContainEqual(
      expect.objectContaining({ topic: TOPIC, ranges: [{ from: 4, to: 5 }], asked: 2, repeated: 0 }),
    ));
  });

  it('in a topic that keeps the latest per key is closed without bringing an old state back', async () => {
    const contract = (status: 'active' | 'blocked'): EmpEvent => newEvent(ContractRegisteredV1, { ...ContractRegisteredV1.samples[0], status }, { time: new Date() });
    const states: unknown[] = [];
    let lies = true;
    startRelay(lyingBroker(({ headers, payload }) => lies && headers['ce_type'] === 'ContractRegistered' && payload.includes('blocked')));
    await fixture.consume([recording('test.first', async ([event]) => { states.push((event?.data as { status: string }).status); }, ['emp.contract.v1'])],
      { outbox: fixture.outbox, askAgainMs: 200 });
    await append(contract('active'));
    await published();
    await append(contract('blocked'));
    await published();
    lies = false;
    await append(contract('active'));
    await eventually(() => lines('missing events arrived').length > 0, { withinMs: 10_000 });
    expect(states).toEqual(['active', 'active']);
    const inLog: OutgoingEvent[] = [];
    for await (const event of fixture.broker.read('emp.contract.v1')) inLog.push(event);
    expect(inLog.at(-1)?.headers).toMatchObject({ replay_for: 'test.first', outdated: 'true', ce_sequence: '2' });
  });
});
