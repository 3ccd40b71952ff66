import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, isPortFree } from '@emp/testing';

const root = path.resolve(import.meta.dirname, '../../..');
const main = path.join(root, 'apps/local-stack/dist/main.js');

const PORTS = ['POSTGRES_PORT', 'DOOR_PORT', 'GATEWAY_PORT', 'CDR_INGEST_PORT', 'POI_SYNC_PORT', 'BILLING_PORT', 'SIMULATOR_PORT'] as const;
export type Port = (typeof PORTS)[number];

/** The first of so many free ports, below those that outgoing connections take, apart from those of other test workers. */
async function freeRange(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + 10 * Math.floor(Math.random() * 1_200);
    const candidates = Array.from({ length: count }, (_, index) => first + index);
    if ((await Promise.all(candidates.map((port) => isPortFree(port)))).every(Boolean)) return first;
  }
}

/** A local stack as its own process with its own data and ports, to be killed like a real one. */
export class StackProcess {
  readonly dataDirectory = mkdtempSync(path.join(tmpdir(), 'emp-stack-'));
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  stdout = '';
  stderr = '';

  private constructor(env: Readonly<Record<string, string>>) {
    this.#env = { ...env, DATA_DIRECTORY: this.dataDirectory, LOG_LEVEL: 'warn' };
  }

  static async withFreePorts(env: Readonly<Record<string, string>> = {}): Promise<StackProcess> {
    const first = await freeRange(PORTS.length);
    const ports = Object.fromEntries(PORTS.map((name, index) => [name, String(first + index)]));
    return new StackProcess({ GENERATED_EVSES: '60', ...ports, ...env });
  }

  port(name: Port): number {
    return Number(this.#env[name]);
  }

  url(port: Port, rest: string): string {
    return `http://127.0.0.1:${this.port(port)}${rest}`;
  }

  get databasePassword(): string {
    return (JSON.parse(readFileSync(path.join(this.dataDirectory, 'stack.json'), 'utf8')) as { databasePassword: string }).databasePassword;
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
    this.stdout = '';
    this.stderr = '';
    const child = spawn(process.execPath, [main, ...args], {
      cwd: root,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...this.#env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.#child = child;
  }

  /** Resolves when it ended by itself. */
  ended(): Promise<number | null> {
    const child = this.#running();
    if (child.exitCode !== null) return Promise.resolve(child.exitCode);
    return new Promise((resolve) => child.once('close', (code) => resolve(code)));
  }

  /** kill -9 of everything at once: services, simulator, PostgreSQL. */
  async kill(): Promise<void> {
    const ended = this.ended();
    const postgres = this.#postgresPid();
    process.kill(-(this.#running().pid ?? 0), 'SIGKILL');
    if (postgres !== undefined) process.kill(postgres, 'SIGKILL');
    await ended;
  }

  async stop(): Promise<number | null> {
    const ended = this.ended();
    this.#running().kill('SIGTERM');
    return ended;
  }

  /** Leaves no process and no data behind, whatever the test came to. */
  async dispose(): Promise<void> {
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null) await this.kill().catch(() => undefined);
    const postgres = this.#postgresPid();
    if (postgres !== undefined) {
      try {
        process.kill(postgres, 'SIGKILL');
      } catch {
        // It was gone already.
      }
    }
    rmSync(this.dataDirectory, { recursive: true, force: true, maxRetries: 5 });
  }

  async json<T>(port: Port, rest: string, init?: RequestInit): Promise<T> {
    const answer = await fetch(this.url(port, rest), init);
    if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Until the live run shows its addresses: seeded and charging. */
  async untilLive(): Promise<void> {
    const died = this.ended().then((code) => { throw new Error(`the stack ended (${code}): ${this.stderr}`); });
    died.catch(() => undefined);
    await Promise.race([died, eventually(() => this.stdout.includes('door for HBS'), { withinMs: 180_000, what: 'the stack is live' })]);
  }

  #running(): ChildProcess {
    if (!this.#child) throw new Error('start() first');
    return this.#child;
  }

  #postgresPid(): number | undefined {
    const file = path.join(this.dataDirectory, 'postgres/postmaster.pid');
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
  }
}
