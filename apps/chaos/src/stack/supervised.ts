import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '@emp/kernel';
import { spawnService, type Launchable, type ServiceProcess } from '@emp/local-stack';
import type { Guard } from './guard.ts';

const RESTART_AFTER_MS = 300;
const STOPPED_WITHIN_MS = 20_000;

/** A service that is started again whenever it ends, as an orchestrator would. */
export class Supervised {
  readonly name: Launchable;
  readonly #env: Readonly<Record<string, string>>;
  readonly #guard: Guard;
  #process: ServiceProcess | undefined;
  #serving = false;
  #stopping = false;
  #holdUntil = 0;
  #running: Promise<void> = Promise.resolve();
  #killed = new Set<ServiceProcess>();
  /** How long it did not serve, each time, milliseconds. */
  readonly outages: number[] = [];
  /** Ends that nobody here caused while it served: a service that gives up when its database is away. */
  readonly ownEnds: string[] = [];

  constructor(name: Launchable, env: Readonly<Record<string, string>>, guard: Guard) {
    this.name = name;
    this.#env = env;
    this.#guard = guard;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves when it serves, at once if it does. */
  async serves(withinMs = 90_000): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!this.#serving) {
      if (performance.now() > deadline)
        throw new Error(
          `${this.name} does not serve after ${withinMs / 1000} s; ${this.ownEnds.at(-1) ?? 'it said nothing'}`,
        );
      await pause(50);
    }
  }

  /** kill −9; it comes back after `downMs`, and is already there again if it dies while starting. */
  kill(downMs: number): void {
    this.#holdUntil = performance.now() + downMs;
    this.#end('SIGKILL');
  }

  async freeze(ms: number): Promise<void> {
    const frozen = this.#process;
    frozen?.signal('SIGSTOP');
    await pause(ms);
    frozen?.signal('SIGCONT');
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#process?.signal('SIGCONT');
    this.#end('SIGTERM');
    const late = setTimeout(() => this.#end('SIGKILL'), STOPPED_WITHIN_MS);
    await this.#running;
    clearTimeout(late);
  }

  #end(signal: 'SIGKILL' | 'SIGTERM'): void {
    if (this.#process === undefined) return;
    this.#killed.add(this.#process);
    this.#process.signal(signal);
  }

  async #run(): Promise<void> {
    let servedUntil = performance.now();
    while (!this.#stopping) {
      const child = spawnService(this.name, this.#env);
      this.#process = child;
      this.#guard.watch(child.pid);
      const failure = await child.started.then(
        () => undefined,
        (error: unknown) => messageOf(error),
      );
      this.#serving = failure === undefined;
      if (this.#serving) this.outages.push(performance.now() - servedUntil);
      const how = await child.ended;
      if (this.#serving) servedUntil = performance.now();
      this.#guard.forget(child.pid);
      this.#process = undefined;
      if (!this.#killed.has(child)) this.ownEnds.push(failure ?? `${this.name} ended while serving: ${how}`);
      this.#serving = false;
      while (!this.#stopping && performance.now() < this.#holdUntil + RESTART_AFTER_MS) await pause(20);
      if (!this.#killed.has(child)) await pause(RESTART_AFTER_MS);
    }
  }
}
