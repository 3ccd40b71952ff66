import { newId } from '@emp/kernel';
import { ContractRegisteredV1, newEvent, type EmpEvent } from '@emp/events';
import { eventually } from '@emp/testing';
import { auditEvents, encodeEvent, OutboxRelay, type AuditReport, type DeliveredEvent } from '../src/index.ts';
import { accepted, Fixture, recording, TOPIC } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => { fixture = await Fixture.open(); });
afterEach(() => fixture.reset());
afterAll(() => fixture.close());

const audit = (): Promise<AuditReport> => auditEvents({ broker: fixture.broker, services: [{ name: 'test-service', databaseUrl: fixture.serviceUrl }] });
const CLEAN = { 'not-in-log': 0, 'not-handled': 0, gap: 0 };

const start = async (): Promise<void> => {
  await fixture.consume([recording('test.first', undefined, [TOPIC, 'emp.contract.v1'])]);
  const relay = new OutboxRelay({ database: fixture.database, broker: fixture.broker, outbox: fixture.outbox, log: fixture.log, pollMs: 20 });
  relay.start();
  fixture.onClose(() => relay.stop());
};
const append = (...events: EmpEvent[]): Promise<void> => fixture.database.transaction((tx) => fixture.outbox.append(tx, ...events));
const caughtUp = (): Promise<unknown> => eventually(async () =>
  (await fixture.outbox.pending(fixture.database)).count === 0 && (await fixture.broker.lag()).every(({ behind }) => behind === 0), { what: 'everything handled', withinMs: 10_000 });

describe('an audit', () => {
  it('finds nothing where nothing is missing, and counts what lies in the log twice', async () => {
    await start();
    await append(...Array.from({ length: 1_200 }, (_, index) => accepted(`session-${index % 70}`)));
    await caughtUp();
    const again: DeliveredEvent[] = [];
    for await (const event of fixture.broker.read(TOPIC)) if (Number(event.headers['ce_sequence']) <= 2) again.push(event);
    await fixture.broker.publish(again);
    await caughtUp();
    const { doubles, events, counts, differences } = await audit();
    expect({ counts, differences }).toEqual({ counts: CLEAN, differences: [] });
    expect(doubles).toBe(12);
    expect(events).toBe(1_212);
  }, 30_000);

  it('names what the outbox calls published and the log does not hold', async () => {
    await start();
    const events = Array.from({ length: 30 }, (_, index) => accepted(`session-${index}`));
    await append(...events);
    await caughtUp();
    await fixture.eventLog.query(`DELETE FROM log WHERE headers->>'ce_id' = ANY ($1)`, [events.slice(7, 9).map(({ id }) => id)]);
    const { counts, differences } = await audit();
    expect(counts).toEqual({ ...CLEAN, 'not-in-log': 2 });
    expect(differences.map((each) => ('eventId' in each ? each.eventId : '')).sort()).toEqual(events.slice(7, 9).map(({ id }) => id).sort());
    expect(differences[0]).toMatchObject({ kind: 'not-in-log', service: 'test-service', topic: TOPIC, eventType: 'CdrAccepted', sequence: expect.any(Number) as number });
  });

  it('names what a group has passed without handling it; not what it gave up, or has not come to', async () => {
    await start();
    const events = Array.from({ length: 20 }, (_, index) => accepted(`session-${index}`));
    await append(...events);
    await fixture.broker.publish([{ ...encodeEvent(accepted('spoilt'), 'test'), payload: '{' }]);
    await caughtUp();
    expect((await audit()).counts).toEqual(CLEAN);
    await fixture.database.query('DELETE FROM inbox WHERE event_id = $1', [events[3]?.id]);
    const { counts, differences } = await audit();
    expect(counts).toEqual({ ...CLEAN, 'not-handled': 1 });
    expect(differences).toMatchObject([{ kind: 'not-handled', group: 'test.first', topic: TOPIC, eventId: events[3]?.id, eventType: 'CdrAccepted' }]);
    await fixture.eventLog.query(`UPDATE group_cursor SET txid = '0', id = 0`);
    expect((await audit()).counts['not-handled']).toBe(0);
  });

  it('does not miss what compaction has taken', async () => {
    await start();
    const contract = (): EmpEvent => ({ ...newEvent(ContractRegisteredV1, ContractRegisteredV1.samples[0], { time: new Date() }), id: newId() });
    const [first, second] = [contract(), contract()];
    await append(first);
    await append(second);
    await caughtUp();
    await fixture.eventLog.query(`DELETE FROM log WHERE headers->>'ce_id' = $1`, [first.id]);
    expect((await audit()).counts).toEqual(CLEAN);
    await fixture.eventLog.query(`DELETE FROM log WHERE headers->>'ce_id' = $1`, [second.id]);
    expect((await audit()).differences).toMatchObject([{ kind: 'not-in-log', eventId: second.id }]);
  });

  it('tells of what waits, and of gaps', async () => {
    await append(accepted('waiting'));
    await fixture.consume([recording('test.first')]);
    const numbered = (sequence: string): Parameters<typeof fixture.broker.publish>[0][number] => {
      const event = encodeEvent(accepted('one key'), 'elsewhere');
      return { ...event, headers: { ...event.headers, ce_sequence: sequence } };
    };
    await fixture.broker.publish([numbered('1'), numbered('4')]);
    await eventually(async () => (await fixture.seen()).length === 2, { what: 'both handled' });
    expect(await audit()).toMatchObject({ waiting: 1, counts: { gap: 1 }, differences: [{ kind: 'gap', group: 'test.first', source: 'elsewhere', ranges: [{ from: 2, to: 3 }] }] });
  });
});
