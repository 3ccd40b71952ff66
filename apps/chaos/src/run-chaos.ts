import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectRoot, simulatedContracts } from '@emp/local-stack';
import { compare, type Verdict } from './comparison/compare.ts';
import { collectEvidence } from './evidence/collect.ts';
import { drain } from './evidence/drain.ts';
import { Injector, type Injected } from './faults/inject.ts';
import { Door } from './hbs/door.ts';
import { drive } from './hbs/drive.ts';
import { Ledger } from './hbs/ledger.ts';
import { playSession } from './hbs/play-session.ts';
import { openRecordsHub } from './hbs/records-hub.ts';
import type { ChaosOptions } from './options.ts';
import { planFaults } from './schedule/faults.ts';
import { planSession } from './schedule/sessions.ts';
import { startChaosStack, type ChaosStack } from './stack/chaos-stack.ts';

export interface ChaosResult {
  readonly verdict: Verdict;
  /** The verdict is good, and nothing was left under way that could still have come to something else. */
  readonly good: boolean;
  readonly injected: readonly Injected[];
  readonly deliveries: ReadonlyMap<string, number>;
  readonly unacknowledged: number;
  readonly begun: number;
  readonly drivenMs: number;
  /** `drained`, or what was still under way when patience ended. */
  readonly drained: string;
  readonly drainedMs: number;
  /** Services that ended without having been killed. */
  readonly ownEnds: readonly string[];
  /** The longest that each service was away, start included, milliseconds. */
  readonly longestOutages: ReadonlyMap<string, number>;
  readonly directory: string;
}

/** Cards in the pockets of drivers: those that the seeding of the stack registers. */
const DRIVERS = 600;
const PROVIDER = 'DE-EMP';
const AT_ONCE = 120;
/** Less than the time allowed, so that what faults hold up can be made up for. */
const SHARE_OF_TIME = 0.85;
/** Faults fall due by session: a slow machine begins its sessions late rather than not at all. */
const GRACE_MS = 60_000;
const DRAINED_WITHIN_MS = 180_000;

/** One run from an empty data directory to the verdict. Whatever happens, everything it started is stopped. */
export async function runChaos(
  options: ChaosOptions,
  tell: (line: string) => void,
  stopped: AbortSignal,
): Promise<ChaosResult> {
  const directory = path.join(projectRoot, '.data/chaos', `${options.broker}-${options.seed}-${process.pid}`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(path.join(directory, 'logs'), { recursive: true });
  const ledger = new Ledger();
  const hub = await openRecordsHub(ledger, PROVIDER);
  let stack: ChaosStack | undefined;
  let outcome: 'good' | 'bad' = 'bad';
  try {
    tell('start PostgreSQL, services, network, contracts');
    stack = await startChaosStack({ ...options, directory, recordsUrl: hub.url });
    const injector = new Injector({ stack, hub, tell, stopped });
    const driven = await driveAll(options, { stack, ledger, injector, tell, stopped });
    stopped.throwIfAborted();
    tell('drain');
    const drainedAt = performance.now();
    const drained = await drain(stack, DRAINED_WITHIN_MS, stopped);
    tell('compare');
    const drainedMs = performance.now() - drainedAt;
    const verdict = compare(await collectEvidence(stack, ledger));
    const good = verdict.good && drained === 'drained';
    if (good) outcome = 'good';
    return {
      verdict,
      good,
      drained,
      drainedMs,
      ...driven,
      directory,
      injected: injector.injected,
      deliveries: ledger.deliveries,
      unacknowledged: ledger.unacknowledged,
      longestOutages: new Map(
        [...stack.services].map(([name, service]) => [name, Math.max(0, ...service.outages.slice(1))]),
      ),
      ownEnds: [...stack.services.values()].flatMap((service) => service.ownEnds),
    };
  } finally {
    await stack?.stop();
    await hub.close();
    if ((outcome === 'good' || stopped.aborted) && options.data === 'remove-when-good')
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Parts {
  readonly stack: ChaosStack;
  readonly ledger: Ledger;
  readonly injector: Injector;
  readonly tell: (line: string) => void;
  readonly stopped: AbortSignal;
}

async function driveAll(
  options: ChaosOptions,
  { stack, ledger, injector, tell, stopped }: Parts,
): Promise<{ begun: number; drivenMs: number }> {
  const faults = [...planFaults(options)];
  const cards = simulatedContracts(options.seed, { online: DRIVERS, offline: 0 }).map(
    (contract) => contract.cards[0]?.uid ?? '',
  );
  const door = new Door(stack.door);
  const withinMs = options.minutes * 60_000;
  const timeIsUp = AbortSignal.timeout(withinMs + GRACE_MS);
  const over = AbortSignal.any([timeIsUp, stopped]);
  tell(`drive ${options.sessions} sessions within ${options.minutes} min, ${faults.length} faults`);
  const begunAt = performance.now();
  const hbs = { door, ledger, stopped, uidOf: (driver: number) => cards[driver] ?? '' };
  const begun = await drive({
    sessions: options.sessions,
    withinMs: withinMs * SHARE_OF_TIME,
    atOnce: AT_ONCE,
    over,
    plan: (number) => planSession(options.seed, number, DRIVERS),
    play: (plan) => playSession(hbs, plan),
    begins: (number) => {
      while (faults[0] !== undefined && faults[0].atSession <= number)
        injector.inject(faults.shift() as (typeof faults)[number]);
    },
  });
  const drivenMs = performance.now() - begunAt;
  await injector.settled();
  await door.close();
  return { begun, drivenMs };
}
