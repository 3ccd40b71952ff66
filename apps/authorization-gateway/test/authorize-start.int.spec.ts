import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import { CARDS, EVCO, START, ask, contract, demoContracts, newSession, rfid } from './messages.ts';

let bench: Bench;
let gateway: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start();
  expect((await api(gateway, '/v1/contracts', { contracts: demoContracts() })).status).toBe(200);
}, 30_000);
afterAll(async () => {
  await bench.close();
}, 30_000);

describe('AuthorizeStart', () => {
  it.each<[string, object, string]>([
    ['a good card', rfid(CARDS.good), 'Authorized 000'],
    ['a good card in lower case with colons', rfid('04:a2:b3:c4:d5:e6:80'), 'Authorized 000'],
    ['a blocked card', rfid(CARDS.blocked), 'NotAuthorized 200'],
    ['a card whose contract has ended', rfid(CARDS.ended), 'NotAuthorized 210'],
    ['a card whose contract has not begun', rfid('04AABBCCDDEE03'), 'NotAuthorized 210'],
    ['a card of a blocked contract', rfid('04AABBCCDDEE02'), 'NotAuthorized 200'],
    ['an unknown card', rfid(CARDS.unknown), 'NotAuthorized 102'],
    ['a card read backwards', rfid('80E6D5C4B3A204'), 'NotAuthorized 102'],
    ['a card number that is none', rfid('AFFH1768'), 'NotAuthorized 102'],
    ['a card of the offline provider', rfid(CARDS.offline), 'NotAuthorized 102'],
    [
      'an unknown QR code',
      { QRCodeIdentification: { EvcoID: 'DE-EMP-C99999999-X', PIN: '1234' } },
      'NotAuthorized 101',
    ],
    [
      'a QR code, for which no PIN is known yet',
      { QRCodeIdentification: { EvcoID: EVCO.good, PIN: '1234' } },
      'NotAuthorized 101',
    ],
    [
      'a vehicle with an unknown contract',
      { PlugAndChargeIdentification: { EvcoID: 'DEEMPC99999999X' } },
      'NotAuthorized 120',
    ],
    [
      'a vehicle with a good contract, written without separators and check digit',
      { PlugAndChargeIdentification: { EvcoID: 'DEEMPC00000001' } },
      'Authorized 000',
    ],
    ['no identification', {}, 'NotAuthorized 022'],
    [
      'an identification that is not for stations',
      { RemoteIdentification: { EvcoID: EVCO.good } },
      'NotAuthorized 022',
    ],
  ])('answers %s', async (_, identification, verdict) => {
    const answer = await post(gateway, START, ask(newSession(), identification));
    expect(answer.verdict).toBe(verdict);
    expect(answer.http).toBe(200);
  });

  it('says who authorized, under which session, and echoes what the CPO needs', async () => {
    const sessionId = newSession();
    const { body } = await post(gateway, START, ask(sessionId, rfid(CARDS.good)));
    expect(body).toEqual({
      SessionID: sessionId,
      CPOPartnerSessionID: 'cpo-4711',
      EMPPartnerSessionID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ProviderID: 'DE-EMP',
      AuthorizationStatus: 'Authorized',
      StatusCode: { Code: '000', Description: 'Success.' },
    });
  });

  it('writes the session with its explanation and its event before it answers', async () => {
    const sessionId = newSession();
    const processId = '5e4e8b3a-7e1e-4c6e-9a3e-0d8f0c6b1a11';
    await post(gateway, START, ask(sessionId, rfid(CARDS.good)), { 'process-id': processId });
    const { body: story } = await api(gateway, `/v1/sessions/${sessionId}`);
    expect(story).toMatchObject({
      state: 'authorized',
      providerId: 'DE-EMP',
      tariffPlanId: 'standard',
      evseId: 'DE*SIM*E0001*1',
      cpoPartnerSessionId: 'cpo-4711',
      story: [
        {
          what: 'authorized',
          processId,
          identification: 'rfid',
          explanation: { rule: 'everything-in-order', facts: { cardStatus: 'active' } },
        },
      ],
    });
    const events = (await bench.events('SessionAuthorized')).filter(({ data }) => data['sessionId'] === sessionId);
    expect(events.map(({ data }) => data)).toEqual([
      {
        sessionId,
        providerId: 'DE-EMP',
        contractRef: expect.stringMatching(/^con-[0-9a-f]{20}$/),
        cardRef: expect.stringMatching(/^card-[0-9a-f]{20}$/),
        operatorId: 'DE*SIM',
        evseId: 'DE*SIM*E0001*1',
        identification: 'rfid',
        tariffPlanId: 'standard',
        authorizedAt: '2026-05-01T08:00:00.000Z',
      },
    ]);
  });

  it('writes nothing about an unknown medium', async () => {
    const before = [await bench.count('charging_session'), await bench.count('outbox')];
    await post(gateway, START, ask(newSession(), rfid(CARDS.unknown)));
    await post(gateway, START, ask(newSession(), { PlugAndChargeIdentification: { EvcoID: 'DEEMPC99999999X' } }));
    await post(gateway, START, ask(newSession(), { QRCodeIdentification: { EvcoID: 'DEEMPC99999999X', PIN: '1234' } }));
    expect([await bench.count('charging_session'), await bench.count('outbox')]).toEqual(before);
  });

  it('takes a card that is shown before a socket is chosen', async () => {
    expect((await post(gateway, START, ask(newSession(), rfid(CARDS.good), { EvseID: null }))).verdict).toBe(
      'Authorized 000',
    );
  });

  it('refuses a message without SessionID as unreadable: nothing could follow from it', async () => {
    expect((await post(gateway, START, ask(undefined, rfid(CARDS.good)))).verdict).toBe('NotAuthorized 022');
  });

  it('hints in the log that a card is known by its reversed number', async () => {
    const sessionId = newSession();
    await post(gateway, START, ask(sessionId, rfid('80E6D5C4B3A204')));
    expect(await bench.logLine(sessionId)).toMatchObject({
      code: '102',
      rule: 'card-unknown',
      hint: 'reversed-uid-known',
    });
  });
});

describe('the same SessionID again', () => {
  it('gets the same answer, and there is one session and one event', async () => {
    const sessionId = newSession();
    const first = await post(gateway, START, ask(sessionId, rfid(CARDS.good)));
    const again = await post(gateway, START, ask(sessionId, rfid(CARDS.good)));
    expect(again).toEqual(first);
    expect(
      (await bench.events('SessionAuthorized')).filter(({ data }) => data['sessionId'] === sessionId),
    ).toHaveLength(1);
  });

  it('gets the same answer when both come at once', async () => {
    const sessionId = newSession();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => post(gateway, START, ask(sessionId, rfid(CARDS.good)))),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers[0]?.verdict).toBe('Authorized 000');
    expect(
      (await bench.events('SessionAuthorized')).filter(({ data }) => data['sessionId'] === sessionId),
    ).toHaveLength(1);
  });

  it('gets the same answer after the card was blocked', async () => {
    const sessionId = newSession();
    const uid = '04AABBCCDDEE11';
    const register = (status: string): Promise<unknown> =>
      api(gateway, '/v1/contracts', { contracts: [contract('DE-EMP-C00000011-X', [{ uid, status }])] });
    await register('active');
    const first = await post(gateway, START, ask(sessionId, rfid(uid)));
    await register('blocked');
    expect(await post(gateway, START, ask(sessionId, rfid(uid)))).toEqual(first);
    expect((await post(gateway, START, ask(newSession(), rfid(uid)))).verdict).toBe('NotAuthorized 200');
  });

  it('stays refused after the card was unblocked, on every replica; a new one is granted', async () => {
    const sessionId = newSession();
    const uid = '04AABBCCDDEE12';
    const register = (status: string): Promise<unknown> =>
      api(gateway, '/v1/contracts', { contracts: [contract('DE-EMP-C00000012-X', [{ uid, status }])] });
    await register('blocked');
    expect((await post(gateway, START, ask(sessionId, rfid(uid)))).verdict).toBe('NotAuthorized 200');
    await register('active');
    const other = await bench.start();
    for (const replica of [gateway, other]) {
      expect((await post(replica, START, ask(sessionId, rfid(uid)))).verdict).toBe('NotAuthorized 200');
    }
    expect((await post(other, START, ask(newSession(), rfid(uid)))).verdict).toBe('Authorized 000');
    await bench.stop(other);
    expect((await bench.events('SessionAuthorized')).filter(({ data }) => data['sessionId'] === sessionId)).toEqual([]);
  });

  it('is no session of another card', async () => {
    const sessionId = newSession();
    await post(gateway, START, ask(sessionId, rfid(CARDS.good)));
    expect((await post(gateway, START, ask(sessionId, rfid(CARDS.otherContract)))).verdict).toBe('NotAuthorized 400');
    expect((await post(gateway, START, ask(sessionId, rfid(CARDS.blocked)))).verdict).toBe('NotAuthorized 200');
    expect((await post(gateway, START, ask(sessionId, rfid(CARDS.unknown)))).verdict).toBe('NotAuthorized 102');
  });

  it('gets the same answer when nobody heard the first one, and after a restart', async () => {
    const sessionId = newSession();
    const other = await bench.start();
    const aborted = new AbortController();
    const unheard = fetch(`${other.doorUrl}/api/oicp${START}`, {
      method: 'POST',
      body: JSON.stringify(ask(sessionId, rfid(CARDS.good))),
      signal: aborted.signal,
    }).catch(() => undefined);
    const stored = await eventually(
      async () =>
        (await api<{ empPartnerSessionId: string }>(other, `/v1/sessions/${sessionId}`)).body.empPartnerSessionId,
    );
    aborted.abort();
    await unheard;
    await bench.stop(other);
    const restarted = await bench.start();
    const again = await post(restarted, START, ask(sessionId, rfid(CARDS.good)));
    expect(again.body).toMatchObject({ AuthorizationStatus: 'Authorized', EMPPartnerSessionID: stored });
    expect(
      (await bench.events('SessionAuthorized')).filter(({ data }) => data['sessionId'] === sessionId),
    ).toHaveLength(1);
    await bench.stop(restarted);
  });
});

describe('a frozen database', () => {
  it('costs an answer 021 within the deadline, none for unknown cards, and nothing afterwards', async () => {
    const sessionId = newSession();
    const hasty = await bench.start({ DOOR_DEADLINE_MS: '400' });
    const connection = await bench.service.database.connect();
    try {
      await connection.query('BEGIN; LOCK TABLE charging_session IN ACCESS EXCLUSIVE MODE');
      const begun = performance.now();
      const answers = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          post(hasty, START, ask(index === 0 ? sessionId : newSession(), rfid(CARDS.good))),
        ),
      );
      expect(new Set(answers.map(({ verdict }) => verdict))).toEqual(new Set(['NotAuthorized 021']));
      // 400 ms, and what thirty requests at once and a busy machine add; the database answers never.
      expect(performance.now() - begun).toBeLessThan(4_000);
      expect((await post(hasty, START, ask(newSession(), rfid(CARDS.unknown)))).verdict).toBe('NotAuthorized 102');
    } finally {
      await connection.query('ROLLBACK');
      await connection.close();
    }
    await eventually(
      async () => (await post(hasty, START, ask(newSession(), rfid(CARDS.good)))).verdict === 'Authorized 000',
    );
    await isDenied(sessionId);
    for (const replica of [hasty, gateway]) {
      expect((await post(replica, START, ask(sessionId, rfid(CARDS.good)))).verdict).toBe('NotAuthorized 021');
    }
    expect((await bench.events('SessionAuthorized')).filter(({ data }) => data['sessionId'] === sessionId)).toEqual([]);
  });

  it('that commits after all does not make a yes of what was told to be a no', async () => {
    const sessionId = newSession();
    const hasty = await bench.start({ DOOR_DEADLINE_MS: '300' });
    // No statement timeout reaches a commit.
    await bench.service.database.query(`
      CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3); RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON charging_session DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.session_id = '${sessionId}') EXECUTE FUNCTION dawdle()`);
    const begun = performance.now();
    expect((await post(hasty, START, ask(sessionId, rfid(CARDS.good)))).verdict).toBe('NotAuthorized 021');
    expect(performance.now() - begun).toBeLessThan(2_700);
    expect((await post(hasty, START, ask(sessionId, rfid(CARDS.good)))).verdict).toBe('NotAuthorized 021');
    expect(await isDenied(sessionId)).toEqual({ state: 'expired', authorized: true });
    await bench.stop(hasty);
    const restarted = await bench.start();
    expect((await post(restarted, START, ask(sessionId, rfid(CARDS.good)))).verdict).toBe('NotAuthorized 021');
    expect((await post(restarted, START, ask(sessionId, rfid(CARDS.unknown)))).verdict).toBe('NotAuthorized 102');
    await bench.service.database.query('DROP FUNCTION dawdle CASCADE');
    await bench.stop(restarted);
  });
});

/** Waits until the denial is in the database. */
function isDenied(sessionId: string): Promise<{ readonly state: string; readonly authorized: boolean }> {
  return eventually(
    async () => {
      const [row] = await bench.service.database.query<{ state: string; authorized: boolean }>(
        `SELECT state, authorized_at IS NOT NULL AS authorized FROM charging_session
         WHERE session_id = $1 AND denied_at IS NOT NULL`,
        [sessionId],
      );
      return row;
    },
    { what: 'a denial in the database' },
  );
}
