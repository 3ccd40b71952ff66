import { hash } from 'bcrypt';
import { eventually } from '@emp/testing';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import { START, STOP, ask, contract, newSession, rfid } from './messages.ts';

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

const evco = (number: number): string => `DE-EMP-C3${String(number).padStart(7, '0')}-X`;
const qr = (evcoId: string, pin?: string): object => ({ QRCodeIdentification: { EvcoID: evcoId, PIN: pin ?? null } });
const shown = async (evcoId: string, pin?: string, at = gateway, sessionId = newSession()): Promise<string> =>
  (await post(at, START, ask(sessionId, qr(evcoId, pin)))).verdict;

/** A contract with a PIN that both replicas know. */
async function withPin(number: number, pin: string): Promise<string> {
  await api(gateway, '/v1/contracts', { contracts: [contract(evco(number), [], { pin })] });
  await eventually(async () => {
    const car = { PlugAndChargeIdentification: { EvcoID: evco(number) } };
    const { verdict } = await post(other, START, ask(newSession(), car));
    return verdict === 'Authorized 000';
  });
  return evco(number);
}

describe('a QR code', () => {
  it('is good with its PIN, in any spelling of the contract id, and no other', async () => {
    const evcoId = await withPin(1, '4711');
    expect(await shown(evcoId, '4711')).toBe('Authorized 000');
    expect(await shown('deemp-c30000001', '4711', other)).toBe('Authorized 000');
    expect(await shown(evcoId, '4712')).toBe('NotAuthorized 101');
    expect(await shown(evcoId)).toBe('NotAuthorized 101');
    expect(await shown(evco(99), '4711')).toBe('NotAuthorized 101');
  });

  it.each([['$2a$'], ['$2b$'], ['$2y$']])('is compared with a hash of the form %s', async (form) => {
    const evcoId = evco(10 + form.charCodeAt(2));
    const hashed = (await hash('123456', 4)).replace('$2b$', form);
    const hashedPin = form === '$2y$' ? { value: hashed, function: 'Bcrypt' } : hashed;
    await api(gateway, '/v1/contracts', { contracts: [contract(evcoId, [], { hashedPin })] });
    expect(await shown(evcoId, '123456')).toBe('Authorized 000');
    expect(await shown(evcoId, '654321')).toBe('NotAuthorized 101');
  });

  it('keeps its PIN nowhere but as a hash, which stays when the same one is registered again', async () => {
    const evcoId = await withPin(2, '98765432');
    const register = (more: object): ReturnType<typeof api> =>
      api(gateway, '/v1/contracts', { contracts: [contract(evcoId, [], { ...more })] });
    expect((await register({ pin: '98765432' })).body).toMatchObject({ contracts: { changed: 0 } });
    expect((await register({})).body).toMatchObject({ contracts: { changed: 0 } });
    expect(await shown(evcoId, '98765432')).toBe('Authorized 000');
    const car = ask(undefined, { PlugAndChargeIdentification: { EvcoID: evcoId } });
    const explained = await api<{ facts: { contractRef: string } }>(gateway, '/v1/authorizations/explain', car);
    const [row] = await bench.service.database.query<{ hashed_pin: string; pin_hash_function: string }>(
      'SELECT hashed_pin, pin_hash_function FROM contract WHERE contract_ref = $1',
      [explained.body.facts.contractRef],
    );
    expect(row).toEqual({ hashed_pin: expect.stringMatching(/^\$2b\$10\$.{53}$/), pin_hash_function: 'Bcrypt' });
    await register({ pin: null });
    expect(await shown(evcoId, '98765432')).toBe('NotAuthorized 101');
    const dump = await bench.service.database.query(
      `SELECT (SELECT string_agg(charging_session::text, '') FROM charging_session) AS sessions,
         (SELECT string_agg(outbox::text, '') FROM outbox) AS events`,
    );
    expect(`${JSON.stringify(dump)}${bench.log}`).not.toContain('98765432');
  });

  it('has five wrong PINs in a quarter of an hour, on all replicas, however fast they come', async () => {
    const evcoId = await withPin(3, '1111');
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => shown(evcoId, `22${10 + index}`, index % 2 === 0 ? gateway : other)),
    );
    const [row] = await bench.service.database.query<{ rules: Record<string, number> }>(
      `SELECT jsonb_object_agg(rule, count) AS rules FROM (
         SELECT explanation->>'rule' AS rule, count(*)::int FROM charging_session
         WHERE explanation->'facts'->>'contractRef' = (SELECT contract_ref FROM pin_attempt WHERE attempts = 5)
           AND refusal_code IS NOT NULL GROUP BY 1) AS counted`,
    );
    expect(row?.rules).toEqual({ 'pin-not-correct': 5, 'pin-attempts-used-up': 7 });
    expect(await shown(evcoId, '1111', other)).toBe('NotAuthorized 101');
    bench.clock.advance({ minutes: 15 });
    expect(await shown(evcoId, '1111', other)).toBe('Authorized 000');
  }, 30_000);

  it('has all its attempts again after the right PIN', async () => {
    const evcoId = await withPin(4, '1111');
    for (let round = 0; round < 2; round += 1) {
      for (let wrong = 0; wrong < 4; wrong += 1) expect(await shown(evcoId, '0000')).toBe('NotAuthorized 101');
      expect(await shown(evcoId, '1111')).toBe('Authorized 000');
    }
  }, 30_000);

  it('hears the same answer for the same SessionID, without another look at the PIN', async () => {
    const evcoId = await withPin(5, '1111');
    const [yes, no] = [newSession(), newSession()];
    expect(await shown(evcoId, '1111', gateway, yes)).toBe('Authorized 000');
    for (let again = 0; again < 7; again += 1) expect(await shown(evcoId, '0000', other, no)).toBe('NotAuthorized 101');
    expect(await shown(evcoId, '1111', other, no)).toBe('NotAuthorized 101');
    expect(await shown(evcoId, '1111', other, yes)).toBe('Authorized 000');
    expect(await shown(evcoId, '1111')).toBe('Authorized 000');
  });

  it('stops what it started, with its PIN', async () => {
    const evcoId = await withPin(6, '1111');
    const sessionId = newSession();
    expect(await shown(evcoId, '1111', gateway, sessionId)).toBe('Authorized 000');
    const stop = async (identification: object): Promise<string> =>
      (await post(other, STOP, ask(sessionId, identification))).verdict;
    expect(await stop(qr(evcoId, '0000'))).toBe('NotAuthorized 101');
    expect(await stop(qr(evcoId))).toBe('NotAuthorized 101');
    expect(await stop(qr(evcoId, '1111'))).toBe('Authorized 000');
  });

  it('is answered 106 at once when too many come, while everybody else is served', async () => {
    const evcoId = await withPin(7, '1111');
    const busy = await bench.start({ PIN_CHECKS_AT_ONCE: '1', DOOR_DEADLINE_MS: '2000', PIN_ATTEMPTS: '1000' });
    let answered = 0;
    const answers = Promise.all(
      Array.from({ length: 60 }, () => shown(evcoId, '2222', busy).finally(() => (answered += 1))),
    );
    expect((await post(busy, START, ask(newSession(), rfid('04FFFFFFFFFFFF')))).verdict).toBe('NotAuthorized 102');
    expect(answered).toBeLessThan(60);
    const verdicts = new Set(await answers);
    expect(verdicts.has('NotAuthorized 106')).toBe(true);
    expect(verdicts.has('NotAuthorized 101')).toBe(true);
    await bench.stop(busy);
  }, 30_000);
});

describe('media beside the own ones', () => {
  it('may stop if they are listed, and HBS is told so with the yes', async () => {
    const [own, foreign, unlisted] = ['04DF0000000001', '04DF0000000002', '04DF0000000003'];
    const stopIdentifications = [{ uid: foreign }, { evcoId: 'DE-XYZ-C00000001-X' }];
    const register = (more: Readonly<Record<string, unknown>>): Promise<unknown> =>
      api(gateway, '/v1/contracts', { contracts: [contract(evco(8), [{ uid: own }], more)] });
    await register({ stopIdentifications });
    const sessionId = newSession();
    const first = await post(gateway, START, ask(sessionId, rfid(own ?? '')));
    expect(first.verdict).toBe('Authorized 000');
    const told = first.body['AuthorizationStopIdentifications'] as object[];
    expect(told).toHaveLength(2);
    expect(told).toEqual(
      expect.arrayContaining([
        { RFIDMifareFamilyIdentification: { UID: foreign } },
        { PlugAndChargeIdentification: { EvcoID: 'DE-XYZ-C00000001-X' } },
      ]),
    );
    expect(await post(gateway, START, ask(sessionId, rfid(own ?? '')))).toEqual(first);
    const stop = async (identification: object, session = sessionId): Promise<string> =>
      (await post(gateway, STOP, ask(session, identification))).verdict;
    expect(await stop(rfid(unlisted ?? ''))).toBe('NotAuthorized 102');
    expect(await stop({ PlugAndChargeIdentification: { EvcoID: 'DEXYZC00000001' } })).toBe('Authorized 000');
    expect(await stop(rfid(foreign ?? ''))).toBe('Authorized 000');
    expect(await stop(rfid(foreign ?? ''), newSession())).toBe('NotAuthorized 400');
    expect(await shown(evco(8), '1111')).toBe('NotAuthorized 101');
    await register({ stopIdentifications: [] });
    const later = newSession();
    const second = await post(gateway, START, ask(later, rfid(own ?? '')));
    expect(second.body).not.toHaveProperty('AuthorizationStopIdentifications');
    expect(await stop(rfid(foreign ?? ''), later)).toBe('NotAuthorized 102');
  });

  it('cannot stop a session that was refused: HBS has dropped it', async () => {
    const uid = '04DF0000000009';
    await api(gateway, '/v1/contracts', { contracts: [contract(evco(9), [{ uid, status: 'blocked' }])] });
    const sessionId = newSession();
    expect((await post(gateway, START, ask(sessionId, rfid(uid)))).verdict).toBe('NotAuthorized 200');
    expect((await post(gateway, STOP, ask(sessionId, rfid(uid)))).verdict).toBe('NotAuthorized 400');
  });

  it('hints in the log that a stop came with the number of a card read backwards', async () => {
    const uid = '04DF00000000AA';
    await api(gateway, '/v1/contracts', { contracts: [contract(evco(20), [{ uid }])] });
    const sessionId = newSession();
    await post(gateway, START, ask(sessionId, rfid(uid)));
    expect((await post(gateway, STOP, ask(sessionId, rfid('AA00000000DF04')))).verdict).toBe('NotAuthorized 102');
    expect(await bench.logLine('reversed-uid-known')).toMatchObject({ operation: 'AuthorizeStop', code: '102' });
  });
});
