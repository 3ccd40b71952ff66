/** `npm run bench -- authorize [cards] [seconds]`: the door under load, as ratios to bare Node and bare PostgreSQL. */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Database, migrate } from '@emp/database';
import { migrationsDirectory } from '@emp/prisma-authorization-gateway';
import { startEmbeddedPostgres } from '@emp/testing';
import { Vault, generateVaultSecrets } from '@emp/vault';
import { Authority, DoorFiles } from './support/authority.ts';
import { fill } from './support/cards.ts';
import { generate, type Outcome, type Target } from './support/load.ts';

const CONNECTIONS = 32;
const DATABASE_CONNECTIONS = 10;
/** The compiler is done with what is hot after about so many requests. */
const WARM_UP = { requests: 30_000, atMostMs: 20_000 };
const SERVER_CORE = '0';
const OTHER_CORE = '1';

export async function run([cards = '1000000', seconds = '5']: readonly string[]): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'bench-authorize-'));
  if (hasTaskset()) execFileSync('taskset', ['-a', '-p', '-c', OTHER_CORE, String(process.pid)], { stdio: 'ignore' });
  const postgres = await startEmbeddedPostgres({ dataDirectory: path.join(directory, 'postgres') });
  const database = new Database({ url: postgres.url('postgres'), applicationName: 'bench', statementTimeoutMs: 0 });
  try {
    await migrate(database, migrationsDirectory);
    await database.query('CREATE DATABASE broker');
    await database.query('CREATE TABLE bare_session (LIKE charging_session INCLUDING ALL)');
    const secrets = generateVaultSecrets();
    const uids = await fill(database, Vault.fromKeys(secrets.keys, secrets.pepper), Number(cards));
    const environment = {
      DATABASE_URL: postgres.url('postgres'),
      BROKER_URL: postgres.url('broker'),
      HBS_URL: 'http://127.0.0.1:9/api/oicp',
      PROVIDERS: 'DE-EMP:online',
      VAULT_KEYS: secrets.keys,
      VAULT_PEPPER: secrets.pepper,
      PORT: '0',
      DOOR_PORT: '0',
      DOOR_DATABASE_CONNECTIONS: String(DATABASE_CONNECTIONS),
      EXPIRE_EVERY_SECONDS: '0',
      PUSH_EVERY_SECONDS: '0',
    };
    await measure({ directory, uids, environment, seconds: Number(seconds), url: postgres.url('postgres') });
  } finally {
    await database.close();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

interface Bench {
  readonly directory: string;
  readonly url: string;
  readonly uids: readonly string[];
  readonly seconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

async function measure(bench: Bench): Promise<void> {
  const { seconds, environment, directory, uids } = bench;
  const load = (server: Server, client: Target['client'], knownShare: number, rate?: number): Promise<Outcome> => {
    const target = { url: server.url, ...(client && { client }) };
    const next = requests(uids, knownShare);
    return generate({ target, connections: CONNECTIONS, seconds, next, ...(rate ? { rate } : {}) });
  };
  /** Requests per second, and how many a second of the server's processor is good for. */
  const atFull = async (server: Server, client: Target['client'], knownShare: number): Promise<AtFull> => {
    const warmUntil = performance.now() + WARM_UP.atMostMs;
    for (let answers = 0; answers < WARM_UP.requests && performance.now() < warmUntil; ) {
      answers += (await load(server, client, knownShare)).perSecond * seconds;
    }
    const before = server.cpuSeconds();
    const outcome = await load(server, client, knownShare);
    const busy = server.cpuSeconds() - before;
    return { ...outcome, busy: busy / seconds, perCpuSecond: (outcome.perSecond * seconds) / busy };
  };

  const bare = await Server.start('bare-server', {});
  const baseline = await atFull(bare, undefined, 0);
  tell(`bare node:http + JSON.parse: ${figures(baseline)}`);
  await bare.stop();

  const authority = await Authority.create('bench');
  const files = await DoorFiles.create(await authority.issue('door'), authority.cert);
  const client = { ...(await authority.issue('hbs')), ca: authority.cert };
  for (const tls of [false, true]) {
    const name = tls ? 'mutual TLS' : 'plain';
    const logFile = path.join(directory, `${name}.log`);
    const door = await Server.start('gateway-process', {
      ...environment,
      LOG_FILE: logFile,
      ...(tls ? files.environment : {}),
    });
    const peer = tls ? client : undefined;
    const cpu = door.cpuSeconds().toFixed(1);
    tell(`${name}: ${cardIndexOf(await readFile(logFile, 'utf8'))}; ${cpu} s of processor for the whole start`);
    for (const [what, knownShare] of [['unknown cards', 0], ['90 % unknown, 10 % granted', 0.1]] as const) {
      const full = await atFull(door, peer, knownShare);
      const half = await load(door, peer, knownShare, full.perSecond / 2);
      tell(`${name}, ${what}: ${figures(full, baseline)}; at half of it p50 ${half.p50Ms.toFixed(1)} ms, ` +
        `p99 ${half.p99Ms.toFixed(1)} ms; ${JSON.stringify(full.codes)}`);
    }
    if (!tls) {
      const inserts = await bareInserts(bench);
      const { perSecond, codes } = await atFull(door, peer, 1);
      tell(`bare single-row inserts: ${inserts} rows/s`);
      const ratio = (perSecond / inserts).toFixed(2);
      tell(`${name}, granted: ${Math.round(perSecond)}/s, ratio ${ratio}; ${JSON.stringify(codes)}`);
    }
    await door.stop();
  }
  await rm(files.directory, { recursive: true, force: true });
}

interface AtFull extends Outcome {
  /** Of one core. */
  readonly busy: number;
  readonly perCpuSecond: number;
}

function figures({ perSecond, busy, perCpuSecond }: AtFull, baseline?: AtFull): string {
  const byProcessor = `${Math.round(perCpuSecond)} per second of processor (busy ${busy.toFixed(2)})`;
  const text = `${Math.round(perSecond)} requests/s, ${byProcessor}`;
  if (baseline === undefined) return text;
  const ratio = (perSecond / baseline.perSecond).toFixed(2);
  return `${text}, ratio ${ratio}, by processor time ${(perCpuSecond / baseline.perCpuSecond).toFixed(2)}`;
}

/** A server of its own on a core of its own. */
class Server {
  readonly #process: ChildProcess;

  private constructor(
    process: ChildProcess,
    readonly url: string,
  ) {
    this.#process = process;
  }

  static async start(name: string, environment: Readonly<Record<string, string>>): Promise<Server> {
    const [command, ...args] = pinned(supportFile(name));
    const child = spawn(command ?? '', args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once('line', resolve);
      child.once('exit', () => reject(new Error(`${name} did not start`)));
    });
    return new Server(child, url);
  }

  /** User and system time so far; Linux only, NaN elsewhere. */
  cpuSeconds(): number {
    try {
      const fields = readFileSync(`/proc/${this.#process.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      return NaN;
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }
}

async function bareInserts({ url, seconds }: Bench): Promise<number> {
  const [command, ...args] = pinned(supportFile('insert-process'), url, String(DATABASE_CONNECTIONS), String(seconds));
  const { stdout } = await promisify(execFile)(command ?? '', args);
  return Number(stdout);
}

const pinned = (...args: readonly string[]): readonly string[] => [
  ...(hasTaskset() ? ['taskset', '-c', SERVER_CORE] : []),
  process.execPath,
  ...(process.env['BENCH_NODE_OPTIONS'] ?? '').split(' ').filter((option) => option !== ''),
  ...args,
];

const supportFile = (name: string): string => fileURLToPath(new URL(`support/${name}.js`, import.meta.url));

/** Linux only; elsewhere the cores are shared, and the figures are less steady. */
function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let asked = 0;

/** AuthorizeStart as HBS writes it, of cards nobody knows and of good ones. */
function requests(uids: readonly string[], knownShare: number): () => string {
  return () => {
    asked += 1;
    const known = (asked * knownShare) % 1 >= 1 - knownShare - 1e-9 && knownShare > 0;
    const uid = known ? uids[asked % uids.length] : `04FF${asked.toString(16).toUpperCase().padStart(10, '0')}`;
    const number = String(asked).padStart(12, '0');
    const body =
      `{"SessionID":"b2688855-7f00-0002-6d8e-${number}","CPOPartnerSessionID":"1234XYZ","EMPPartnerSessionID":null,` +
      `"OperatorID":"DE*SIM","EvseID":"DE*SIM*E0001*1",` +
      `"Identification":{"RFIDMifareFamilyIdentification":{"UID":"${uid}"},` +
      `"RFIDIdentification":null,"QRCodeIdentification":null,"PlugAndChargeIdentification":null,` +
      `"RemoteIdentification":null},"PartnerProductID":"AC 1"}`;
    return (
      `POST /api/oicp/charging/v21/operators/DE*SIM/authorize/start HTTP/1.1\r\nhost: emp.example\r\n` +
      `content-type: application/json;charset=utf-8\r\naccept: application/json\r\n` +
      `process-id: 5e4e8b3a-7e1e-4c6e-9a3e-${number}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    );
  };
}

/** What the gateway said about its start. */
function cardIndexOf(log: string): string {
  const line = log.split('\n').find((each) => each.includes('card index loaded'));
  if (line === undefined) return 'card index not loaded';
  const { cards, ms, grownMb } = JSON.parse(line) as { cards: number; ms: number; grownMb: number };
  return `${cards} cards loaded in ${(ms / 1_000).toFixed(1)} s, ${grownMb} MB more`;
}

const tell = (line: string): boolean => process.stdout.write(`authorize: ${line}\n`);
