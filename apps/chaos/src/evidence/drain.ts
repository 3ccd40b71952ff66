import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '@emp/kernel';
import type { ChaosStack } from '../stack/chaos-stack.ts';
import { WITH_OUTBOX } from './collect.ts';

const LOOK_EVERY_MS = 500;
/** A window of a pull ends at a whole second; what came in that second is in the next window. */
const SECOND_MS = 1_100;

/**
 * Waits until nothing is under way: outboxes empty, consumers at the end, a pull done after the last record. Rejects
 * when it is told to stop.
 */
export async function drain(stack: ChaosStack, withinMs: number, stopped: AbortSignal): Promise<'drained' | string> {
  const deadline = performance.now() + withinMs;
  const untilIdle = async (): Promise<string | undefined> => {
    for (let idle = 0, last = ''; idle < 3;) {
      const rest = await underWay(stack).catch((error: unknown) => messageOf(error));
      idle = rest === undefined ? idle + 1 : 0;
      last = rest ?? last;
      if (performance.now() > deadline) return last || 'nothing was under way, but not for long enough';
      await pause(LOOK_EVERY_MS, undefined, { signal: stopped });
    }
    return undefined;
  };
  await Promise.all([...stack.services.values()].map((service) => service.serves()));
  await pause(SECOND_MS);
  const before = await untilIdle();
  if (before !== undefined) return before;
  if ((await pullUntilComplete(stack, deadline, stopped)) === 'too late') return 'no pull of the records was done to its end';
  return (await untilIdle()) ?? 'drained';
}

/** What is still under way, in words; `undefined` if nothing is. */
async function underWay(stack: ChaosStack): Promise<string | undefined> {
  const broker = await stack.broker();
  try {
    const outboxes = await Promise.all(
      WITH_OUTBOX.map(async (service) => {
        const [row] = await stack
          .database(service)
          .query<{ count: number }>('SELECT count(*)::int AS count FROM outbox WHERE published_at IS NULL');
        return row && row.count > 0 ? [`${row.count} events in the outbox of ${service}`] : [];
      }),
    );
    const behind = (await broker.lag())
      .filter((group) => group.behind > 0)
      .map((group) => `${group.group} is ${group.behind} behind on ${group.topic}`);
    const rest = [...outboxes.flat(), ...behind];
    return rest.length === 0 ? undefined : rest.join(', ');
  } finally {
    await broker.close();
  }
}

async function pullUntilComplete(stack: ChaosStack, deadline: number, stopped: AbortSignal): Promise<'complete' | 'too late'> {
  while (performance.now() < deadline) {
    const answer = await fetch(`${stack.addresses.cdrIngest}/v1/reconciliations?wait=true`, { method: 'POST' }).catch(
      () => undefined,
    );
    if (answer?.ok && isComplete((await answer.json()) as Reconciliation)) return 'complete';
    await pause(LOOK_EVERY_MS, undefined, { signal: stopped });
  }
  return 'too late';
}

interface Reconciliation {
  readonly pulls: readonly { readonly state: string }[];
}

const isComplete = ({ pulls }: Reconciliation): boolean =>
  pulls.length > 0 && pulls.every(({ state }) => state === 'done');
