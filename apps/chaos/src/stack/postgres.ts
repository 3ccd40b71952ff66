import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '@emp/kernel';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@emp/testing';
import type { Guard } from './guard.ts';
import { processTree, signalAll } from './process-tree.ts';

/** The PostgreSQL of the run: the databases of the services and, for `--broker postgres`, the event log. */
export class ChaosPostgres {
  readonly #place: { readonly dataDirectory: string; readonly port: number };
  readonly #guard: Guard;
  #server: EmbeddedPostgres | undefined;

  constructor(place: { readonly dataDirectory: string; readonly port: number }, guard: Guard) {
    this.#place = place;
    this.#guard = guard;
  }

  async start(): Promise<void> {
    this.#server = await startEmbeddedPostgres(this.#place);
    this.#guard.watch(this.#server.pid);
  }

  get adminUrl(): string {
    return this.#running.adminUrl;
  }

  get #running(): EmbeddedPostgres {
    if (!this.#server) throw new Error('PostgreSQL was not started');
    return this.#server;
  }

  /** kill −9 of the whole server, and a start with recovery from its log. */
  async kill(downMs: number): Promise<void> {
    await this.die();
    await pause(downMs);
    await this.recover();
  }

  async die(): Promise<void> {
    const { pid } = this.#running;
    const all = processTree(pid);
    signalAll(all, 'SIGKILL');
    await this.#running.kill().catch(() => undefined);
    this.#guard.forget(pid);
  }

  async recover(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.start();
      } catch (error) {
        if (attempt === 5) throw new Error(`PostgreSQL did not come back: ${messageOf(error)}`, { cause: error });
        await pause(500);
      }
    }
  }

  /** kill −9 of one backend: the server ends every session and recovers, as after any crash of one of them. */
  crashBackend(pid: number): void {
    signalAll([pid], 'SIGKILL');
  }

  async freeze(ms: number): Promise<void> {
    const all = processTree(this.#running.pid);
    signalAll(all, 'SIGSTOP');
    await pause(ms);
    signalAll(all, 'SIGCONT');
  }

  async stop(): Promise<void> {
    if (!this.#server) return;
    signalAll(processTree(this.#server.pid), 'SIGCONT');
    await this.#server.stop();
    this.#guard.forget(this.#server.pid);
  }
}
