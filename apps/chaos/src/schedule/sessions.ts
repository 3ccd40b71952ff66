import { createHash } from 'node:crypto';
import { Random } from '@emp/hbs-simulator';

/** What happens to a record on its way from HBS to us. */
export type RecordDelivery =
  /** Forwarded once, as HBS does: what is not acknowledged waits for the pull. */
  | 'once'
  /** Acknowledged, and forwarded again later, twice side by side. */
  | 'repeated'
  /** Our acknowledgement is thrown away, and the record forwarded again. */
  | 'acknowledgement-lost'
  /** The connection breaks while we work on it, and the record is forwarded again. */
  | 'connection-cut'
  | 'delayed'
  /** Comes before the notification of the session's end. */
  | 'before-its-end'
  /** Never forwarded: only the pull finds it. */
  | 'pull-only';

/** One session as it will be played; everything that chance decides is decided here. */
export interface SessionPlan {
  /** From 1. */
  readonly number: number;
  readonly sessionId: string;
  /** Of the drivers, from 0. */
  readonly driver: number;
  readonly evseId: string;
  readonly energyWh: number;
  readonly minutes: number;
  /** Real time between the messages, milliseconds. */
  readonly pauseMs: number;
  readonly record: RecordDelivery;
  readonly delayMs: number;
  /** The station asks twice, and tells its notifications twice. */
  readonly station: 'tells-once' | 'repeats-itself';
}

const DELIVERIES: Readonly<Record<RecordDelivery, number>> = {
  once: 56,
  repeated: 10,
  'acknowledgement-lost': 9,
  'connection-cut': 6,
  delayed: 7,
  'before-its-end': 5,
  'pull-only': 7,
};

/** The stations of the simulator's demo operator, which every network has. */
const EVSES = ['DE*SIM*E0001*1', 'DE*SIM*E0001*2', 'DE*SIM*E0002*1', 'DE*SIM*E0002*2'] as const;

/** What the weaker ones give, 22 kW, with a little to spare: more would be quarantined, rightly. */
const MOST_WH_PER_MINUTE = 330;

/** The n-th session of a seed, the same whatever happened before. */
export function planSession(seed: string, number: number, drivers: number): SessionPlan {
  const random = new Random(`${seed}/session/${number}`);
  const minutes = random.integer(9, 240);
  return {
    number,
    sessionId: sessionIdOf(seed, number),
    driver: random.integer(0, drivers - 1),
    evseId: random.pick(EVSES),
    energyWh: random.integer(900, Math.min(62_000, minutes * MOST_WH_PER_MINUTE)),
    minutes,
    pauseMs: random.integer(20, 400),
    record: random.weighted(DELIVERIES),
    delayMs: random.integer(500, 6_000),
    station: random.chance(0.12) ? 'repeats-itself' : 'tells-once',
  };
}

/** The same session after the n-th tap that was not answered with yes: HBS gives each tap a SessionID of its own. */
export const tappedAgain = (plan: SessionPlan, tap: number): SessionPlan => ({
  ...plan,
  sessionId: sessionIdOf(plan.sessionId, tap),
});

/** A UUID in the form of HBS's. */
function sessionIdOf(seed: string, number: number): string {
  const hex = createHash('sha256').update(`${seed}/session-id/${number}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
