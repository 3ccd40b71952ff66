import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '@emp/database';
import { assertNever, messageOf } from '@emp/kernel';
import type { ServiceName } from '@emp/local-stack';
import { eventually } from '@emp/testing';
import type { RecordsHub } from '../hbs/records-hub.ts';
import type { Fault } from '../schedule/faults.ts';
import type { ChaosStack } from '../stack/chaos-stack.ts';
import { cutRelay } from './cut-relay.ts';

export interface Injected {
  readonly fault: Fault;
  /** `effect`: it happened; `none`: what it needs was not there at that moment, e.g. nothing to publish. */
  readonly outcome: 'effect' | 'none';
  readonly why: string;
}

export interface InjectorParts {
  readonly stack: ChaosStack;
  readonly hub: RecordsHub;
  readonly tell: (line: string) => void;
  /** What is not yet carried out then is left out. */
  readonly stopped: AbortSignal;
}

/** Injects faults as they fall due: side by side, but one after the other at the same victim. */
export class Injector {
  readonly injected: Injected[] = [];
  readonly #parts: InjectorParts;
  readonly #busy = new Map<string, Promise<void>>();

  constructor(parts: InjectorParts) {
    this.#parts = parts;
  }

  inject(fault: Fault): void {
    const victims = victimsOf(fault, [...this.#parts.stack.services.keys()]);
    const before = Promise.all(victims.map((victim) => this.#busy.get(victim)));
    const done = before.then(() => this.#carryOut(fault));
    for (const victim of victims) this.#busy.set(victim, done);
  }

  /** Resolves when all that was injected is over. */
  async settled(): Promise<void> {
    await Promise.all(this.#busy.values());
  }

  async #carryOut(fault: Fault): Promise<void> {
    if (this.#parts.stopped.aborted) return;
    const howLong = fault.ms > 0 ? ` ${fault.ms} ms` : '';
    this.#parts.tell(`session ${fault.atSession}: ${fault.kind} ${fault.target}${howLong}`);
    try {
      const outcome = await this.#hurt(fault);
      this.injected.push({ fault, outcome, why: '' });
    } catch (error) {
      this.#parts.tell(`  ${fault.kind} ${fault.target} did not work out: ${messageOf(error)}`);
      this.injected.push({ fault, outcome: 'none', why: messageOf(error) });
    }
  }

  async #hurt({ kind, target, ms }: Fault): Promise<'effect' | 'none'> {
    const { services, postgres, kafka } = this.#parts.stack;
    const service = services.get(target as ServiceName);
    switch (kind) {
      case 'kill-service':
        service?.kill(ms);
        await pause(ms);
        return 'effect';
      case 'freeze-service':
        await service?.freeze(ms);
        return 'effect';
      case 'cut-relay': {
        const serves = service?.serves() ?? Promise.resolve();
        const outcome = await cutRelay(this.#parts.stack.database(target as ServiceName), serves, () => service?.kill(ms));
        return outcome === 'cut' ? 'effect' : 'none';
      }
      case 'kill-postgres':
        await postgres.kill(ms);
        return 'effect';
      case 'crash-backend':
        return this.#crashBackend();
      case 'freeze-postgres':
        await postgres.freeze(ms);
        return 'effect';
      case 'kill-kafka':
        await kafka?.kill(nodeOf(target), ms);
        return 'effect';
      case 'freeze-kafka':
        return (await kafka?.freeze(nodeOf(target), ms)) ?? 'none';
      case 'hbs-away':
        this.#parts.hub.away(ms);
        await pause(ms);
        return 'effect';
      case 'power-cut':
        for (const each of services.values()) each.kill(ms);
        await Promise.all([postgres.kill(ms), kafka?.killAll(ms)]);
        return 'effect';
      default:
        return assertNever(kind, 'fault');
    }
  }

  /** Of any service, one at work if there is one. */
  async #crashBackend(): Promise<'effect' | 'none'> {
    const admin = new Database({
      url: this.#parts.stack.postgres.adminUrl,
      applicationName: 'chaos-admin',
      maxConnections: 1,
    });
    try {
      const [backend] = await admin.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE usename LIKE 'emp_%' AND application_name <> 'chaos'
         ORDER BY state = 'active' DESC, state_change DESC LIMIT 1`,
      );
      if (backend === undefined) return 'none';
      this.#parts.stack.postgres.crashBackend(backend.pid);
      await pause(200);
      await eventually(() => admin.query('SELECT 1'), { withinMs: 30_000, what: 'PostgreSQL has recovered' });
      return 'effect';
    } finally {
      await admin.close();
    }
  }
}

const nodeOf = (target: string): number => Number(target.slice('kafka-'.length));

/** Who must not be hurt by two faults at once. */
function victimsOf({ kind, target }: Fault, services: readonly string[]): readonly string[] {
  if (kind === 'power-cut') return [...services, 'postgres', 'kafka'];
  // To cut a relay in its mark, the database has to be there.
  if (kind === 'cut-relay') return [target, 'postgres'];
  return [target.startsWith('kafka-') ? 'kafka' : target];
}
