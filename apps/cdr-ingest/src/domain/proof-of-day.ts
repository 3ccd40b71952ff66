import { operatorKey, providerKey } from '@emp/oicp';
import {
  differencesOf, ProofTally, sumOf, totalsOf, type Difference, type ProofTotals, type ProvenSession,
} from './proof.ts';

export interface OperatorProof {
  readonly providerId: string;
  readonly operatorId: string | null;
  readonly totals: ProofTotals;
}

/** A session that a person should look at. */
export interface DifferingSession {
  readonly sessionId: string;
  readonly providerId: string;
  readonly operatorId: string | null;
  readonly reasons: readonly Difference[];
}

/** What became of every session of a day. */
export interface DayProof {
  readonly totals: ProofTotals;
  readonly operators: readonly OperatorProof[];
  /** How often each reason occurs. */
  readonly reasons: Readonly<Partial<Record<Difference, number>>>;
  readonly differences: readonly DifferingSession[];
  /** Further differing sessions that are counted and not listed. */
  readonly notListed: number;
}

export interface ProofFilter {
  readonly providerId?: string | undefined;
  readonly operatorId?: string | undefined;
}

/** Whose partners are those that are asked for, in any spelling. */
export function isOf({ providerId, operatorId }: ProofFilter): (one: Pick<OperatorProof, 'providerId' | 'operatorId'>) => boolean {
  const [provider, operator] = [providerId && providerKey(providerId), operatorId && operatorKey(operatorId)];
  return (one) =>
    (provider === undefined || providerKey(one.providerId) === provider) &&
    (operator === undefined || (one.operatorId !== null && operatorKey(one.operatorId) === operator));
}

/** More than a person reads; each is counted all the same. */
const MOST_LISTED = 10_000;

/** Collects the sessions of a day, one after the other, into its proof: memory does not grow with their number. */
export class DayCollector {
  readonly #tally = new ProofTally();
  readonly #reasons = new Map<Difference, number>();
  readonly #differences: DifferingSession[] = [];
  #notListed = 0;

  /** @param asksUs whether Hubject asks us in real time about a provider's drivers, so that we know every session. */
  constructor(private readonly asksUs: (providerId: string) => boolean) {}

  add(session: ProvenSession): void {
    this.#tally.add(session);
    const { sessionId, providerId, operatorId } = session;
    const reasons = differencesOf(session, this.asksUs(providerId));
    if (reasons.length === 0) return;
    for (const reason of reasons) this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
    if (this.#differences.length < MOST_LISTED) this.#differences.push({ sessionId, providerId, operatorId, reasons });
    else this.#notListed += 1;
  }

  proof(): DayProof {
    const { cells } = this.#tally;
    const groups = new Map(cells.map(({ providerId, operatorId }) => [JSON.stringify([providerId, operatorId]), { providerId, operatorId }]));
    const operators = [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, { providerId, operatorId }]): OperatorProof => ({
      providerId, operatorId,
      totals: totalsOf(cells.filter((cell) => cell.providerId === providerId && cell.operatorId === operatorId)),
    }));
    return {
      totals: totalsOf(cells), operators, reasons: Object.fromEntries([...this.#reasons].sort()),
      differences: this.#differences, notListed: this.#notListed,
    };
  }
}

/** What changed since the day was closed. */
export interface ChangesSince {
  readonly figures: readonly {
    readonly providerId: string;
    readonly operatorId: string | null;
    readonly figure: keyof ProofTotals;
    readonly was: string;
    readonly is: string;
  }[];
  /** Sessions with a reason that was not there then. */
  readonly added: readonly DifferingSession[];
  /** Sessions with a reason that is gone. */
  readonly settled: readonly DifferingSession[];
}

export function changesSince(then: DayProof, now: DayProof): ChangesSince {
  const key = ({ providerId, operatorId }: Pick<OperatorProof, 'providerId' | 'operatorId'>): string => JSON.stringify([providerId, operatorId]);
  const before = new Map(then.operators.map((one) => [key(one), one.totals]));
  const after = new Map(now.operators.map((one) => [key(one), one.totals]));
  const places = new Map([...then.operators, ...now.operators].map((one) => [key(one), one]));
  const figures = [...places].flatMap(([place, { providerId, operatorId }]) =>
    FIGURES.flatMap((figure) => {
      const was = String(before.get(place)?.[figure] ?? '0');
      const is = String(after.get(place)?.[figure] ?? '0');
      return was === is ? [] : [{ providerId, operatorId, figure, was, is }];
    }));
  return { figures, added: without(now.differences, then.differences), settled: without(then.differences, now.differences) };
}

const FIGURES = [
  'sessions', 'authorized', 'pushed', 'pulled', 'stored', 'accepted', 'quarantined', 'rejected', 'conflicted', 'billed',
  'acceptedKwh', 'billedKwh',
] as const satisfies readonly (keyof ProofTotals)[];

/** The reasons of the one list that are not in the other. */
function without(one: readonly DifferingSession[], other: readonly DifferingSession[]): readonly DifferingSession[] {
  const known = new Map(other.map(({ sessionId, reasons }) => [sessionId, new Set(reasons)]));
  return one.flatMap((session) => {
    const reasons = session.reasons.filter((reason) => known.get(session.sessionId)?.has(reason) !== true);
    return reasons.length === 0 ? [] : [{ ...session, reasons }];
  });
}

/** The part of a stored proof that somebody asks for. */
export function narrowed(proof: DayProof, filter: ProofFilter): DayProof {
  if (filter.providerId === undefined && filter.operatorId === undefined) return proof;
  const fits = isOf(filter);
  const operators = proof.operators.filter(fits);
  const differences = proof.differences.filter(fits);
  const reasons: Partial<Record<Difference, number>> = {};
  for (const reason of differences.flatMap((one) => one.reasons)) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return { ...proof, operators, differences, reasons, totals: sumOf(operators.map(({ totals }) => totals)) };
}
