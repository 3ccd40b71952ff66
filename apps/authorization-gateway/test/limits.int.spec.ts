import { ChargeRatedV1, ChargeReversedV1, newEvent, type EmpEvent } from '@emp/events';
import { Outbox } from '@emp/messaging';
import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post, type Answered } from './bench.ts';
import { NOTIFY, START, STOP, ask, contract, newSession, notification, rfid } from './messages.ts';

let bench: Bench;
let gateway: RunningGateway;
let other: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start();
  other = await bench.start();
}, 60_000);
afterAll(async () => {
  await bench.close();
}, 30_000);

let number = 0;
/** A contract of its own with one card; every replica knows its terms. */
async function cardWith(terms: Readonly<Record<string, unknown>>): Promise<string> {
  number += 1;
  const uid = `04EE${String(number).padStart(10, '0')}`;
  const evcoId = `DE-EMP-C2${String(number).padStart(7, '0')}-X`;
  await api(gateway, '/v1/contracts', { contracts: [contract(evcoId, [{ uid }], terms)] });
  await eventually(async () => {
    const { body } = await api<{ facts: object }>(other, '/v1/authorizations/explain', ask(undefined, rfid(uid)));
    return 'sessionLimit' in body.facts || 'creditAmount' in body.facts;
  });
  return uid;
}

const tap = (uid: string, at = gateway, sessionId = newSession()): Promise<Answered & { readonly sessionId: string }> =>
  post(at, START, ask(sessionId, rfid(uid))).then((answer) => ({ ...answer, sessionId }));

describe('a limit of sessions', () => {
  it('lets exactly one of many simultaneous taps on two replicas through', async () => {
    for (let round = 0; round < 5; round += 1) {
      const uid = await cardWith({ rules: { sessionLimit: 1 } });
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => tap(uid, index % 2 === 0 ? gateway : other)),
      );
      const verdicts = answers.map(({ verdict }) => verdict).sort();
      expect(verdicts).toEqual(['Authorized 000', ...Array.from({ length: 7 }, () => 'NotAuthorized 210')]);
      for (const { sessionId, verdict } of answers) {
        expect((await tap(uid, other, sessionId)).verdict).toBe(verdict);
      }
    }
    const events = await bench.events('SessionAuthorized');
    expect(events).toHaveLength(5);
  }, 60_000);

  it('lets as many through as it says', async () => {
    const uid = await cardWith({ rules: { sessionLimit: 3 } });
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => tap(uid, index % 2 === 0 ? gateway : other)),
    );
    expect(answers.filter(({ verdict }) => verdict === 'Authorized 000')).toHaveLength(3);
  });

  it.each<[string, (sessionId: string, uid: string) => Promise<unknown>]>([
    ['ended', (sessionId) => post(gateway, NOTIFY, notification('End', sessionId))],
    ['was stopped', (sessionId, uid) => post(gateway, STOP, ask(sessionId, rfid(uid)))],
  ])('is free again when the session %s; what was refused before stays refused', async (_, end) => {
    const uid = await cardWith({ rules: { sessionLimit: 1 } });
    const first = await tap(uid);
    const second = await tap(uid);
    expect([first.verdict, second.verdict]).toEqual(['Authorized 000', 'NotAuthorized 210']);
    await post(gateway, NOTIFY, notification('Start', first.sessionId));
    expect((await tap(uid)).verdict).toBe('NotAuthorized 210');
    await end(first.sessionId, uid);
    expect((await tap(uid, other, second.sessionId)).verdict).toBe('NotAuthorized 210');
    expect((await tap(uid, other)).verdict).toBe('Authorized 000');
  });

  it('does not count what HBS was told no about, nor what nobody speaks of any more', async () => {
    const uid = await cardWith({ rules: { sessionLimit: 1 } });
    const { sessionId } = await tap(uid);
    await bench.service.database.query(
      `UPDATE charging_session SET denied_at = now() WHERE session_id = $1`, [sessionId],
    );
    const next = await tap(uid);
    expect(next.verdict).toBe('Authorized 000');
    await bench.service.database.query(
      `UPDATE charging_session SET last_heard_at = last_heard_at - interval '49 hours' WHERE session_id = $1`,
      [next.sessionId],
    );
    expect((await tap(uid)).verdict).toBe('Authorized 000');
  });

  it('is not used up by what could not be written in time: HBS was told 021', async () => {
    const uid = await cardWith({ rules: { sessionLimit: 1 } });
    const hasty = await bench.start({ DOOR_DEADLINE_MS: '400' });
    const sessionId = newSession();
    const connection = await bench.service.database.connect();
    try {
      await connection.query('BEGIN; LOCK TABLE charging_session IN ACCESS EXCLUSIVE MODE');
      expect((await tap(uid, hasty, sessionId)).verdict).toBe('NotAuthorized 021');
    } finally {
      await connection.query('ROLLBACK');
      await connection.close();
    }
    await eventually(async () => (await tap(uid, hasty)).verdict === 'Authorized 000');
    expect((await tap(uid, gateway)).verdict).toBe('NotAuthorized 210');
    await eventually(async () => (await tap(uid, gateway, sessionId)).verdict === 'NotAuthorized 021');
    await bench.stop(hasty);
  });

  it('tells in the explanation of a yes what was in use', async () => {
    const uid = await cardWith({ rules: { sessionLimit: 2 } });
    await tap(uid);
    const { sessionId } = await tap(uid);
    const { body } = await api<{ story: { explanation: object }[] }>(gateway, `/v1/sessions/${sessionId}`);
    expect(body.story[0]?.explanation).toMatchObject({
      rule: 'everything-in-order',
      facts: { sessionLimit: '2', liveSessions: '1' },
    });
  });
});

describe('a credit', () => {
  const credit = (amount: string, more: object = {}): Readonly<Record<string, unknown>> => ({
    credit: { amount, currency: 'EUR', reservePerSession: '10', ...more },
  });
  const outbox = new Outbox({ source: 'billing' });

  /** As billing tells it. */
  async function bill(...events: readonly EmpEvent[]): Promise<void> {
    await bench.service.database.transaction((tx) => outbox.append(tx, ...events));
  }
  const refOf = async (sessionId: string): Promise<string> => {
    const { body } = await api<{ contractRef: string }>(gateway, `/v1/sessions/${sessionId}`);
    return body.contractRef;
  };
  const rated = (sessionId: string, contractRef: string, gross: string, more: object = {}): EmpEvent => {
    const [sample] = ChargeRatedV1.samples;
    if (!sample) throw new Error('no sample');
    return newEvent(
      ChargeRatedV1,
      { ...sample, chargeId: `chg-${sessionId}`, sessionId, contractRef, gross, ...more },
      { time: bench.clock.now() },
    );
  };
  const reversed = (sessionId: string, contractRef: string, gross: string): EmpEvent => {
    const [sample] = ChargeReversedV1.samples;
    if (!sample) throw new Error('no sample');
    const ids = { reversalId: `rev-${sessionId}`, chargeId: `chg-${sessionId}`, sessionId, contractRef };
    return newEvent(ChargeReversedV1, { ...sample, ...ids, gross }, { time: bench.clock.now() });
  };
  const isConsumed = (contractRef: string, amount: string): Promise<unknown> =>
    eventually(async () => {
      const [row] = await bench.service.database.query<{ fits: boolean }>(
        'SELECT consumed = $2::numeric AS fits FROM contract_credit WHERE contract_ref = $1',
        [contractRef, amount],
      );
      return row?.fits;
    });

  it('is set aside for each session, on two replicas, and taken by its charge', async () => {
    const uid = await cardWith(credit('30'));
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => tap(uid, index % 2 === 0 ? gateway : other)),
    );
    const granted = answers.filter(({ verdict }) => verdict === 'Authorized 000');
    expect(granted).toHaveLength(3);
    expect(new Set(answers.map(({ verdict }) => verdict))).toEqual(new Set(['Authorized 000', 'NotAuthorized 210']));
    const [one, two, three] = granted.map(({ sessionId }) => sessionId);
    const contractRef = await refOf(one ?? '');
    // A session that ended keeps what is set aside: its charge is on its way.
    await post(gateway, NOTIFY, notification('End', one ?? ''));
    expect((await tap(uid)).verdict).toBe('NotAuthorized 210');
    await bill(rated(one ?? '', contractRef, '2.50'), rated(two ?? '', contractRef, '7.50'));
    await isConsumed(contractRef, '10');
    expect((await tap(uid)).verdict).toBe('Authorized 000');
    expect((await tap(uid)).verdict).toBe('NotAuthorized 210');
    // Thirty, less ten, less twenty for two that live; the third costs more than was set aside.
    await bill(rated(three ?? '', contractRef, '15.01'));
    await isConsumed(contractRef, '25.01');
    expect((await tap(uid)).verdict).toBe('NotAuthorized 210');
  });

  it('takes each charge once and gives back what is reversed', async () => {
    const uid = await cardWith(credit('10'));
    const { sessionId } = await tap(uid);
    const contractRef = await refOf(sessionId);
    await bill(rated(sessionId, contractRef, '9.00'), rated(sessionId, contractRef, '9.00'));
    await isConsumed(contractRef, '9');
    expect((await tap(uid)).verdict).toBe('NotAuthorized 210');
    await bill(reversed(sessionId, contractRef, '-9.00'), reversed(sessionId, contractRef, '-9.00'));
    await isConsumed(contractRef, '0');
    expect((await tap(uid)).verdict).toBe('Authorized 000');
  });

  it('takes what was set aside for a charge in another currency', async () => {
    const uid = await cardWith(credit('30'));
    const { sessionId } = await tap(uid);
    const contractRef = await refOf(sessionId);
    await bill(rated(sessionId, contractRef, '123.00', { currency: 'CZK' }));
    await isConsumed(contractRef, '10');
  });

  it('grows when more is paid in, and what was consumed stays consumed', async () => {
    const uid = await cardWith(credit('10'));
    const { sessionId, verdict } = await tap(uid);
    expect(verdict).toBe('Authorized 000');
    const contractRef = await refOf(sessionId);
    await bill(rated(sessionId, contractRef, '4'));
    await isConsumed(contractRef, '4');
    expect((await tap(uid)).verdict).toBe('NotAuthorized 210');
    const evcoId = `DE-EMP-C2${String(number).padStart(7, '0')}-X`;
    await api(gateway, '/v1/contracts', { contracts: [contract(evcoId, [{ uid }], credit('14'))] });
    await isConsumed(contractRef, '4');
    expect((await tap(uid, other)).verdict).toBe('Authorized 000');
    expect((await tap(uid, other)).verdict).toBe('NotAuthorized 210');
  });
});
