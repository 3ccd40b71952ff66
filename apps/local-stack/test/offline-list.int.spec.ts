import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readGatewayConfig, startGateway, type RunningGateway } from '@emp/authorization-gateway';
import { readSimulatorConfig, startSimulator } from '@emp/hbs-simulator';
import { createLog, type RunningService } from '@emp/service-kit';
import { eventually, freePort, testDatabase, type TestDatabase } from '@emp/testing';
import { generateVaultSecrets } from '@emp/vault';

const uidOf = (n: number): string => `04DD${n.toString(16).toUpperCase().padStart(10, '0')}`;

interface Summary {
  readonly authenticationData: Readonly<Record<string, number>>;
}

describe('an offline provider and HBS', () => {
  let simulator: RunningService;
  let gateway: RunningGateway;
  let own: TestDatabase;
  let broker: TestDatabase;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'offline-list-'));
    [own, broker] = [await testDatabase(), await testDatabase()];
    const doorPort = await freePort();
    const log = createLog('test', 'silent');
    simulator = await startSimulator(readSimulatorConfig({
      PORT: '0', TAPS_PER_SECOND: '0', GENERATED_EVSES: '50', EMP_URL: `http://127.0.0.1:${doorPort}`, DATA_DIRECTORY: directory,
    }), { log });
    const { keys, pepper } = generateVaultSecrets();
    gateway = await startGateway(readGatewayConfig({
      PORT: '0', DOOR_PORT: String(doorPort), DATABASE_URL: own.url, BROKER_URL: broker.url, HBS_URL: `${simulator.url}/api/oicp`,
      PROVIDERS: 'DE-EMP:online,DE-OFL:offline', VAULT_KEYS: keys, VAULT_PEPPER: pepper,
      HBS_CALLS_PER_MINUTE: 'PushAuthenticationData:100000',
    }), { log });
  }, 60_000);
  afterAll(async () => {
    await gateway.stop();
    await simulator.stop();
    await own.close();
    await broker.close();
    await rm(directory, { recursive: true });
  }, 60_000);

  const call = async <T>(method: string, url: string, body?: unknown): Promise<T> => {
    const response = await fetch(url, {
      method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${url}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const contract = (n: number, more: object = {}): object => ({
    contractId: `DE-OFL-C${String(n).padStart(8, '0')}-X`, providerId: 'DE-OFL', customerRef: `customer ${n}`, tariffPlanId: 'standard',
    validFrom: '2026-01-01T00:00:00Z', cards: [{ uid: uidOf(n) }], ...more,
  });
  const register = (...contracts: readonly object[]): Promise<unknown> => call('POST', `${gateway.url}/v1/contracts`, { contracts });
  const tap = async (n: number): Promise<string> => {
    const answer = await call<{ AuthorizationStatus: string; StatusCode: { Code: string } }>('POST', `${simulator.url}/simulator/taps`, { uid: uidOf(n) });
    return `${answer.AuthorizationStatus} ${answer.StatusCode.Code}`;
  };
  const faults = (given: object): Promise<unknown> => call('PUT', `${simulator.url}/simulator/faults`, given);
  const held = async (): Promise<number | undefined> =>
    (await call<Summary>('GET', `${simulator.url}/simulator/summary`)).authenticationData['DE-OFL'];
  const list = async (): Promise<{ waiting: { id: string; takesAway: number } | null; pushes: { action: string; reason: string; outcome: string }[] }> => {
    const { providers } = await call<{ providers: Awaited<ReturnType<typeof list>>[] }>('GET', `${gateway.url}/v1/authentication-data`);
    if (!providers[0]) throw new Error('no list');
    return providers[0];
  };

  it('agree: a card of ours charges, and a blocked one no longer, within a second or so', async () => {
    await register(...Array.from({ length: 12 }, (_, n) => contract(n + 1)));
    await eventually(async () => (await held()) === 36);
    expect(await tap(1)).toBe('Authorized 000');
    expect(await tap(2)).toBe('Authorized 000');
    const begun = performance.now();
    await register(contract(2, { cards: [{ uid: uidOf(2), status: 'blocked' }] }));
    await eventually(async () => (await held()) === 35);
    const tookMs = Math.round(performance.now() - begun);
    expect(tookMs).toBeLessThan(3_000);
    expect(await tap(2)).toBe('NotAuthorized 102');
    expect((await list()).pushes[0]).toMatchObject({ action: 'delete', outcome: 'accepted' });
  }, 30_000);

  it('agree again after an answer that was lost: by a full load', async () => {
    await faults({ pushAnswerLost: 1 });
    await register(contract(20));
    await eventually(async () => (await list()).pushes.some(({ outcome }) => outcome === 'unknown'));
    await faults({});
    await eventually(async () => (await list()).pushes[0]?.outcome === 'accepted', { withinMs: 20_000 });
    expect((await list()).pushes[0]).toMatchObject({ action: 'fullLoad', reason: 'outcome-unknown' });
    expect([await held(), await tap(20)]).toEqual([38, 'Authorized 000']);
  }, 40_000);

  it('do not agree to nothing unless a person says so', async () => {
    const all = [...Array.from({ length: 12 }, (_, n) => contract(n + 1, { status: 'blocked' })), contract(20, { status: 'blocked' })];
    await register(...all);
    await eventually(async () => (await list()).waiting !== null);
    const { waiting } = await list();
    expect([waiting?.takesAway, await held(), await tap(1)]).toEqual([38, 38, 'Authorized 000']);
    await call('POST', `${gateway.url}/v1/authentication-data/pushes/${waiting?.id}/confirm`, { reason: 'we close' });
    expect([await held(), await tap(1)]).toEqual([0, 'NotAuthorized 102']);
  }, 30_000);
});
