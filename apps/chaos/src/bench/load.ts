import type { Door } from '../hbs/door.ts';
import { chargeDetailRecord } from '../hbs/messages.ts';
import { planSession } from '../schedule/sessions.ts';
import type { ChaosStack } from '../stack/chaos-stack.ts';

export interface Load {
  readonly stack: ChaosStack;
  readonly door: Door;
  readonly seed: string;
  /** UIDs, one a driver. */
  readonly cards: readonly string[];
  /** In the network that the stack knows. */
  readonly evseIds: readonly string[];
  /** When the first session ended; those with higher numbers were before it. */
  readonly endedAtMs: number;
  readonly atOnce: number;
}

/** An EVSE is charged at every half hour: one car after the other, as in life. */
const SLOT_MS = 1_800_000;
const MINUTES = { least: 9, spread: 20 };
/** 11 kW, which any of the EVSEs can give. */
const MOST_WH_PER_MINUTE = 183;

/** The record of the n-th session, from 1: its id and its text. No two share an EVSE or a card at a time. */
export function recordOf(load: Load, number: number): { readonly sessionId: string; readonly text: string } {
  const { seed, cards, evseIds } = load;
  const minutes = MINUTES.least + (number % MINUTES.spread);
  const plan = {
    ...planSession(seed, number, cards.length),
    driver: number % cards.length,
    evseId: evseIds[number % evseIds.length] ?? '',
    minutes,
    energyWh: MOST_WH_PER_MINUTE * minutes - (number % 997),
  };
  const endedAtMs = load.endedAtMs - Math.floor(number / evseIds.length) * SLOT_MS;
  return { sessionId: plan.sessionId, text: chargeDetailRecord({ plan, uid: cards[plan.driver] ?? '', endedAtMs }) };
}
