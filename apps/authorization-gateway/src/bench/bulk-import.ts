/** `npm run bench -- bulk-import [lines]`: contracts with a card each from a CSV stream, as a ratio to bare inserts. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Database, migrate } from '@emp/database';
import { migrationsDirectory } from '@emp/prisma-authorization-gateway';
import { freePort, startEmbeddedPostgres } from '@emp/testing';
import { generateVaultSecrets } from '@emp/vault';

const ROWS_AT_ONCE = 1_000;
/** Sent a second time: nothing changes, so that what memory grows by is not the card index. */
const REPEATED_LINES = 200_000;

export async function run([lines = '1000000']: readonly string[]): Promise<void> {
  const total = Number(lines);
  const directory = await mkdtemp(path.join(tmpdir(), 'bench-bulk-import-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory: path.join(directory, 'postgres') });
  const database = new Database({ url: postgres.url('postgres'), applicationName: 'bench', statementTimeoutMs: 0 });
  try {
    await migrate(database, migrationsDirectory);
    await database.query('CREATE DATABASE broker');
    await database.query('CREATE TABLE bare_contract (LIKE contract INCLUDING ALL)');
    await database.query('CREATE TABLE bare_card (LIKE card INCLUDING ALL)');
    const secrets = generateVaultSecrets();
    const gateway = await Gateway.start({
      DATABASE_URL: postgres.url('postgres'),
      BROKER_URL: postgres.url('broker'),
      HBS_URL: 'http://127.0.0.1:9/api/oicp',
      PROVIDERS: 'DE-EMP:online',
      VAULT_KEYS: secrets.keys,
      VAULT_PEPPER: secrets.pepper,
      DOOR_PORT: '0',
      EXPIRE_EVERY_SECONDS: '0',
      PUSH_EVERY_SECONDS: '0',
      LOG_FILE: path.join(directory, 'gateway.log'),
    });
    const imported = await gateway.import(total);
    tell(`${total} contracts with a card each: ${imported.text}`);
    const again = await gateway.import(Math.min(total, REPEATED_LINES));
    tell(`${Math.min(total, REPEATED_LINES)} of them again, nothing changed: ${again.text}`);
    await gateway.stop();
    const bare = await bareInserts(database);
    tell(
      `bare unnest inserts of the same rows: ${Math.round(bare)} lines/s; ratio ${(imported.perSecond / bare).toFixed(2)}`,
    );
  } finally {
    await database.close();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

interface Imported {
  readonly perSecond: number;
  readonly text: string;
}

class Gateway {
  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(environment: Readonly<Record<string, string>>): Promise<Gateway> {
    const port = await freePort();
    const file = fileURLToPath(new URL('support/gateway-process.js', import.meta.url));
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, ...environment, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stdout).once('line', () => resolve());
      child.once('exit', () => reject(new Error('the gateway did not start')));
    });
    return new Gateway(child, port);
  }

  async import(lines: number): Promise<Imported> {
    const before = this.#residentMb();
    const cpuBefore = this.#cpuSeconds();
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, this.#residentMb())), 100);
    const begun = performance.now();
    const answer = await this.#upload(lines);
    const seconds = (performance.now() - begun) / 1_000;
    clearInterval(watch);
    const { state, kept, refused } = JSON.parse(answer) as Record<string, unknown>;
    if (state !== 'done' || kept !== lines || refused !== 0) throw new Error(`the import went wrong: ${answer}`);
    const perSecond = lines / seconds;
    const cpu = Math.round((lines / (this.#cpuSeconds() - cpuBefore)) * 10) / 10;
    const text = `${Math.round(perSecond)} lines/s, ${cpu} per second of the gateway's processor; memory ${before} MB before, ${peak - before} MB more at its peak`;
    return { perSecond, text };
  }

  async #upload(lines: number): Promise<string> {
    const client = request({
      port: this.port,
      host: '127.0.0.1',
      path: '/v1/imports?kind=contracts',
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
    });
    const answered = once(client, 'response') as Promise<[AsyncIterable<Buffer>]>;
    let text = 'contractId,providerId,customerRef,tariffPlanId,validFrom,cards\n';
    for (let number = 1; number <= lines; number += 1) {
      const id = String(number).padStart(8, '0');
      const uid = number.toString(16).toUpperCase().padStart(10, '0');
      text += `DE-EMP-C${id}-X,DE-EMP,customer-${number},plan-${number % 20},2026-01-01T00:00:00Z,04AB${uid}\n`;
      if (text.length < 65_536) continue;
      if (!client.write(text)) await once(client, 'drain');
      text = '';
    }
    client.end(text);
    let answer = '';
    for await (const chunk of (await answered)[0]) answer += String(chunk);
    return answer;
  }

  /** Linux only; NaN elsewhere. */
  #residentMb(): number {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024);
    } catch {
      return NaN;
    }
  }

  /** User and system time so far; Linux only, NaN elsewhere. */
  #cpuSeconds(): number {
    try {
      const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      return NaN;
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** Lines per second: nothing but the rows that an import leaves, as fast as one connection takes them. */
async function bareInserts(database: Database): Promise<number> {
  let rows = 0;
  let ms = 0;
  for (let after: string | undefined = ''; after !== undefined;) {
    const contracts: Row[] = await database.query(
      'SELECT * FROM contract WHERE contract_ref > $1 ORDER BY 1 LIMIT $2',
      [after, ROWS_AT_ONCE],
    );
    if (contracts.length === 0) break;
    const refs = contracts.map((row) => row['contract_ref']);
    const cards = await database.query<Row>('SELECT * FROM card WHERE contract_ref = ANY($1) ORDER BY 1', [refs]);
    const begun = performance.now();
    await database.transaction(async (tx) => {
      for (const [table, given] of [
        ['bare_contract', contracts],
        ['bare_card', cards],
      ] as const) {
        const names = Object.keys(given[0] ?? {}).filter((name) => name !== 'rules');
        const types = names.map(
          (name, index) => `$${index + 1}::${/_(at|from|until)$/.test(name) ? 'timestamptz' : 'text'}[]`,
        );
        await tx.execute(
          `INSERT INTO ${table} (${names.join(', ')}) SELECT * FROM unnest(${types.join(', ')})`,
          names.map((name) => given.map((row) => row[name])),
        );
      }
    });
    ms += performance.now() - begun;
    rows += contracts.length;
    after = contracts.length < ROWS_AT_ONCE ? undefined : (refs.at(-1) as string);
  }
  return (rows * 1_000) / ms;
}

type Row = Readonly<Record<string, unknown>>;

const tell = (line: string): boolean => process.stdout.write(`bulk-import: ${line}\n`);
