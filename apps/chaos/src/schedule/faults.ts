import { Random } from '@emp/hbs-simulator';

/** What is done to a process or to the network; deliveries have faults of their own, see `sessions.ts`. */
export type FaultKind =
  | 'kill-service'
  | 'freeze-service'
  | 'cut-relay'
  | 'kill-postgres'
  | 'crash-backend'
  | 'freeze-postgres'
  | 'kill-kafka'
  | 'freeze-kafka'
  | 'hbs-away'
  | 'power-cut';

/** Faults are tied to the number of sessions begun, not to the clock: a slow machine has the same schedule. */
export interface Fault {
  /** Injected when this session begins. */
  readonly atSession: number;
  readonly kind: FaultKind;
  /** Service, node of Kafka, or what stands for all of it. */
  readonly target: string;
  /** How long it stays down, frozen or away, milliseconds. */
  readonly ms: number;
}

export interface FaultPlan {
  readonly seed: string;
  readonly sessions: number;
  readonly broker: 'postgres' | 'kafka';
  readonly kafkaNodes: number;
  readonly faults: number;
}

type Weights = Readonly<Partial<Record<FaultKind, number>>>;

const EVERYWHERE: Weights = {
  'kill-service': 12,
  'freeze-service': 6,
  'cut-relay': 9,
  'kill-postgres': 4,
  'crash-backend': 3,
  'freeze-postgres': 3,
  'hbs-away': 3,
  'power-cut': 1,
};
const ON_KAFKA: Weights = { ...EVERYWHERE, 'kill-kafka': 5, 'freeze-kafka': 3 };

/** poi-sync is not on the way of a record: it dies, too, but seldom. */
const SERVICES = { 'authorization-gateway': 4, 'cdr-ingest': 4, billing: 4, 'poi-sync': 1 } as const;
const WITH_BUSY_OUTBOX = { 'authorization-gateway': 3, 'cdr-ingest': 2, billing: 2 } as const;

/** Enough for a proof, and time to work in between. */
export const FAULTS_PER_1000_SESSIONS = 11;

const weightsOn = (broker: FaultPlan['broker']): Weights => (broker === 'kafka' ? ON_KAFKA : EVERYWHERE);

/** How many kinds of faults there are with that broker. */
export const kindsOfFaults = (broker: FaultPlan['broker']): number => Object.keys(weightsOn(broker)).length;

/** The faults of a run in their order. Every kind comes once before any comes twice by its weight. */
export function planFaults(plan: FaultPlan): readonly Fault[] {
  const random = new Random(`${plan.seed}/faults`);
  const weights = weightsOn(plan.broker);
  const once = Object.keys(weights) as FaultKind[];
  const kinds = Array.from(
    { length: plan.faults },
    (_, index) => once[index] ?? random.weighted(weights as Record<FaultKind, number>),
  );
  // The first sessions run undisturbed, and after the last fault some still come.
  const first = Math.ceil(plan.sessions * 0.04);
  const last = Math.max(first, Math.floor(plan.sessions * 0.94));
  return kinds
    .map((kind) => ({ atSession: random.integer(first, last), ...shapeOf(kind, plan, random) }))
    .sort((one, other) => one.atSession - other.atSession);
}

function shapeOf(kind: FaultKind, { kafkaNodes }: FaultPlan, random: Random): Omit<Fault, 'atSession'> {
  const shape = (target: string, least: number, most: number): Omit<Fault, 'atSession'> => ({
    kind,
    target,
    ms: random.integer(least, most),
  });
  switch (kind) {
    case 'kill-service':
      return shape(random.weighted(SERVICES), 0, 1_000);
    case 'freeze-service':
      return shape(random.weighted(SERVICES), 300, 4_000);
    case 'cut-relay':
      return shape(random.weighted(WITH_BUSY_OUTBOX), 0, 500);
    case 'kill-postgres':
      return shape('postgres', 0, 1_500);
    case 'crash-backend':
      return shape('postgres', 0, 0);
    case 'freeze-postgres':
      return shape('postgres', 300, 2_500);
    case 'kill-kafka':
      return shape(`kafka-${random.integer(1, kafkaNodes)}`, 0, 1_500);
    case 'freeze-kafka':
      return shape(`kafka-${random.integer(1, kafkaNodes)}`, 500, 4_000);
    case 'hbs-away':
      return shape('hbs', 1_000, 4_000);
    case 'power-cut':
      return shape('everything', 0, 1_000);
  }
}
