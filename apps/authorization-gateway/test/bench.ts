import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateVaultSecrets } from '@emp/vault';
import { createLog, type Log } from '@emp/service-kit';
import { FakeClock, eventually, testDatabase, type TestDatabase } from '@emp/testing';
import { readGatewayConfig, startGateway, type RunningGateway } from '../src/index.ts';

export interface StoredEvent<Data = Readonly<Record<string, unknown>>> {
  readonly type: string;
  readonly data: Data;
}

export interface Answered {
  readonly http: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** `Authorized 000`, `false 022` … */
  readonly verdict: string;
}

/** Gateways on one fresh database, with a clock that stands still and a log that is kept. */
export class Bench {
  readonly clock = new FakeClock();
  readonly #running: RunningGateway[] = [];
  readonly #logs = mkdtempSync(path.join(tmpdir(), 'gateway-test-'));
  readonly #log: Log = createLog('authorization-gateway', 'debug', path.join(this.#logs, 'log'));
  readonly secrets = generateVaultSecrets();

  private constructor(
    readonly service: TestDatabase,
    readonly broker: TestDatabase,
  ) {}

  static async open(): Promise<Bench> {
    return new Bench(await testDatabase(), await testDatabase());
  }

  async start(more: Readonly<Record<string, string>> = {}): Promise<RunningGateway> {
    const gateway = await startGateway(
      readGatewayConfig({ ...this.environment, ...more }),
      { clock: this.clock, log: this.#log },
    );
    this.#running.push(gateway);
    return gateway;
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      PORT: '0',
      DOOR_PORT: '0',
      // What is not about the deadline is not told by how busy the machine is.
      DOOR_DEADLINE_MS: '15000',
      DATABASE_URL: this.service.url,
      BROKER_URL: this.broker.url,
      HBS_URL: 'http://127.0.0.1:9/api/oicp',
      PROVIDERS: 'DE-EMP:online,DE-OFL:offline',
      VAULT_KEYS: this.secrets.keys,
      VAULT_PEPPER: this.secrets.pepper,
      EXPIRE_EVERY_SECONDS: '0',
      PUSH_EVERY_SECONDS: '0',
    };
  }

  async stop(gateway: RunningGateway): Promise<void> {
    this.#running.splice(this.#running.indexOf(gateway), 1);
    await gateway.stop();
  }

  get log(): string {
    return readFileSync(path.join(this.#logs, 'log'), 'utf8');
  }

  /** The first log line that says this; lines are written a little later than they are told. */
  logLine(containing: string): Promise<Readonly<Record<string, unknown>>> {
    return eventually(
      () => {
        const line = this.log
          .split('\n')
          .slice(0, -1)
          .find((each) => each.includes(containing));
        return line === undefined ? undefined : (JSON.parse(line) as Readonly<Record<string, unknown>>);
      },
      { what: `a log line with ${containing}` },
    );
  }

  /** Events of the outbox in order. */
  async events<Data = Readonly<Record<string, unknown>>>(type?: string): Promise<readonly StoredEvent<Data>[]> {
    const rows = await this.service.database.query<{ type: string; payload: string }>(
      `SELECT headers->>'ce_type' AS type, payload FROM outbox ORDER BY id`,
    );
    return rows
      .filter((row) => type === undefined || row.type === type)
      .map((row) => ({ type: row.type, data: JSON.parse(row.payload) as Data }));
  }

  async count(table: string): Promise<number> {
    const [row] = await this.service.database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
    return row?.count ?? 0;
  }

  async close(): Promise<void> {
    for (const gateway of this.#running.splice(0)) await gateway.stop();
    await this.service.close();
    await this.broker.close();
    rmSync(this.#logs, { recursive: true, force: true });
  }
}

/** Posts to the door as HBS would. */
export async function post(
  gateway: RunningGateway,
  where: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const response = await fetch(`${gateway.doorUrl}/api/oicp${where}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  const answer = (await response.json()) as Answered['body'];
  const code = (answer['StatusCode'] as { Code?: string } | undefined)?.Code;
  return {
    http: response.status,
    body: answer,
    verdict: `${String(answer['AuthorizationStatus'] ?? answer['Result'])} ${code}`,
  };
}

export async function api<T>(
  gateway: RunningGateway,
  where: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: T }> {
  const response = await fetch(
    `${gateway.url}${where}`,
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
  );
  return { status: response.status, body: (await response.json()) as T };
}
