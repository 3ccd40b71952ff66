import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import type { RunningService } from '@emp/service-kit';
import { readSimulatorConfig } from '../src/config.ts';
import { startSimulator } from '../src/start-simulator.ts';
import { FakeEmp } from './fake-emp.ts';

/** Whatever JSON.parse gives: tests look into it freely. */
export type Parsed = ReturnType<typeof JSON.parse>;

/** A running simulator in front of a fake EMP, for one test file. */
export class TestWorld {
  simulator!: RunningService;
  readonly emp: FakeEmp;
  readonly directory: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(emp: FakeEmp, directory: string, env: Readonly<Record<string, string>>) {
    this.emp = emp;
    this.directory = directory;
    this.#env = env;
  }

  static async open(env: Readonly<Record<string, string>> = {}): Promise<TestWorld> {
    const world = new TestWorld(await FakeEmp.open(), await mkdtemp(path.join(tmpdir(), 'simulator-')), env);
    await world.start();
    return world;
  }

  async start(): Promise<void> {
    this.simulator = await startSimulator(readSimulatorConfig({
      PORT: '0', TAPS_PER_SECOND: '0', GENERATED_EVSES: '300', EMP_URL: this.emp.url, DATA_DIRECTORY: this.directory, ...this.#env,
    }), { log: pino({ level: 'silent' }) });
  }

  async close(): Promise<void> {
    await this.simulator.stop();
    await this.emp.close();
    await rm(this.directory, { recursive: true });
  }

  async call(method: string, place: string, body?: unknown): Promise<{ status: number; headers: Headers; text: string; json: Record<string, Parsed> }> {
    const answer = await fetch(this.simulator.url + place, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = text.startsWith('{') ? JSON.parse(text.split('\n')[0] ?? '') as Record<string, unknown> : {};
    return { status: answer.status, headers: answer.headers, text, json };
  }

  hub(place: string, body: unknown): ReturnType<TestWorld['call']> {
    return this.call('POST', `/api/oicp${place}`, body);
  }

  /** The records HBS keeps for a provider. */
  async records(providerId: string, more: object = {}): Promise<Record<string, unknown>[]> {
    const { json } = await this.hub(`/cdrmgmt/v22/providers/${providerId}/get-charge-detail-records-request?size=2000`, {
      ProviderID: providerId, From: '2000-01-01T00:00:00Z', To: '2100-01-01T00:00:00Z', ...more,
    });
    return json['content'] as Record<string, unknown>[];
  }

  pushCards(providerId: string, uids: readonly string[], action = 'fullLoad'): ReturnType<TestWorld['call']> {
    return this.hub(`/authdata/v21/providers/${providerId}/push-request`, {
      ActionType: action,
      ProviderAuthenticationData: {
        ProviderID: providerId,
        AuthenticationDataRecord: uids.map((UID) => ({ Identification: { RFIDMifareFamilyIdentification: { UID } } })),
      },
    });
  }
}
