import type { EmpEvent } from '@emp/events';
import { decodeEvent, encodeEvent, openBroker, type Broker } from '@emp/messaging';
import { createLog, type RunningService } from '@emp/service-kit';
import { eventually, FakeClock, testDatabase, type TestDatabase } from '@emp/testing';
import { readCdrIngestConfig, startCdrIngest } from '../src/index.ts';
import {
  byCard, cardRegistered, cdr, FOREIGN_UID, OUR_UID, received, RECEIVED_AT, sessionId, vault, VAULT_KEYS, VAULT_PEPPER,
} from './builders.ts';
import { FakeHbs } from './fake-hbs.ts';

let own: TestDatabase;
let log: TestDatabase;
let hbs: FakeHbs;
let broker: Broker;
let service: RunningService;
const silent = createLog('test', 'silent');
const clock = new FakeClock(RECEIVED_AT);

beforeAll(async () => {
  [own, log, hbs] = await Promise.all([testDatabase(), testDatabase(), FakeHbs.start()]);
  broker = await openBroker({ kind: 'postgres', address: log.url, clientId: 'test', log: silent });
  await broker.ensureTopics();
  service = await startCdrIngest(readCdrIngestConfig({
    DATABASE_URL: own.url, BROKER_URL: log.url, HBS_URL: hbs.baseUrl, PROVIDERS: 'DE-EMP:online', PORT: '0', VAULT_KEYS, VAULT_PEPPER,
    RECONCILE_EVERY_SECONDS: '0',
  }), { clock, log: silent });
  await publish(cardRegistered(OUR_UID, 'con-0001'));
});
afterAll(async () => {
  await service.stop();
  await broker.close();
  await hbs.close();
  await Promise.all([own.close(), log.close()]);
});

const publish = (...events: readonly EmpEvent[]): Promise<void> => broker.publish(events.map((event) => encodeEvent(event, 'gateway')));

/** A day of its own for each session: that they overlap is not what these tests are about. */
function record(number: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const day = (time: string): string => `2026-04-${String(1 + number % 28).padStart(2, '0')}T${time}+02:00`;
  return cdr(number, {
    EvseID: `DE*SIM*E${1000 + number}*1`, SessionStart: day('09:58:00'), ChargingStart: day('10:00:00'), ChargingEnd: day('11:00:00'),
    SessionEnd: day('11:05:00'), ...changes,
  });
}

interface Case {
  readonly revision: number;
  readonly state: string;
  readonly codes: readonly string[];
  readonly possible: readonly string[];
  readonly overlay: object;
  readonly record: { readonly state: string; readonly version: number; readonly energyKwh: string; readonly findings: readonly { code: string }[] };
  readonly versions: readonly { readonly version: number; readonly state: string; readonly differences: readonly object[] }[];
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly steps: readonly { readonly revision: number; readonly who: string; readonly what: string; readonly why: string; readonly after: object }[];
}
interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly text: string;
  readonly body: Case & Record<string, unknown>;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${service.url}/v1${path}`, init);
  const text = await answer.text();
  return { status: answer.status, etag: answer.headers.get('etag'), text, body: JSON.parse(text) as Answer['body'] };
}
const caseOf = (number: number): Promise<Answer> => ask(`/quarantine/${sessionId(number)}`);
const post = (path: string, body: object, seen?: string | null): Promise<Answer> => ask(path, {
  method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...(seen ? { 'if-match': seen } : {}) },
});
/** Acts on the case as it is now. */
async function act(number: number, move: string, body: object = {}): Promise<Answer> {
  const { etag } = await caseOf(number);
  return post(`/quarantine/${sessionId(number)}/${move}`, { reason: 'looked at it', ...body }, etag);
}
const correct = async (number: number, members: object, more: object = {}): Promise<Answer> =>
  post(`/cdrs/${sessionId(number)}/corrections`, { reason: 'the operator wrote so', members, ...more }, (await caseOf(number)).etag);

async function told(number: number): Promise<readonly EmpEvent<Record<string, unknown>>[]> {
  const events: EmpEvent<Record<string, unknown>>[] = [];
  for await (const delivered of broker.read('emp.cdr.v1')) {
    const read = decodeEvent(delivered);
    if (read.ok && read.value.key === sessionId(number)) events.push(read.value as EmpEvent<Record<string, unknown>>);
  }
  return events;
}
/** Why the session is listed in the proof of the day on which it began. */
async function inProof(number: number): Promise<readonly string[]> {
  const { body } = await ask(`/proofs/${String(record(number)['SessionStart']).slice(0, 10)}`);
  const { differences } = body['proof'] as { differences: { sessionId: string; reasons: string[] }[] };
  return differences.find((one) => one.sessionId === sessionId(number))?.reasons ?? [];
}

const toldTypes = (number: number, ...types: readonly string[]): Promise<unknown> => eventually(async () => {
  const heard = (await told(number)).map(({ type }) => type);
  return heard.length >= types.length ? expect(heard).toEqual(types) ?? true : undefined;
}, { what: `${types.join(', ')} of session ${number}` });

const stored = (number: number, state: string, versions = 1): Promise<Answer> => eventually(async () => {
  const answer = await caseOf(number);
  return answer.status === 200 && answer.body.record.state === state && answer.body.versions.length === versions ? answer : undefined;
}, { what: `session ${number} ${state}, ${versions} versions` });

const notOurSession = { contractRef: null };

describe('a case of a record in quarantine', () => {
  it('shows findings, evidence, what is possible, and its first step', async () => {
    await publish(received(record(1, { ...byCard(FOREIGN_UID), ConsumedEnergy: 15 }), notOurSession));
    const { body, etag, text } = await stored(1, 'quarantined');
    expect(body).toMatchObject({
      sessionId: sessionId(1), state: 'open', revision: 1, codes: ['contract-unknown', 'energy-identity'], announced: 'never',
      possible: ['recheck', 'accept', 'correct', 'reject'], providerId: 'DE-EMP', evseId: 'DE*SIM*E1001*1',
      evidence: { identificationContractRef: null, session: null },
      steps: [{ revision: 1, who: 'cdr-ingest', what: 'opened', why: 'contract-unknown, energy-identity' }],
    });
    expect(etag).toBe('"1"');
    expect(text).not.toContain(FOREIGN_UID);
  });

  it('is rechecked by hand: kept as long as something forbids it, then accepted', async () => {
    await publish(received(record(2, byCard(FOREIGN_UID)), notOurSession));
    await stored(2, 'quarantined');
    expect((await act(2, 'recheck')).body).toMatchObject({ state: 'open', revision: 2, codes: ['contract-unknown'] });
    // Repaired by hand, so no event frees it by itself.
    await own.database.query(`INSERT INTO contract_identification (fingerprint, kind, contract_ref, told_at) VALUES ($1, 'uid', 'con-0042', now())`,
      [vault.fingerprint('uid', FOREIGN_UID)]);
    expect((await act(2, 'recheck', { reason: 'the contract was entered' })).body).toMatchObject({
      state: 'accepted', revision: 3, codes: [], possible: ['correct', 'reject'], record: { contractRef: 'con-0042', matchedBy: 'identification' },
      steps: [{ what: 'opened' }, { what: 'recheck', who: 'local' }, { what: 'recheck', why: 'the contract was entered', after: { state: 'accepted', record: 'accepted' } }],
    });
    await toldTypes(2, 'CdrQuarantined', 'CdrAccepted');
    expect((await told(2))[1]?.data).toMatchObject({ contractRef: 'con-0042', energyKwh: '11' });
    await own.database.query(`DELETE FROM contract_identification WHERE contract_ref = 'con-0042'`);
  });

  it('is accepted with a reason although the checks object; the findings stay', async () => {
    await publish(received(record(3, { ConsumedEnergy: 15 })));
    await stored(3, 'quarantined');
    const { body } = await act(3, 'accept', { reason: 'the meter was exchanged during the session' });
    expect(body).toMatchObject({ state: 'accepted', record: { state: 'accepted', findings: expect.arrayContaining([expect.objectContaining({ code: 'energy-identity' })]) } });
    await toldTypes(3, 'CdrQuarantined', 'CdrAccepted');
    expect((await told(3))[1]?.data).toMatchObject({ energyKwh: '15', findings: expect.arrayContaining(['energy-identity']) });
  });

  it('cannot be accepted as long as nobody could bill it', async () => {
    await publish(received(record(4, { ...byCard(FOREIGN_UID), SessionEnd: 'soon' }), notOurSession));
    await stored(4, 'quarantined');
    expect(await act(4, 'accept')).toMatchObject({ status: 422, body: { title: 'record-incomplete', missing: ['contractRef', 'sessionEnd'] } });
    expect((await caseOf(4)).body.revision).toBe(1);
  });

  it('is rejected with a reason; the record stays, and can still be accepted', async () => {
    await publish(received(record(5, { ConsumedEnergy: 15 })));
    await stored(5, 'quarantined');
    expect((await act(5, 'reject', { reason: 'a test of the operator' })).body).toMatchObject({ state: 'rejected', possible: ['accept', 'correct'] });
    expect(await act(5, 'reject')).toMatchObject({ status: 409, body: { title: 'move-impossible', possible: ['accept', 'correct'] } });
    expect(await act(5, 'recheck')).toMatchObject({ status: 409 });
    expect((await act(5, 'accept', { reason: 'no test after all' })).body).toMatchObject({ state: 'accepted' });
    await toldTypes(5, 'CdrQuarantined', 'CdrRejected', 'CdrAccepted');
    expect((await told(5))[1]?.data).toEqual({ sessionId: sessionId(5), reason: 'a test of the operator', rejectedAt: RECEIVED_AT.toISOString(), correction: 0 });
    await publish(received(record(5, { ConsumedEnergy: 15 })));
    await publish(received(record(90)));
    await stored(90, 'accepted');
    expect((await caseOf(5)).body.versions).toHaveLength(1);
  });

  it('is corrected: checked again with what a person says, the text unchanged', async () => {
    await publish(received(record(6, { ConsumedEnergy: 15, EvseID: undefined })));
    await stored(6, 'quarantined');
    const before = await own.database.query('SELECT sealed_record, value_hash, byte_hash FROM cdr WHERE session_key = $1', [sessionId(6)]);
    expect(await act(6, 'correct', { members: { evseId: 'DE*SIM*E9*1' } })).toMatchObject({
      status: 422, body: { title: 'still-implausible', findings: [{ code: 'energy-identity', numbers: { differenceKwh: '4' } }] },
    });
    const { body } = await act(6, 'correct', { members: { evseId: 'DE*SIM*E9*1', energyKwh: '11.0' }, reason: 'asked the operator' });
    expect(body).toMatchObject({
      state: 'corrected', overlay: { evseId: 'DE*SIM*E9*1', energyKwh: '11.0' }, evseId: 'DE*SIM*E9*1',
      record: { state: 'accepted', energyKwh: '11.0', evseId: 'DE*SIM*E9*1' },
    });
    expect(await own.database.query('SELECT sealed_record, value_hash, byte_hash FROM cdr WHERE session_key = $1', [sessionId(6)])).toEqual(before);
    await toldTypes(6, 'CdrQuarantined', 'CdrAccepted');
    expect((await told(6))[1]?.data).toMatchObject({ evseId: 'DE*SIM*E9*1', energyKwh: '11.0' });
  });

  it('is corrected against a finding that the person names', async () => {
    await publish(received(record(7, { ConsumedEnergy: 15 })));
    await stored(7, 'quarantined');
    const { body } = await act(7, 'correct', { members: { energyKwh: '12.5' }, acceptFindings: ['energy-identity'] });
    expect(body).toMatchObject({ state: 'corrected', record: { energyKwh: '12.5' } });
  });

  it.each<[string, object, string]>([
    ['a negative energy', { energyKwh: '-1' }, '/members/energyKwh'], ['an energy that is none', { energyKwh: 'much' }, '/members/energyKwh'],
    ['a time without offset', { sessionEnd: '2026-05-01T10:00:00' }, '/members/sessionEnd'], ['an id that is no EVSE', { evseId: '?' }, '/members/evseId'],
    ['a contract that nobody knows', { contractRef: 'con-none' }, '/members/contractRef'],
  ])('refuses %s', async (_what, members, pointer) => {
    await publish(received(record(8, { ConsumedEnergy: 15 })));
    await stored(8, 'quarantined');
    expect(await act(8, 'correct', { members })).toMatchObject({ status: 422, body: { title: 'members-invalid', findings: [{ pointer }] } });
  });

  it.each<[string, object]>([
    ['no reason', {}], ['an empty reason', { reason: '   ' }], ['a member that is not known', { reason: 'why not', energy: '1' }],
    ['an energy that is a number', { reason: 'why not', members: { energyKwh: 11 } }], ['no members', { reason: 'why not' }],
  ])('refuses a correction with %s', async (_what, body) => {
    expect(await post(`/quarantine/${sessionId(8)}/correct`, body, '"1"')).toMatchObject({ status: 400 });
  });

  it('says in words what an empty reason lacks', async () => {
    expect(await post(`/quarantine/${sessionId(8)}/reject`, { reason: '   ' }, '"1"')).toMatchObject({
      status: 400, body: { findings: [{ pointer: '/reason', detail: 'must say why, in words' }] },
    });
  });

  it('refuses a reason that repeats the card number, in whatever spelling', async () => {
    const answer = await act(8, 'accept', { reason: 'card 04:a2-b3 c4:d5:e6:80 is ours' });
    expect(answer).toMatchObject({ status: 422, body: { title: 'reason-names-identification' } });
    expect(answer.text).not.toMatch(/04.?a2/i);
  });

  it('is settled by itself when its contract comes, and says so', async () => {
    await publish(received(record(9, byCard(FOREIGN_UID)), notOurSession));
    await stored(9, 'quarantined');
    await publish(cardRegistered(FOREIGN_UID, 'con-0009'));
    const { body } = await stored(9, 'accepted');
    expect(body).toMatchObject({
      state: 'settled', announced: 'accepted', codes: [],
      steps: [{ what: 'opened' }, { revision: 2, who: 'cdr-ingest', what: 'settled', why: 'its contract was registered' }],
    });
  });

  it('follows a text that was no record: settled when the record comes', async () => {
    await publish(received('{"SessionID":', { sessionId: sessionId(10) }));
    const unreadable = await eventually(async () => (await caseOf(10)).body.state === 'open' ? caseOf(10) : undefined);
    expect(unreadable.body).toMatchObject({ codes: ['unreadable'], possible: ['recheck', 'reject'] });
    expect((await act(10, 'recheck')).body).toMatchObject({ state: 'open', codes: expect.arrayContaining(['unreadable']) });
    await publish(received(record(10)));
    expect((await stored(10, 'accepted', 2)).body).toMatchObject({ state: 'settled', record: { version: 2 } });
  });

  it('of a text that is no record can be set aside', async () => {
    await publish(received('[]', { sessionId: sessionId(11) }));
    await eventually(async () => (await caseOf(11)).body.state === 'open');
    expect((await act(11, 'reject')).body).toMatchObject({ state: 'rejected', possible: ['recheck'] });
  });
});

describe('two people at once', () => {
  it('act on what they saw: one does, the other is told what changed', async () => {
    await publish(received(record(20, { ConsumedEnergy: 15 })));
    const { etag } = await stored(20, 'quarantined');
    const url = `/quarantine/${sessionId(20)}`;
    const answers = await Promise.all([
      post(`${url}/accept`, { reason: 'it is right' }, etag), post(`${url}/reject`, { reason: 'it is wrong' }, etag), post(`${url}/accept`, { reason: 'it is right' }, etag),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    const late = answers.find(({ status }) => status === 412);
    expect(late?.body).toMatchObject({ title: 'case-changed', revision: 2, since: [{ revision: 2, who: 'local', why: expect.stringMatching(/it is/) }] });
    await eventually(async () => (await told(20)).length === 2);
    expect((await caseOf(20)).body.steps).toHaveLength(2);
  });

  it('correct the same record without a case: one correction is told', async () => {
    await publish(received(record(21)));
    await stored(21, 'accepted');
    const url = `/cdrs/${sessionId(21)}/corrections`;
    const body = { reason: 'meter read wrongly', members: { energyKwh: '10' }, acceptFindings: ['energy-identity'] };
    const answers = await Promise.all([post(url, body, '"0"'), post(url, body, '"0"')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    await toldTypes(21, 'CdrAccepted', 'CdrCorrected');
  });

  it.each([['not at all', null, 428, 'revision-required'], ['unreadably', '*', 400, 'revision-malformed'], ['wrongly', '"7"', 412, 'case-changed']])(
    'must say which revision they saw (%s)', async (_how, seen, status, title) => {
      expect(await post(`/quarantine/${sessionId(21)}/reject`, { reason: 'because' }, seen)).toMatchObject({ status, body: { title } });
    },
  );
});

describe('a record that two versions contradict', () => {
  const second = (number: number, changes: object = {}): EmpEvent =>
    received(record(number, { ConsumedEnergy: 9, MeterValueEnd: 109, ...byCard(FOREIGN_UID), note: 'about 04A2B3C4D5E680', ...changes }), { origin: 'pulled' });

  it('shows what differs, old and new, never an identification', async () => {
    await publish(received(record(30)));
    await stored(30, 'accepted');
    await publish(second(30));
    const { body, text } = await stored(30, 'accepted', 2);
    expect(body).toMatchObject({ state: 'open', codes: ['other-content'], possible: ['resolve-conflict', 'reject'], openVersions: [2], announced: 'accepted' });
    expect(body.versions[1]?.differences).toEqual([
      { pointer: '/ConsumedEnergy', old: '11', new: '9', hidden: false },
      { pointer: '/Identification/RFIDMifareFamilyIdentification/UID', old: '(14 characters)', new: '(14 characters)', hidden: true },
      { pointer: '/MeterValueEnd', old: '111', new: '109', hidden: false },
      { pointer: '/note', old: null, new: '(20 characters)', hidden: true },
    ]);
    for (const secret of [OUR_UID, FOREIGN_UID]) expect(text).not.toContain(secret);
    expect(await inProof(30)).toContain('conflict');
  });

  it('is decided for the first: nothing is told', async () => {
    expect(await act(30, 'accept')).toMatchObject({ status: 409, body: { openVersions: [2] } });
    expect((await act(30, 'resolve-conflict', { version: 1 })).body).toMatchObject({
      state: 'accepted', openVersions: [], possible: ['correct', 'reject'], versions: [{ state: 'accepted' }, { state: 'conflict' }],
    });
    expect(await inProof(30)).not.toContain('conflict');
    await publish(second(30));
    await publish(received(record(91)));
    await stored(91, 'accepted');
    expect((await caseOf(30)).body).toMatchObject({ state: 'accepted', versions: [{}, {}] });
    expect((await told(30)).map(({ type }) => type)).toEqual(['CdrAccepted', 'CdrConflicted']);
  });

  it('is decided for the second: told as a correction with what changed', async () => {
    await publish(received(record(31)));
    await stored(31, 'accepted');
    await publish(second(31, byCard(OUR_UID)));
    await stored(31, 'accepted', 2);
    expect((await act(31, 'resolve-conflict', { version: 2, reason: 'the operator confirms the second' })).body).toMatchObject({
      state: 'corrected', record: { version: 2, state: 'accepted', energyKwh: '9' }, versions: [{ state: 'conflict' }, { state: 'accepted' }],
    });
    await toldTypes(31, 'CdrAccepted', 'CdrConflicted', 'CdrCorrected');
    expect((await told(31))[2]?.data).toMatchObject({
      sessionId: sessionId(31), energyKwh: '9', evseId: 'DE*SIM*E1031*1', contractRef: 'con-0001', correction: 1, changed: ['energyKwh'],
      reason: 'the operator confirms the second', correctedAt: RECEIVED_AT.toISOString(), origin: 'pulled',
    });
    expect(await ask('/cdrs?state=conflict&limit=500')).toMatchObject({ body: { cdrs: expect.arrayContaining([expect.objectContaining({ sessionId: sessionId(31), version: 1 })]) } });
  });

  it('is not decided for a version that the checks object to, unless the person says so', async () => {
    await publish(received(record(32)));
    await stored(32, 'accepted');
    await publish(second(32, { ...byCard(OUR_UID), MeterValueEnd: 111 }));
    await stored(32, 'accepted', 2);
    expect(await act(32, 'resolve-conflict', { version: 2 })).toMatchObject({ status: 422, body: { title: 'still-implausible' } });
    expect(await act(32, 'resolve-conflict', { version: 3 })).toMatchObject({ status: 422, body: { title: 'version-unknown', versions: [1, 2] } });
    expect(await act(32, 'resolve-conflict', { version: 2, acceptFindings: ['energy-identity'] })).toMatchObject({ status: 200, body: { state: 'corrected' } });
  });

  it('opens the case again when a third content comes', async () => {
    await publish(second(31, { ...byCard(OUR_UID), PartnerProductID: 'AC' }));
    const { body } = await stored(31, 'accepted', 3);
    expect(body).toMatchObject({ state: 'open', openVersions: [3], possible: ['resolve-conflict', 'reject'] });
    expect(body.steps.map(({ what }) => what)).toEqual(['contradicted', 'resolve-conflict', 'contradicted']);
  });

  it('is told anew as accepted when the first had never been', async () => {
    await publish(received(record(33, { ConsumedEnergy: 15 })));
    await stored(33, 'quarantined');
    await publish(second(33, byCard(OUR_UID)));
    await stored(33, 'quarantined', 2);
    expect((await act(33, 'resolve-conflict', { version: 2 })).body).toMatchObject({ state: 'accepted', record: { version: 2 } });
    await toldTypes(33, 'CdrQuarantined', 'CdrConflicted', 'CdrAccepted');
  });
});

describe('a record that was accepted long ago', () => {
  it('is corrected again and again, withdrawn, and reinstated: each told with its number', async () => {
    await publish(received(record(40)));
    expect((await stored(40, 'accepted')).body).toMatchObject({ revision: 0, state: 'accepted', steps: [] });
    const both = { energyKwh: '10', meterEndKwh: '110' };
    expect((await correct(40, both)).body).toMatchObject({ state: 'corrected', revision: 1, corrections: 1, overlay: both });
    expect((await correct(40, { partnerProductId: null })).body).toMatchObject({ corrections: 2, overlay: { ...both, partnerProductId: null } });
    expect((await act(40, 'reject', { reason: 'never charged here' })).body).toMatchObject({ state: 'rejected', announced: 'withdrawn', corrections: 3 });
    expect((await act(40, 'accept', { reason: 'it did, after all' })).body).toMatchObject({ state: 'accepted', announced: 'accepted', corrections: 4 });
    await toldTypes(40, 'CdrAccepted', 'CdrCorrected', 'CdrCorrected', 'CdrRejected', 'CdrCorrected');
    const [, first, product, withdrawn, again] = (await told(40)).map(({ data }) => data);
    expect(first).toMatchObject({ correction: 1, energyKwh: '10', changed: ['energyKwh'], reason: 'the operator wrote so' });
    expect(product).toMatchObject({ correction: 2, energyKwh: '10', partnerProductId: null, changed: ['partnerProductId'] });
    expect(withdrawn).toMatchObject({ correction: 3, reason: 'never charged here' });
    expect(again).toMatchObject({ correction: 4, energyKwh: '10', partnerProductId: null });
  });

  it('is told nothing new if nothing changed', async () => {
    await publish(received(record(41)));
    await stored(41, 'accepted');
    expect((await correct(41, { energyKwh: '11.000' })).body).toMatchObject({ state: 'corrected', corrections: 0 });
    await publish(received(record(92)));
    await stored(92, 'accepted');
    expect((await told(41)).map(({ type }) => type)).toEqual(['CdrAccepted']);
  });

  it('is corrected to another contract that is known, on the responsibility of whoever does it', async () => {
    await publish(cardRegistered('04AAAAAAAAAA80', 'con-0777'), received(record(42)));
    await stored(42, 'accepted');
    expect(await correct(42, { contractRef: 'con-0777' })).toMatchObject({ status: 422, body: { findings: [{ code: 'identification-of-other-contract' }] } });
    const { body } = await correct(42, { contractRef: 'con-0777' }, { acceptFindings: ['identification-of-other-contract'] });
    expect(body).toMatchObject({ record: { contractRef: 'con-0777', matchedBy: 'person' } });
    await eventually(async () => (await told(42)).some(({ type, data }) => type === 'CdrCorrected' && data['contractRef'] === 'con-0777'));
  });

  it('is unknown if it never came', async () => {
    expect(await caseOf(999)).toMatchObject({ status: 404, body: { title: 'cdr-unknown' } });
    expect(await post(`/cdrs/${sessionId(999)}/corrections`, { reason: 'because', members: { energyKwh: '1' } }, '"0"')).toMatchObject({ status: 404 });
  });
});

describe('the list of cases', () => {
  type Page = { cases: { sessionId: string; state: string; openedAt: string }[]; nextCursor: string | null };
  const list = async (query: string): Promise<Page> => (await ask(`/quarantine${query}`)).body as unknown as Page;
  const numbers = async (query: string): Promise<readonly number[]> => (await list(query)).cases.map(({ sessionId: id }) => Number(id.slice(-4)));

  it('finds by state, code, operator, provider, EVSE and age', async () => {
    clock.advance({ hours: 5 });
    await publish(received(record(50, { ConsumedEnergy: 15 }), { operatorId: '+49*536', providerId: 'DE*OTH', receivedAt: clock.now().toISOString() }));
    await stored(50, 'quarantined');
    expect(await numbers('?state=open&code=other-content')).toEqual([31]);
    expect(await numbers('?state=settled')).toEqual([9, 10]);
    expect((await numbers('?state=rejected')).filter((number) => number !== 20)).toEqual([11]); // 20: whoever was first
    expect(await numbers('?operator=%2B49*536')).toEqual([50]);
    expect(await numbers('?operator=49*536&provider=deoth')).toEqual([50]);
    expect(await numbers('?evse=desime10041')).toEqual([4]);
    expect(await numbers('?state=open&youngerThanHours=4')).toEqual([50]);
    expect(await numbers('?state=open&olderThanHours=4')).toEqual([1, 4, 8, 31]);
  });

  it('goes page by page, the oldest first', async () => {
    const all = (await list('?limit=500')).cases.map(({ sessionId: id }) => id);
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = await list(`?limit=4${cursor ? `&cursor=${cursor}` : ''}`);
      walked.push(...page.cases.map(({ sessionId: id }) => id));
      cursor = page.nextCursor;
    }
    expect(walked).toEqual(all);
    expect(all.at(-1)).toBe(sessionId(50));
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(['?state=lost', '?limit=0', '?cursor=%00', '?cursor=bm9wZQ', '?olderThanHours=yesterday'])('refuses %s', async (query) => {
    expect(await ask(`/quarantine${query}`)).toMatchObject({ status: 400 });
  });

  it('is summed up, and measured', async () => {
    const { body } = await ask('/summary');
    expect(body['quarantine']).toEqual({
      open: 5, oldestOpenedAt: RECEIVED_AT.toISOString(), oldestSeconds: 5 * 3600, byAge: { 'under-1h': 1, '4h-1d': 4 },
      byCode: { 'energy-identity': 3, 'other-content': 1, 'session-time-missing': 1 },
    });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/emp_cdr_cases_oldest_seconds(\{[^}]*\})? 18000/);
    expect(metrics).toMatch(/emp_cdr_cases_open\{[^}]*code="energy-identity"[^}]*\} 3/);
    expect(metrics).toMatch(/emp_cdr_cases_by_age\{[^}]*age="4h-1d"[^}]*\} 4/);
    expect(metrics).toMatch(/emp_cdr_case_moves_total\{[^}]*move="resolve-conflict"[^}]*state="corrected"[^}]*\} 2/);
    expect(metrics).toMatch(/emp_cdr_case_seconds_count\{[^}]*state="accepted"[^}]*\} [1-9]/);
  });
});

describe('the audit trail', () => {
  it('is never changed', async () => {
    await expect(own.database.query(`UPDATE quarantine_step SET who = 'nobody'`)).rejects.toThrow(/stands/);
    await expect(own.database.query('DELETE FROM quarantine_step')).rejects.toThrow(/stands/);
  });

  it('counts every revision of every case, and names nobody', async () => {
    const gaps = await own.database.query(
      `SELECT session_key FROM quarantine_case LEFT JOIN quarantine_step USING (session_key)
       GROUP BY session_key, quarantine_case.revision
       HAVING array_agg(quarantine_step.revision ORDER BY quarantine_step.revision) <> ARRAY(SELECT generate_series(1, quarantine_case.revision))`);
    expect(gaps).toEqual([]);
    const text = JSON.stringify(await own.database.query('SELECT * FROM quarantine_step')) + JSON.stringify(await own.database.query('SELECT * FROM quarantine_case'));
    for (const secret of [OUR_UID, FOREIGN_UID]) expect(text).not.toContain(secret);
  });
});
