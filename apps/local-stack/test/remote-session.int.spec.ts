import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readGatewayConfig, startGateway, type RunningGateway } from '@emp/authorization-gateway';
import { readSimulatorConfig, startSimulator } from '@emp/hbs-simulator';
import { createLog, type RunningService } from '@emp/service-kit';
import { eventually, freePort, testDatabase, type TestDatabase } from '@emp/testing';
import { generateVaultSecrets } from '@emp/vault';

const EVCO_ID = 'DE-EMP-C00000001-5';

interface Command {
  readonly commandId: string;
  readonly state: string;
  readonly sessionId: string | null;
  readonly settledBy: string | null;
  readonly settledHow: string | null;
  readonly code: string | null;
  readonly driver: { readonly de: string; readonly nextStep: string } | null;
}
interface Session {
  readonly state: string;
  readonly energyKwh: string | null;
  readonly story: readonly { readonly what: string }[];
}

/** The gateway on two replicas, and the simulated HBS with its stations: an hour of charging takes six seconds. */
describe('a driver who starts and stops with the app', () => {
  let simulator: RunningService;
  let gateway: RunningGateway;
  let replica: RunningGateway;
  let own: TestDatabase;
  let broker: TestDatabase;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'remote-session-'));
    [own, broker] = [await testDatabase(), await testDatabase()];
    const doorPort = await freePort();
    const log = createLog('test', 'silent');
    simulator = await startSimulator(readSimulatorConfig({
      PORT: '0', TAPS_PER_SECOND: '0', GENERATED_EVSES: '50', EMP_URL: `http://127.0.0.1:${doorPort}`, DATA_DIRECTORY: directory,
      SESSION_SECONDS: '6', SPEED: '600',
    }), { log });
    const { keys, pepper } = generateVaultSecrets();
    const common = {
      PORT: '0', DATABASE_URL: own.url, BROKER_URL: broker.url, HBS_URL: `${simulator.url}/api/oicp`, DOOR_DEADLINE_MS: '10000',
      PROVIDERS: 'DE-EMP:online', VAULT_KEYS: keys, VAULT_PEPPER: pepper, COMMAND_TIMEOUT_SECONDS: '10',
    };
    gateway = await startGateway(readGatewayConfig({ ...common, DOOR_PORT: String(doorPort) }), { log });
    replica = await startGateway(readGatewayConfig({ ...common, DOOR_PORT: '0' }), { log });
    await call('POST', `${gateway.url}/v1/contracts`, {
      contracts: [{
        contractId: EVCO_ID, providerId: 'DE-EMP', customerRef: 'app driver', tariffPlanId: 'standard',
        validFrom: '2026-01-01T00:00:00Z', cards: [],
      }],
    });
  }, 60_000);
  afterAll(async () => {
    await replica.stop();
    await gateway.stop();
    await simulator.stop();
    await own.close();
    await broker.close();
    await rm(directory, { recursive: true });
  }, 60_000);
  afterEach(() => faults({}));

  const call = async <T>(method: string, url: string, body?: unknown): Promise<T> => {
    const response = await fetch(url, {
      method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${url}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const faults = (given: object): Promise<unknown> => call('PUT', `${simulator.url}/simulator/faults`, given);
  const start = (evseId: string): Promise<Command> =>
    call('POST', `${gateway.url}/v1/remote-starts`, { contractId: EVCO_ID, evseId });
  const session = (id: string | null): Promise<Session> => call('GET', `${gateway.url}/v1/sessions/${id}`);

  it('sees charging go on, ends it, and gets its record', async () => {
    const started = await start('DE*SIM*E0001*1');
    expect(started).toMatchObject({ state: 'accepted', code: '000', driver: null });
    // The app hangs at the other replica than HBS.
    const events = followed(`${replica.url}/v1/sessions/${started.sessionId}/events`);
    await eventually(() => events.text.includes('charging progressed'), { withinMs: 20_000, what: 'progress' });
    const told = events.text.split('\n').find((line) => line.includes('charging progressed')) ?? '';
    const progress = JSON.parse(told.slice('data: '.length)) as { energyKwh: string; chargingSeconds: number };
    expect(Number(progress.energyKwh)).toBeGreaterThan(0);
    expect(progress.chargingSeconds).toBeGreaterThanOrEqual(300);
    expect(events.text).toMatch(/event: session\ndata: /);

    const stopped = await call<Command>('POST', `${replica.url}/v1/sessions/${started.sessionId}/remote-stop`, {});
    expect(stopped.state).toBe('accepted');
    await eventually(() => events.text.includes('event: closed'), { withinMs: 20_000, what: 'the record on the stream' });
    await events.over;
    const whole = await session(started.sessionId);
    expect(whole.state).toBe('closed');
    expect(Number(whole.energyKwh)).toBeGreaterThan(0);
    const whats = whole.story.map(({ what }) => what);
    expect(whats.slice(0, 3)).toEqual(['remote start asked', 'authorized', 'remote start accepted']);
    for (const what of ['charging started', 'charging progressed', 'remote stop accepted', 'charging ended', 'record received']) {
      expect(whats).toContain(what);
    }
    const again = await call<Command>('POST', `${gateway.url}/v1/sessions/${started.sessionId}/remote-stop`, {});
    expect(again).toMatchObject({ state: 'refused', code: '400', driver: { nextStep: 'nothing' } });
  }, 60_000);

  it('whose start is accepted without an answer hears of it by the station, and is started once', async () => {
    await faults({ lostRemoteAnswer: 1 });
    const lost = await start('DE*SIM*E0001*2');
    const found = await eventually(async () => {
      const command = await call<Command>('GET', `${replica.url}/v1/commands/${lost.commandId}`);
      return command.state === 'accepted' ? command : undefined;
    }, { withinMs: 20_000 });
    expect(found).toMatchObject({ settledBy: 'notification', settledHow: 'same-partner-session' });
    await faults({});
    await call('POST', `${gateway.url}/v1/sessions/${found.sessionId}/remote-stop`, {});
    await eventually(async () => (await session(found.sessionId)).state === 'closed', { withinMs: 20_000 });
    const [row] = await own.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM charging_session WHERE evse_id = 'DE*SIM*E0001*2'`);
    expect(row?.count).toBe(1);
  }, 60_000);

  it('is told to plug in first', async () => {
    await faults({ remoteRefusal: 1, remoteRefusalCode: '510' });
    const refused = await start('DE*SIM*E0002*1');
    expect(refused).toMatchObject({ state: 'refused', code: '510', sessionId: null, driver: { nextStep: 'plug-in-and-try-again' } });
    expect(refused.driver?.de).toContain('stecken');
  });

  it('reserves, then charges at the reserved station, which ends the reservation with its own record', async () => {
    const reserved = await call<Command>('POST', `${gateway.url}/v1/reservations`, {
      contractId: EVCO_ID, evseId: 'DE*SIM*E0002*2', durationMinutes: 99,
    });
    expect((await session(reserved.sessionId)).state).toBe('reserved');
    const started = await start('DE*SIM*E0002*2');
    expect(started.state).toBe('accepted');
    expect(started.sessionId).not.toBe(reserved.sessionId);
    await eventually(async () => (await session(reserved.sessionId)).state === 'closed', { withinMs: 20_000 });
    await call('POST', `${gateway.url}/v1/sessions/${started.sessionId}/remote-stop`, {});
    await eventually(async () => (await session(started.sessionId)).state === 'closed', { withinMs: 20_000 });
  }, 60_000);

  it('gives a reservation up', async () => {
    const reserved = await call<Command>('POST', `${gateway.url}/v1/reservations`, { contractId: EVCO_ID, evseId: 'DE*SIM*E0001*1' });
    const cancelled = await call<Command>('POST', `${gateway.url}/v1/reservations/${reserved.sessionId}/cancel`, {});
    expect(cancelled.state).toBe('accepted');
    await eventually(async () => (await session(reserved.sessionId)).state === 'closed', { withinMs: 20_000 });
    expect((await session(reserved.sessionId)).story.map(({ what }) => what)).toContain('reservation cancelled');
  }, 60_000);
});

/** What comes on a stream of server-sent events, as it comes. */
function followed(url: string): { readonly text: string; readonly over: Promise<void> } {
  const seen = { text: '', over: Promise.resolve() };
  seen.over = fetch(url).then(async (response) => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) seen.text += decoder.decode(chunk as Uint8Array, { stream: true });
  });
  return seen;
}
