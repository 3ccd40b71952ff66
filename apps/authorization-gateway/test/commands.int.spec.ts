import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CdrAcceptedV1, newEvent, type CdrAcceptedData, type CdrReceivedData, type SessionAuthorizedData } from '@emp/events';
import { newId } from '@emp/kernel';
import { Outbox } from '@emp/messaging';
import { eventually } from '@emp/testing';
import type { CommandView } from '../src/commands/command-view.ts';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api, post } from './bench.ts';
import { CDR, EVCO, NOTIFY, contract, demoContracts, notification, record } from './messages.ts';
import { RemoteHbs, accepts, cutsOff, refuses, silent, type Behaviour } from './remote-hbs.ts';

const GATEWAY = fileURLToPath(new URL('../src/bench/support/gateway-process.ts', import.meta.url));
const TYPESCRIPT = fileURLToPath(new URL('../../../libs/testing/jest/typescript.mjs', import.meta.url));

const children: ChildProcess[] = [];
const hbs = new RemoteHbs();
let bench: Bench;
let gateway: RunningGateway;
let started = 0;
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start({
    HBS_URL: await hbs.listen(),
    COMMAND_TIMEOUT_SECONDS: '2',
    COMMAND_RECOVERY_SECONDS: '0.2',
    EXPIRE_EVERY_SECONDS: '1',
  });
  await api(gateway, '/v1/contracts', {
    contracts: [
      ...demoContracts(),
      contract('DE-EMP-C00000007-X', [], { rules: { sessionLimit: 1 } }),
      contract('DE-EMP-C00000008-X', [], { rules: { operators: { allowed: ['DE*OTH'] } } }),
    ],
  });
}, 60_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await bench.close();
  await hbs.close();
}, 30_000);
beforeEach(() => hbs.play(accepts));

/** A socket of its own, so that no test meets the start of another. */
const freshEvse = (): string => `DE*SIM*E${String(1_000 + (started += 1))}*1`;
const startAt = (evseId: string, more: object = {}): Promise<{ status: number; body: CommandView }> =>
  api<CommandView>(gateway, '/v1/remote-starts', { contractId: EVCO.good, evseId, ...more });
const reserveAt = (evseId: string, more: object = {}): Promise<{ status: number; body: CommandView }> =>
  api<CommandView>(gateway, '/v1/reservations', { contractId: EVCO.good, evseId, durationMinutes: 30, ...more });
const command = async (id: string): Promise<CommandView> => (await api<CommandView>(gateway, `/v1/commands/${id}`)).body;

interface Story {
  readonly state: string;
  readonly contractRef: string | null;
  readonly identification: string | null;
  readonly reservedUntil: string | null;
  readonly story: readonly Readonly<Record<string, unknown>>[];
}
const story = async (sessionId: string): Promise<Story> =>
  (await api<Story>(gateway, `/v1/sessions/${sessionId}`)).body;
const whats = async (sessionId: string): Promise<readonly unknown[]> =>
  (await story(sessionId)).story.map(({ what }) => what);
const authorizations = async (sessionId: string): Promise<readonly SessionAuthorizedData[]> =>
  (await bench.events<SessionAuthorizedData>('SessionAuthorized'))
    .map(({ data }) => data)
    .filter((data) => data.sessionId === sessionId);
const remote = (evcoId: string): object => ({ RemoteIdentification: { EvcoID: evcoId } });
const at = (evseId: string, more: object = {}): Readonly<Record<string, unknown>> => ({
  EvseID: evseId,
  ChargingStart: bench.clock.now().toISOString(),
  ...more,
});

/** A gateway in a process of its own, which can be killed; the URL of its API is in its log. */
async function startProcess(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, ['--conditions=@emp/source', '--import', TYPESCRIPT, GATEWAY], {
    env: { ...process.env, NODE_OPTIONS: '', ...bench.environment, HBS_URL: hbs.url, COMMAND_RECOVERY_SECONDS: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const { msg, url: told } = (line.startsWith('{') ? JSON.parse(line) : {}) as { msg?: string; url?: string };
      if (msg === 'service started' && told !== undefined) resolve(told);
    });
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)));
  });
  return { url, child };
}

/** The next run of the recovery after now. */
async function gatewayRecovers(): Promise<void> {
  const runs = async (): Promise<number> => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    const labels = ['job_runs', '"recover-commands"', '"done"'];
    const line = text.split('\n').find((each) => labels.every((label) => each.includes(label)));
    // A value, and perhaps a time.
    return Number(/\} (\d+)/.exec(line ?? '')?.[1] ?? Number.NaN);
  };
  const before = await runs();
  await eventually(async () => (await runs()) >= before + 2);
}

async function lostStart(evseId: string, behaviour: Behaviour = cutsOff): Promise<CommandView> {
  hbs.play(behaviour);
  const { body } = await startAt(evseId);
  expect(body.state).toBe('unknown');
  return body;
}

describe('a remote start', () => {
  it('is asked of HBS as OICP wants it, and makes a session of ours', async () => {
    const evseId = freshEvse();
    const { status, body } = await startAt(evseId, { partnerProductId: 'AC1' });
    expect(hbs.asked).toEqual([
      {
        path: '/api/oicp/charging/v21/providers/DE-EMP/authorize-remote/start',
        body: {
          ProviderID: 'DE-EMP',
          EvseID: evseId,
          EMPPartnerSessionID: body.empPartnerSessionId,
          Identification: { RemoteIdentification: { EvcoID: EVCO.good } },
          PartnerProductID: 'AC1',
        },
      },
    ]);
    const sessionId = hbs.sessionIds[0] ?? '';
    expect(status).toBe(201);
    expect(body).toMatchObject({
      kind: 'remote-start', state: 'accepted', settledBy: 'answer', code: '000', sessionId, evseId, caller: 'local',
      processId: '6f4b2a7e-0000-4000-8000-000000000001', driver: null, contractRef: expect.stringMatching(/^con-/),
    });
    expect(await authorizations(sessionId)).toEqual([
      {
        sessionId, evseId, providerId: 'DE-EMP', contractRef: body.contractRef, cardRef: null, operatorId: 'DE*SIM',
        identification: 'remote', tariffPlanId: 'standard', authorizedAt: bench.clock.now().toISOString(),
      },
    ]);
    expect(await story(sessionId)).toMatchObject({
      state: 'authorized',
      identification: 'remote',
      contractRef: body.contractRef,
      story: [
        { what: 'remote start asked', commandId: body.commandId, caller: 'local' },
        { what: 'authorized', identification: 'remote', explanation: { rule: 'everything-in-order' } },
        { what: 'remote start accepted', by: 'answer', code: '000' },
      ],
    });
  });

  it('names the contract by our reference just as well', async () => {
    const { body } = await startAt(freshEvse());
    const again = await api<CommandView>(gateway, '/v1/remote-starts', {
      contractRef: body.contractRef, evseId: freshEvse(),
    });
    expect(again.body).toMatchObject({ state: 'accepted', contractRef: body.contractRef });
  });

  it.each([
    ['510', 200, 'plug-in-and-try-again'],
    ['602', 200, 'choose-another-station'],
    ['210', 403, 'choose-another-station'],
    ['300', 404, 'choose-another-station'],
    ['017', 401, 'contact-us'],
    ['999', 200, 'choose-another-station'],
  ])('that is refused with %s tells the driver why, and makes no session', async (code, httpStatus, nextStep) => {
    hbs.play(refuses(code, httpStatus));
    const { status, body } = await startAt(freshEvse());
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'refused', settledBy: 'answer', code, sessionId: null,
      driver: { nextStep, de: expect.any(String), en: expect.any(String) },
    });
    expect(hbs.asked).toHaveLength(1);
  });

  it.each([
    ['of a blocked contract', EVCO.blockedContract, '200', 'contract-blocked'],
    ['of a contract that has ended', EVCO.ended, '210', 'contract-ended'],
    ['of a contract that has not begun', EVCO.future, '210', 'contract-not-yet-valid'],
    ['at an operator that the contract does not allow', 'DE-EMP-C00000008-X', '320', 'operator-not-allowed'],
  ])('%s never reaches HBS', async (_, contractId, code, rule) => {
    const { body } = await startAt(freshEvse(), { contractId });
    expect(body).toMatchObject({ state: 'refused', settledBy: 'rules', code, explanation: { rule } });
    expect(body.driver?.en).toMatch(/contract/);
    expect(hbs.asked).toEqual([]);
  });

  it('of an offline provider is asked for all the same', async () => {
    const { body } = await startAt(freshEvse(), { contractId: EVCO.offline });
    expect(body).toMatchObject({ state: 'accepted', providerId: 'DE-OFL' });
    expect(hbs.asked[0]?.path).toContain('/providers/DE-OFL/');
  });

  it('beyond the sessions that a contract may have is refused, also while one of them is unknown', async () => {
    const limited = { contractId: 'DE-EMP-C00000007-X' };
    hbs.play(cutsOff);
    expect((await startAt(freshEvse(), limited)).body.state).toBe('unknown');
    hbs.play(accepts);
    const { body } = await startAt(freshEvse(), limited);
    expect(body).toMatchObject({ state: 'refused', explanation: { rule: 'session-limit-reached' } });
    expect(body.driver?.nextStep).toBe('end-another-session');
    expect(hbs.asked).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, number, string]>([
    ['no EVSE', { contractId: EVCO.good }, 400, 'request-invalid'],
    ['an EVSE that is none', { contractId: EVCO.good, evseId: '???' }, 400, 'request-invalid'],
    ['no contract', { evseId: 'DE*SIM*E1*1' }, 400, 'request-invalid'],
    ['two contracts', { contractId: EVCO.good, contractRef: 'con-1', evseId: 'DE*SIM*E1*1' }, 400, 'request-invalid'],
    ['a contract that is none', { contractId: 'x', evseId: 'DE*SIM*E1*1' }, 400, 'request-invalid'],
    ['a contract of nobody', { contractId: 'DE-EMP-C99999999-X', evseId: 'DE*SIM*E1*1' }, 404, 'contract-unknown'],
    ['an id that is none', { contractId: EVCO.good, evseId: 'DE*SIM*E1*1', commandId: '1' }, 400, 'request-invalid'],
    ['a misspelt member', { contractId: EVCO.good, evseId: 'DE*SIM*E1*1', product: 'x' }, 400, 'request-invalid'],
  ])('with %s is refused', async (_, body, status, slug) => {
    const answer = await api<{ type: string; detail: string }>(gateway, '/v1/remote-starts', body);
    expect([answer.status, answer.body.type]).toEqual([status, `urn:emp:problem:${slug}`]);
    expect(answer.body.detail).not.toContain('C99999999');
    expect(hbs.asked).toEqual([]);
  });

  it('with the same commandId is carried out once, at the same time or later; with another wish it is refused', async () => {
    const evseId = freshEvse();
    const commandId = newId();
    const answers = await Promise.all([1, 2, 3].map(() => startAt(evseId, { commandId })));
    expect(answers.map(({ status }) => status).sort()).toEqual(expect.arrayContaining([201]));
    expect(new Set(answers.map(({ body }) => body.commandId))).toEqual(new Set([commandId]));
    expect(hbs.asked).toHaveLength(1);
    const again = await startAt(evseId, { commandId: commandId.toUpperCase() });
    expect([again.status, again.body.state]).toEqual([200, 'accepted']);
    const other = await startAt(freshEvse(), { commandId });
    expect([other.status, (other.body as unknown as { title: string }).title]).toEqual([409, 'command-id-taken']);
    expect(hbs.asked).toHaveLength(1);
  });

  it('with the same Idempotency-Key is carried out once, and the repeat hears how it stands', async () => {
    const ask = async (evseId: string): Promise<{ status: number; body: CommandView }> => {
      const response = await fetch(`${gateway.url}/v1/remote-starts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'tap-on-start-4711' },
        body: JSON.stringify({ contractId: EVCO.good, evseId }),
      });
      return { status: response.status, body: (await response.json()) as CommandView };
    };
    const evseId = freshEvse();
    hbs.play(cutsOff);
    const first = await ask(evseId);
    expect([first.status, first.body.state]).toEqual([201, 'unknown']);
    const sessionId = hbs.sessionIds[0] ?? '';
    const own = at(evseId, { EMPPartnerSessionID: first.body.empPartnerSessionId });
    await post(gateway, NOTIFY, notification('Start', sessionId, own));
    const again = await ask(evseId);
    expect([again.status, again.body]).toMatchObject([200, { commandId: first.body.commandId, state: 'accepted', sessionId }]);
    expect((await ask(freshEvse())).status).toBe(409);
    expect(hbs.asked).toHaveLength(1);
  });

  it('that takes its time is told 202, and can be asked for', async () => {
    const other = await bench.start({ HBS_URL: hbs.url, COMMAND_WAIT_SECONDS: '0.05' });
    let answer: () => void = () => undefined;
    hbs.play((call) => { answer = () => accepts(call); });
    const response = await fetch(`${other.url}/v1/remote-starts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ contractId: EVCO.good, evseId: freshEvse() }),
    });
    const sent = (await response.json()) as CommandView;
    expect([response.status, sent.state]).toEqual([202, 'sent']);
    expect(response.headers.get('location')).toBe(`/v1/commands/${sent.commandId}`);
    answer();
    await eventually(async () => (await command(sent.commandId)).state === 'accepted');
    await bench.stop(other);
  });

  it('when HBS cannot be reached at all is refused: it certainly did not happen', async () => {
    const alone = await bench.start({ HBS_URL: 'http://127.0.0.1:9/api/oicp', COMMAND_RECOVERY_SECONDS: '0' });
    const { body } = await api<CommandView>(alone, '/v1/remote-starts', { contractId: EVCO.good, evseId: freshEvse() });
    expect(body).toMatchObject({ state: 'refused', code: null, driver: { nextStep: 'try-again-later' } });
    await bench.stop(alone);
  });
});

describe('a start without an answer', () => {
  it.each<[string, Behaviour]>([
    ['no answer in time', silent],
    ['a cut connection', cutsOff],
    ['a proxy that lost patience', ({ reply }) => reply.raw(504, 'text/html', '<h1>Gateway Time-out</h1>')],
    ['a failure of HBS itself', refuses('001', 500)],
    ['an operator that did not answer HBS', refuses('310')],
  ])('(%s) is unknown, told to the driver as such, and never repeated', async (_, behaviour) => {
    const evseId = freshEvse();
    const lost = await lostStart(evseId, behaviour);
    expect(lost).toMatchObject({ sessionId: null, driver: { nextStep: 'check-the-station' }, settledAt: null });
    const second = await startAt(evseId);
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ title: 'start-unsettled', commandId: lost.commandId, state: 'unknown' });
    expect(hbs.asked).toHaveLength(1);
  });

  it.each<[string, string, (lost: CommandView) => object]>([
    ['same-partner-session', 'our own id', (lost) => ({ EMPPartnerSessionID: lost.empPartnerSessionId })],
    ['same-contract-and-evse', 'contract and EVSE', () => ({ Identification: remote(EVCO.good) })],
    ['same-evse', 'the EVSE alone', () => ({})],
  ])('is settled by a notification: %s', async (how, _, told) => {
    const evseId = freshEvse();
    const lost = await lostStart(evseId);
    const sessionId = hbs.sessionIds[0] ?? '';
    expect((await post(gateway, NOTIFY, notification('Start', sessionId, at(evseId, told(lost))))).verdict).toBe('true 000');
    expect(await command(lost.commandId)).toMatchObject({
      state: 'accepted', settledBy: 'notification', settledHow: how, sessionId, driver: null,
    });
    expect(await authorizations(sessionId)).toMatchObject([{ contractRef: lost.contractRef, identification: 'remote' }]);
    expect(await story(sessionId)).toMatchObject({ state: 'charging', contractRef: lost.contractRef });
    expect(await whats(sessionId)).toEqual([
      'remote start asked', 'authorized', 'remote start unanswered', 'remote start accepted', 'charging started',
    ]);
    // The next start at the same place is a new one.
    hbs.play(accepts);
    expect((await startAt(evseId)).body.state).toBe('accepted');
  });

  it('is not settled by the session of another driver, card or place', async () => {
    const evseId = freshEvse();
    const lost = await lostStart(evseId);
    const others = [
      at(evseId, { Identification: remote(EVCO.other) }),
      at(evseId, { Identification: { RFIDMifareFamilyIdentification: { UID: '04FFFFFFFFFFFF' } } }),
      at(evseId, { EMPPartnerSessionID: newId() }),
      at(freshEvse(), { Identification: remote(EVCO.good) }),
      at(evseId, { Identification: remote(EVCO.good), ChargingStart: '2026-04-30T00:00:00Z' }),
    ];
    for (const other of others) await post(gateway, NOTIFY, notification('Start', newId(), other));
    expect((await command(lost.commandId)).state).toBe('unknown');
  });

  it('is settled by the record, which then goes on with its contract', async () => {
    const evseId = freshEvse();
    const lost = await lostStart(evseId, silent);
    const sessionId = hbs.sessionIds[0] ?? '';
    const times = { SessionStart: bench.clock.now().toISOString(), EvseID: evseId, Identification: remote(EVCO.good) };
    expect((await post(gateway, CDR, record(sessionId, times))).verdict).toBe('true 000');
    expect(await command(lost.commandId)).toMatchObject({ state: 'accepted', settledBy: 'record', sessionId });
    const received = (await bench.events<CdrReceivedData>('CdrReceived')).filter(({ data }) => data.sessionId === sessionId);
    expect(received).toMatchObject([{ data: { contractRef: lost.contractRef, providerId: 'DE-EMP' } }]);
  });

  it('is settled by a notification that came while the answer was still awaited', async () => {
    const evseId = freshEvse();
    hbs.play(async ({ reply, sessionId }) => {
      await post(gateway, NOTIFY, notification('Start', sessionId, at(evseId)));
      reply.cut();
    });
    const { body } = await startAt(evseId);
    await eventually(async () => (await command(body.commandId)).state === 'accepted');
    expect(await command(body.commandId)).toMatchObject({
      settledBy: 'notification', settledHow: 'same-evse', sessionId: hbs.sessionIds[0],
    });
  });

  it('is settled by a person, with who and why, and only once', async () => {
    const lost = await lostStart(freshEvse());
    const resolve = (body: object): Promise<{ status: number; body: CommandView }> =>
      api<CommandView>(gateway, `/v1/commands/${lost.commandId}/resolution`, body);
    expect((await resolve({ outcome: 'perhaps', reason: 'x' })).status).toBe(400);
    const reason = 'the driver stood there and saw the lamp stay green';
    const resolved = await resolve({ outcome: 'refused', reason });
    expect(resolved.status).toBe(200);
    expect(resolved.body).toMatchObject({
      state: 'refused', settledBy: 'person', resolution: { by: 'local', reason },
    });
    const again = await resolve({ outcome: 'accepted', reason });
    expect([again.status, again.body]).toMatchObject([409, { title: 'command-settled', state: 'refused' }]);
    // What a person believed yields to what really happened.
    const sessionId = hbs.sessionIds[0] ?? '';
    await post(gateway, NOTIFY, notification('Start', sessionId, { EMPPartnerSessionID: lost.empPartnerSessionId }));
    expect(await command(lost.commandId)).toMatchObject({ state: 'accepted', settledBy: 'notification', sessionId });
  });

  it('that a person found a session for makes that session ours', async () => {
    const lost = await lostStart(freshEvse());
    const sessionId = newId();
    await api(gateway, `/v1/commands/${lost.commandId}/resolution`, {
      outcome: 'accepted', reason: 'seen in the Process Monitor', sessionId,
    });
    expect(await command(lost.commandId)).toMatchObject({ state: 'accepted', settledBy: 'person', sessionId });
    expect(await authorizations(sessionId)).toHaveLength(1);
    expect(await story(sessionId)).toMatchObject({ state: 'authorized', contractRef: lost.contractRef });
  });
});

describe('a start whose sender was killed before it heard the answer', () => {
  it('is unknown on another replica, is not sent again, and finds its session', async () => {
    const evseId = freshEvse();
    hbs.play(silent);
    const { url, child } = await startProcess();
    const commandId = newId();
    const heard = fetch(`${url}/v1/remote-starts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ commandId, contractId: EVCO.good, evseId }),
    }).then(() => 'an answer', () => 'nothing');
    await eventually(() => hbs.asked.length === 1, { withinMs: 20_000 });
    expect((await command(commandId)).state).toBe('sent');
    child.kill('SIGKILL');
    expect(await heard).toBe('nothing');
    // It is held for fifteen seconds since its last sign of life: not yet over, nobody touches it.
    await gatewayRecovers();
    expect((await command(commandId)).state).toBe('sent');
    await bench.service.database.query(`UPDATE command SET held_until = now() - interval '1 ms' WHERE command_id = $1`, [
      commandId,
    ]);
    await eventually(async () => (await command(commandId)).state === 'unknown');
    expect(await command(commandId)).toMatchObject({ unknownReason: 'sender-lost', settledAt: null });
    expect((await startAt(evseId)).status).toBe(409);
    expect(hbs.asked).toHaveLength(1);
    const sessionId = hbs.sessionIds[0] ?? '';
    // The process that was killed had the real clock: only its own id joins the two.
    const own = { EMPPartnerSessionID: hbs.asked[0]?.body['EMPPartnerSessionID'] };
    await post(gateway, NOTIFY, notification('Start', sessionId, at(evseId, own)));
    expect(await command(commandId)).toMatchObject({ state: 'accepted', settledBy: 'notification', sessionId });
  }, 60_000);
});

describe('a record that was pulled', () => {
  const publish = (data: object): Promise<void> => {
    const event = newEvent(CdrAcceptedV1, data as CdrAcceptedData, { time: bench.clock.now() });
    return new Outbox({ source: 'cdr-ingest' }).append(bench.service.database, event);
  };
  const accepted = (sessionId: string, evseId: string, contractRef: string | null): object => ({
    ...CdrAcceptedV1.samples[0], sessionId, evseId, contractRef, origin: 'pulled',
    sessionStart: bench.clock.now().toISOString(),
  });

  it('closes its session', async () => {
    const evseId = freshEvse();
    const { body } = await startAt(evseId);
    const sessionId = body.sessionId ?? '';
    await publish(accepted(sessionId, evseId, body.contractRef));
    await eventually(async () => (await story(sessionId)).state === 'closed', { withinMs: 15_000 });
    expect((await whats(sessionId)).at(-1)).toBe('record pulled');
  });

  it('settles a start that nobody heard of since, and begins no other session', async () => {
    const evseId = freshEvse();
    const lost = await lostStart(evseId);
    const [sessionId, ofOthers] = [newId(), newId()];
    await publish(accepted(ofOthers, freshEvse(), 'con-of-an-offline-provider'));
    await publish(accepted(sessionId, evseId, lost.contractRef));
    await eventually(async () => (await command(lost.commandId)).state === 'accepted', { withinMs: 15_000 });
    expect(await command(lost.commandId)).toMatchObject({ settledBy: 'record', sessionId });
    expect((await api(gateway, `/v1/sessions/${ofOthers}`)).status).toBe(404);
  });
});

describe('an answer that comes after its session was heard of', () => {
  it('merges with it: a notification before', async () => {
    const evseId = freshEvse();
    hbs.play(async (call) => {
      await post(gateway, NOTIFY, notification('Start', call.sessionId, at(evseId)));
      accepts(call);
    });
    const { body } = await startAt(evseId);
    const sessionId = hbs.sessionIds[0] ?? '';
    expect(body).toMatchObject({ state: 'accepted', settledBy: 'answer', sessionId });
    expect(await story(sessionId)).toMatchObject({ state: 'charging', contractRef: body.contractRef });
    expect(await authorizations(sessionId)).toHaveLength(1);
  });

  it('merges with it: notification and record of our own id before', async () => {
    const evseId = freshEvse();
    hbs.play(async (call) => {
      const own = { EMPPartnerSessionID: call.asked.body['EMPPartnerSessionID'] };
      await post(gateway, NOTIFY, notification('Start', call.sessionId, at(evseId, own)));
      await post(gateway, CDR, record(call.sessionId, { EvseID: evseId, Identification: remote(EVCO.good) }));
      accepts(call);
    });
    const { body } = await startAt(evseId);
    const sessionId = hbs.sessionIds[0] ?? '';
    expect(body).toMatchObject({ state: 'accepted', sessionId });
    expect((await story(sessionId)).state).toBe('closed');
    expect(await authorizations(sessionId)).toHaveLength(1);
  });
});

describe('a remote stop', () => {
  const stop = (sessionId: string): Promise<{ status: number; body: CommandView }> =>
    api<CommandView>(gateway, `/v1/sessions/${sessionId}/remote-stop`, {});
  async function running(): Promise<{ sessionId: string; evseId: string }> {
    const evseId = freshEvse();
    const { body } = await startAt(evseId);
    hbs.play(accepts);
    return { sessionId: body.sessionId ?? '', evseId };
  }

  it('needs no body', async () => {
    const { sessionId } = await running();
    const answer = await fetch(`${gateway.url}/v1/sessions/${sessionId}/remote-stop`, { method: 'POST' });
    expect([answer.status, await answer.json()]).toMatchObject([201, { kind: 'remote-stop', state: 'accepted' }]);
  });

  it('is asked of HBS, and its session hears of it', async () => {
    const { sessionId, evseId } = await running();
    expect((await stop(sessionId)).body).toMatchObject({ kind: 'remote-stop', state: 'accepted', sessionId });
    expect(hbs.asked).toMatchObject([
      {
        path: '/api/oicp/charging/v21/providers/DE-EMP/authorize-remote/stop',
        body: { SessionID: sessionId, ProviderID: 'DE-EMP', EvseID: evseId },
      },
    ]);
    expect(await whats(sessionId)).toEqual([
      'remote start asked', 'authorized', 'remote start accepted', 'remote stop asked', 'remote stop accepted',
    ]);
  });

  it('that HBS refuses with 400 says that the session is over', async () => {
    const { sessionId } = await running();
    hbs.play(refuses('400', 400));
    expect((await stop(sessionId)).body).toMatchObject({ state: 'refused', code: '400', driver: { nextStep: 'nothing' } });
  });

  it('after the record is refused without asking', async () => {
    const { sessionId } = await running();
    await post(gateway, CDR, record(sessionId));
    expect((await stop(sessionId)).body).toMatchObject({ state: 'refused', code: '400', settledBy: 'rules' });
    expect(hbs.asked).toEqual([]);
  });

  it('repeats itself, and what nobody knows is settled by the end of the session', async () => {
    const { sessionId, evseId } = await running();
    hbs.play(cutsOff);
    const { body } = await stop(sessionId);
    expect(body).toMatchObject({ state: 'unknown', driver: { nextStep: 'check-the-station' } });
    expect(hbs.asked.length).toBeGreaterThan(1);
    await post(gateway, NOTIFY, notification('End', sessionId, { EvseID: evseId }));
    expect(await command(body.commandId)).toMatchObject({
      state: 'accepted', settledBy: 'notification', settledHow: 'session-over',
    });
  }, 20_000);

  it('of a session nobody spoke of is 404', async () => {
    expect((await stop(newId())).status).toBe(404);
  });
});

describe('a reservation', () => {
  const cancel = (sessionId: string): Promise<{ status: number; body: CommandView }> =>
    api<CommandView>(gateway, `/v1/reservations/${sessionId}/cancel`, {});

  it('is asked of HBS with its minutes, and keeps its place until its time is over', async () => {
    const { body } = await reserveAt(freshEvse());
    expect(hbs.asked).toMatchObject([
      { path: '/api/oicp/reservation/v11/providers/DE-EMP/reservation-start-request', body: { Duration: 30 } },
    ]);
    const sessionId = body.sessionId ?? '';
    expect(await story(sessionId)).toMatchObject({
      state: 'reserved', reservedUntil: new Date(bench.clock.now().getTime() + 30 * 60_000).toISOString(),
    });
    bench.clock.advance({ minutes: 31 });
    await eventually(async () => (await story(sessionId)).state === 'expired');
    expect(await whats(sessionId)).toEqual([
      'reservation start asked', 'authorized', 'reserved', 'reservation start accepted', 'reservation expired',
    ]);
  });

  it('becomes a charging session when somebody charges', async () => {
    const { body } = await reserveAt(freshEvse());
    await post(gateway, NOTIFY, notification('Start', body.sessionId ?? ''));
    expect((await story(body.sessionId ?? '')).state).toBe('charging');
  });

  it('is given up, which the record of it follows', async () => {
    const { body } = await reserveAt(freshEvse());
    const sessionId = body.sessionId ?? '';
    hbs.play(accepts);
    expect((await cancel(sessionId)).body).toMatchObject({ kind: 'reservation-stop', state: 'accepted' });
    expect(hbs.asked[0]?.path).toBe('/api/oicp/reservation/v11/providers/DE-EMP/reservation-stop-request');
    expect((await story(sessionId)).state).toBe('cancelled');
    expect((await cancel(sessionId)).body).toMatchObject({ state: 'refused', settledBy: 'rules' });
    await post(gateway, CDR, record(sessionId, { ConsumedEnergy: 0 }));
    expect((await story(sessionId)).state).toBe('closed');
  });

  it('that is refused because somebody was faster says so', async () => {
    hbs.play(refuses('601'));
    expect((await reserveAt(freshEvse())).body.driver?.en).toContain('reserved');
  });

  it('is not what a charging session is', async () => {
    const { body } = await startAt(freshEvse());
    expect((await cancel(body.sessionId ?? '')).status).toBe(409);
    expect((await reserveAt(freshEvse(), { durationMinutes: 100 })).status).toBe(400);
  });
});

describe('the list of commands', () => {
  interface Page { readonly commands: readonly CommandView[]; readonly next: string | null }

  it('has every command once, newest first, and those in a state', async () => {
    const seen: CommandView[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Page } = await api<Page>(gateway, `/v1/commands?limit=7${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.commands);
      cursor = body.next;
    }
    expect(new Set(seen.map(({ commandId }) => commandId)).size).toBe(await bench.count('command'));
    const unknown = (await api<Page>(gateway, '/v1/commands?state=unknown')).body.commands;
    expect(unknown.length).toBeGreaterThan(0);
    expect(new Set(unknown.map(({ state }) => state))).toEqual(new Set(['unknown']));
  });

  it.each(['limit=0', 'limit=x', 'cursor=nonsense', 'state=lost'])('refuses ?%s', async (query) => {
    expect((await api(gateway, `/v1/commands?${query}`)).status).toBe(400);
  });

  it('does not know a command nobody gave', async () => {
    expect((await api(gateway, `/v1/commands/${newId()}`)).status).toBe(404);
  });
});

describe('what is kept and told of commands', () => {
  it('never names the contract', async () => {
    const kept = await bench.service.database.query(
      'SELECT command::text AS row FROM command UNION ALL SELECT session_change::text FROM session_change',
    );
    for (const evcoId of Object.values(EVCO)) {
      expect(bench.log).not.toContain(evcoId);
      expect(JSON.stringify(kept)).not.toContain(evcoId);
      expect(JSON.stringify(await bench.events())).not.toContain(evcoId);
    }
    expect(bench.log).toContain('command settled');
  });
});
