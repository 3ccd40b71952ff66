import { isEvent, CdrAcceptedV1, CdrConflictedV1, CdrQuarantinedV1, type EmpEvent } from '@emp/events';
import type { Transaction } from '@emp/database';
import { eventually } from '@emp/testing';
import {
  byCard, cardRegistered, cdr, contractRegistered, FOREIGN_UID, OUR_EVCO, OUR_UID, received, sessionId, vault,
} from './builders.ts';
import { Desk } from './desk.ts';
import { heldOpen as holdOpen } from './held-open.ts';

let desk: Desk;
beforeAll(async () => { desk = await Desk.open(); });
beforeEach(() => desk.clear());
afterAll(() => desk.close());

/** Does the work and holds its transaction open until `commit()`. */
const heldOpen = (work: (tx: Transaction) => Promise<void>) => holdOpen(desk.database, work);

const typesOf = (events: readonly EmpEvent[]): readonly string[] => events.map(({ type }) => type);
/** Without a contract: we did not authorize the session. */
const notOurSession = { contractRef: null } as const;

/** The statements that `work` asks for, by name or text. */
async function statementsOf(tx: Transaction, work: (counted: Transaction) => Promise<void>): Promise<readonly string[]> {
  const asked: string[] = [];
  await work({
    kind: 'transaction',
    afterCommit: (run) => tx.afterCommit(run),
    query: (text, values) => { asked.push(text); return tx.query(text, values); },
    execute: (text, values) => { asked.push(text); return tx.execute(text, values); },
    prepared: (statement, values) => { asked.push(statement.name); return tx.prepared(statement, values); },
  });
  return asked;
}

describe('a record comes in', () => {
  it('is stored with its facts and announced as it is written', async () => {
    await desk.receive(received(JSON.stringify(cdr(1)).replace('"ConsumedEnergy":11', '"ConsumedEnergy":"11.000"')));
    const [event] = await desk.takeEvents();
    expect(event).toMatchObject({ type: 'CdrAccepted', key: sessionId(1) });
    expect(event?.data).toEqual({
      sessionId: sessionId(1), providerId: 'DE-EMP', contractRef: 'con-0001', operatorId: 'DE*SIM', evseId: 'DE*SIM*E0001*1',
      partnerProductId: 'DC', sessionStart: '2026-05-01T09:58:00+02:00', sessionEnd: '2026-05-01T11:05:00+02:00',
      chargingStart: '2026-05-01T10:00:00+02:00', chargingEnd: '2026-05-01T11:00:00+02:00', energyKwh: '11.000',
      findings: ['number-as-text'], origin: 'pushed', receivedAt: '2026-05-01T09:06:00.000Z',
      signedMetering: { verdict: 'absent', reason: 'there are no signed values', origin: null, energyKwh: null },
    });
    const [row] = await desk.database.query('SELECT session_start_at, meter_end_kwh, energy_kwh::text, matched_by, identification FROM cdr');
    expect(row).toEqual({
      session_start_at: new Date('2026-05-01T07:58:00Z'), meter_end_kwh: '111', energy_kwh: '11.000', matched_by: 'session', identification: 'rfid',
    });
  });

  it('costs four statements, however many records come with it', async () => {
    for (const numbers of [[1], [2, 3, 4, 5, 6]]) {
      const statements = await desk.database.transaction((tx) =>
        statementsOf(tx, (counted) => desk.receiveWithin(counted, ...numbers.map((number) => received(cdr(number))))));
      expect(statements).toEqual(['cdr-known-in-peace', 'record-surroundings', 'cdr-insert', expect.stringMatching(/^outbox-append/)]);
    }
    expect(await desk.stored()).toHaveLength(6);
  });

  it('keeps its text byte for byte, sealed, and its card number nowhere else', async () => {
    const text = `  ${JSON.stringify(cdr(1, byCard(FOREIGN_UID)), null, 3)}\r\n`;
    await desk.receive(received(text, notOurSession));
    await desk.receive(received(JSON.stringify(cdr(1, byCard(OUR_UID))), notOurSession));
    const rows = await desk.database.query<{ sealed_record: string }>('SELECT * FROM cdr ORDER BY version');
    expect(vault.open(rows[0]?.sealed_record ?? '')).toBe(text);
    const everything = JSON.stringify([rows, await desk.takeEvents()]);
    expect(everything).not.toContain(FOREIGN_UID);
    expect(everything).not.toContain(OUR_UID);
  });

  it('changes nothing when it comes again, written however', async () => {
    const record = cdr(1);
    await desk.receive(received(record));
    await desk.takeEvents();
    await desk.receive(received(record));
    await desk.receive(received(JSON.stringify(Object.fromEntries(Object.entries({ ...record, ConsumedEnergy: '11.0' }).reverse()), null, 2)));
    await desk.receive(received({ ...record, SessionID: sessionId(1).toUpperCase(), HubOperatorID: null }, { origin: 'pulled' }));
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
    expect(await desk.takeEvents()).toEqual([]);
  });

  it('stays billable when another content comes, which is kept with its differences', async () => {
    await desk.receive(received(cdr(1)));
    await desk.takeEvents();
    await desk.receive(received(cdr(1, { ConsumedEnergy: 12, MeterValueEnd: 112, ...byCard(FOREIGN_UID) })));
    const [event, ...others] = await desk.takeEvents();
    expect(event && isEvent(CdrConflictedV1, event) && event.data.differingMembers).toEqual([
      '/ConsumedEnergy', '/Identification/RFIDMifareFamilyIdentification/UID', '/MeterValueEnd',
    ]);
    expect(others).toEqual([]);
    expect(await desk.stored()).toEqual(['0001/1: accepted', '0001/2: conflict other-content']);
  });

  it('tells a repeat of the conflicting content from a third content', async () => {
    await desk.receive(received(cdr(1)));
    await desk.receive(received(cdr(1, { PartnerProductID: 'AC' })));
    await desk.takeEvents();
    await desk.receive(received(cdr(1, { PartnerProductID: 'AC' })));
    await desk.receive(received(cdr(1, { PartnerProductID: 'XX' })));
    expect(typesOf(await desk.takeEvents())).toEqual(['CdrConflicted']);
    expect(await desk.stored()).toHaveLength(3);
  });

  it('is compared with the others of its own batch', async () => {
    await desk.receive(received(cdr(1)), received(cdr(2)), received(cdr(1)), received(cdr(1, { ConsumedEnergy: 11.005 })), received(cdr(2)));
    expect(await desk.stored()).toEqual(['0001/1: accepted', '0001/2: conflict other-content', '0002/1: accepted']);
    const events = await desk.takeEvents();
    expect(typesOf(events)).toEqual(['CdrAccepted', 'CdrAccepted', 'CdrConflicted']);
    expect(events[2]?.data).toMatchObject({ differingMembers: ['/ConsumedEnergy'] });
  });

  it('is kept in quarantine with its reasons when it contradicts itself', async () => {
    await desk.receive(received(cdr(1, { ConsumedEnergy: 15 })));
    const [event] = await desk.takeEvents();
    expect(event && isEvent(CdrQuarantinedV1, event) && event.data.reasons).toEqual([
      { code: 'energy-identity', message: 'ConsumedEnergy is not what the meter readings say' },
    ]);
  });
});

describe('a text that is no record', () => {
  it('is kept, sealed and quarantined, once', async () => {
    const broken = '{"SessionID": "b2688855-7f00-0002-6d8e-000000000007", "EvseID": ';
    await desk.receive(received(broken, { sessionId: sessionId(7) }), received(broken, { sessionId: sessionId(7) }));
    await desk.receive(received(broken, { sessionId: sessionId(7) }));
    expect(await desk.stored()).toEqual(['0007/1: quarantined unreadable not-json']);
    const [row] = await desk.database.query<{ sealed_record: string; readable: boolean }>('SELECT sealed_record, readable FROM cdr');
    expect([vault.open(row?.sealed_record ?? ''), row?.readable]).toEqual([broken, false]);
    expect(typesOf(await desk.takeEvents())).toEqual(['CdrQuarantined']);
  });

  it('does not stand in the way of the record that comes after it', async () => {
    await desk.receive(received('{', { sessionId: sessionId(1) }));
    await desk.receive(received(cdr(1)));
    expect(await desk.stored()).toEqual(['0001/1: quarantined unreadable not-json', '0001/2: accepted']);
  });

  it('is a conflict when the record is there already', async () => {
    await desk.receive(received(cdr(1)));
    await desk.takeEvents();
    await desk.receive(received('[]', { sessionId: sessionId(1) }));
    const [event] = await desk.takeEvents();
    expect(event).toMatchObject({ type: 'CdrConflicted', data: { differingMembers: [''] } });
  });

  it('gets a name of its own when it tells no SessionID', async () => {
    await desk.receive(received('"first"', { sessionId: '' }), received('"second"', { sessionId: '' }));
    expect(await desk.stored()).toHaveLength(2);
    expect((await desk.takeEvents()).every(({ key }) => key.startsWith('unreadable:'))).toBe(true);
  });
});

describe('a record of a session that we did not authorize', () => {
  it('finds its contract by the card', async () => {
    await desk.register(cardRegistered(OUR_UID, 'con-0007'));
    await desk.receive(received(cdr(1, byCard('04:a2:b3:c4:d5:e6:80')), notOurSession));
    const [event] = await desk.takeEvents();
    expect(event && isEvent(CdrAcceptedV1, event) && event.data.contractRef).toBe('con-0007');
  });

  it.each(['RemoteIdentification', 'QRCodeIdentification', 'PlugAndChargeIdentification'])(
    'finds its contract by the contract id (%s), in any spelling', async (kind) => {
      await desk.register(contractRegistered(OUR_EVCO, 'con-0008'));
      await desk.receive(received(cdr(1, { Identification: { [kind]: { EvcoID: 'DE-EMP-C12345678-X'.replaceAll('-', '') } } }), notOurSession));
      const [event] = await desk.takeEvents();
      expect(event).toMatchObject({ type: 'CdrAccepted', data: { contractRef: 'con-0008' } });
    },
  );

  it('waits in quarantine until its card is registered, and is accepted with that event', async () => {
    await desk.receive(received(cdr(1, byCard(FOREIGN_UID)), { ...notOurSession, origin: 'pulled', operatorId: null }));
    expect(await desk.stored()).toEqual(['0001/1: quarantined contract-unknown']);
    expect(typesOf(await desk.takeEvents())).toEqual(['CdrQuarantined']);

    desk.clock.advance({ hours: 3 });
    await desk.register(cardRegistered(OUR_UID, 'con-0001'), cardRegistered(FOREIGN_UID, 'con-0009'));
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
    const events = await desk.takeEvents();
    expect(events).toEqual([expect.objectContaining({ type: 'CdrAccepted', time: '2026-05-01T12:06:00.000Z' })]);
    expect(events[0]?.data).toMatchObject({
      sessionId: sessionId(1), contractRef: 'con-0009', energyKwh: '11', sessionStart: '2026-05-01T09:58:00+02:00', origin: 'pulled',
      operatorId: null, receivedAt: '2026-05-01T09:06:00.000Z', findings: [],
    });
  });

  it('stays in quarantine when something else is wrong, too', async () => {
    await desk.receive(received(cdr(1, { ...byCard(FOREIGN_UID), ConsumedEnergy: 99, PartnerProductID: 7 }), notOurSession));
    await desk.takeEvents();
    await desk.register(cardRegistered(FOREIGN_UID, 'con-0009'));
    expect(await desk.stored()).toEqual(['0001/1: quarantined energy-identity text-as-number']);
    expect(await desk.takeEvents()).toMatchObject([{ type: 'CdrQuarantined', data: { reasons: [{ code: 'energy-identity' }] } }]);
  });

  it('is freed by a repeat that knows the session', async () => {
    await desk.receive(received(cdr(1, byCard(FOREIGN_UID)), { ...notOurSession, origin: 'pulled' }));
    await desk.takeEvents();
    await desk.receive(received(cdr(1, byCard(FOREIGN_UID)), { contractRef: 'con-0003' }));
    expect(await desk.takeEvents()).toMatchObject([{ type: 'CdrAccepted', data: { contractRef: 'con-0003' } }]);
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
  });

  it('is freed by a contract that is registered while the record is just being stored', async () => {
    const storing = await heldOpen((tx) => desk.receiveWithin(tx, received(cdr(1, byCard(FOREIGN_UID)), notOurSession)));
    const registered = desk.register(cardRegistered(FOREIGN_UID, 'con-0009'));
    await untilWaitingForLock();
    await Promise.all([storing.commit(), registered]);
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
  });

  it('finds a contract that is just being registered', async () => {
    const registering = await heldOpen((tx) => desk.registerWithin(tx, cardRegistered(FOREIGN_UID, 'con-0009')));
    const receiving = desk.receive(received(cdr(1, byCard(FOREIGN_UID)), notOurSession));
    await untilWaitingForLock();
    await Promise.all([registering.commit(), receiving]);
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
  });

  it('keeps the contract that was told last, in whatever order the events come', async () => {
    await desk.register(cardRegistered(OUR_UID, 'con-new', new Date('2026-05-02T00:00:00Z')));
    await desk.register(cardRegistered(OUR_UID, 'con-old', new Date('2026-05-01T00:00:00Z')));
    await desk.receive(received(cdr(1), notOurSession));
    expect((await desk.takeEvents())[0]?.data).toMatchObject({ contractRef: 'con-new' });
  });
});

describe('a record with what no database takes', () => {
  it.each([
    ['null characters', { EvseID: 'DE*SIM\0*E1', PartnerProductID: '\0', 'un\0known': '\0' }, 'accepted'],
    ['half a surrogate pair', { PartnerProductID: '\ud83d', '\udc00': 1 }, 'accepted'],
    ['a time beyond the last year', { SessionEnd: '9999-12-31T23:59:59-12:00' }, 'quarantined'],
    ['an endless product name', { PartnerProductID: 'x'.repeat(100_000) }, 'accepted'],
    ['an absurd number', { ConsumedEnergy: '1e59' }, 'quarantined'],
    ['a deep nest', { nest: JSON.parse(`${'['.repeat(200)}1${']'.repeat(200)}`) as unknown }, 'accepted'],
  ])('(%s) is stored all the same', async (_what, changes, state) => {
    await desk.receive(received(cdr(1, changes)));
    expect(await desk.stored()).toEqual([expect.stringMatching(`^0001/1: ${state}`)]);
    await desk.receive(received(cdr(1, changes)));
    await desk.receive(received(cdr(1, { ...changes, EvseID: 'DE*OTH*E1' })));
    expect(await desk.stored()).toHaveLength(2);
  });

  it('(a SessionID that no index holds) is kept as unreadable', async () => {
    await desk.receive(received(cdr(1, { SessionID: 'x'.repeat(10_000) }), { sessionId: sessionId(4) }));
    expect(await desk.stored()).toEqual([expect.stringMatching('^0004/1: quarantined unreadable')]);
  });
});

describe('a batch of records', () => {
  it('of 500, some broken, loses none and costs only the broken ones', async () => {
    const events = Array.from({ length: 500 }, (_, number) => {
      if (number % 100 === 7) return received(`{"SessionID":"${sessionId(number)}"`, { sessionId: sessionId(number) });
      if (number % 100 === 13) return received(cdr(number, { ConsumedEnergy: -1, MeterValueStart: undefined }));
      if (number % 100 === 21) return received(cdr(number, { SessionEnd: 'yesterday' }));
      if (number % 100 === 33) return received(cdr(number - 1));
      if (number % 100 === 42) return received(cdr(number - 1, { PartnerProductID: '✂' }));
      return received(cdr(number));
    });
    await desk.receive(...events);
    const counted = await desk.database.query('SELECT state, count(*)::int AS count FROM cdr GROUP BY state ORDER BY state');
    expect(counted).toEqual([{ state: 'accepted', count: 475 }, { state: 'conflict', count: 5 }, { state: 'quarantined', count: 15 }]);
    expect(await desk.takeEvents()).toHaveLength(495);
  });

  it('that meets another one with the same session is told to come again', async () => {
    const first = await heldOpen((tx) => desk.receiveWithin(tx, received(cdr(1))));
    const second = desk.receive(received(cdr(2)), received(cdr(1, { PartnerProductID: 'AC' })));
    const outcome = second.then(() => 'stored', (error: unknown) => error);
    await untilWaitingForLock();
    await first.commit();
    expect(await outcome).toMatchObject({ slug: 'cdr-intake-raced', retry: 'helps' });
    expect(await desk.stored()).toEqual(['0001/1: accepted']);
  });
});

/** Somebody waits for the transaction that is held open. */
async function untilWaitingForLock(): Promise<void> {
  await eventually(async () => {
    const [row] = await desk.database.query<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS waiting`,
    );
    return row?.waiting;
  }, { what: 'a transaction waiting for another' });
}
