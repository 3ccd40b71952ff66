import { Decimal } from '@emp/money';

/** What is known of one session that belongs to the day. */
export interface ProvenSession {
  readonly sessionId: string;
  readonly providerId: string;
  /** `null` = nobody knows whose station it was. */
  readonly operatorId: string | null;
  readonly authorized: boolean;
  readonly record: 'none' | 'accepted' | 'quarantined' | 'rejected';
  /** Further contents that came for the session. */
  readonly conflicts: number;
  readonly pushed: boolean;
  readonly pulled: boolean;
  readonly recordKwh: Decimal | null;
  readonly billed: boolean;
  readonly billedKwh: Decimal | null;
}

/** Where a session stands; each one in exactly one state. */
export const SESSION_STATES = [
  'without-record', 'quarantined', 'rejected', 'accepted-not-billed', 'billed', 'billed-not-accepted', 'billed-without-record', 'nothing',
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export type Way = 'pushed' | 'pulled' | 'pushed-and-pulled' | 'none';

/** What a person should look at. */
export type Difference =
  | 'authorized-without-record' | 'record-without-session' | 'quarantined' | 'conflict' | 'accepted-not-billed'
  | 'billed-without-record' | 'billed-not-accepted' | 'billed-other-energy' | 'pulled-never-pushed';

/** Sessions that are alike in everything that is counted. */
export interface ProofCell {
  readonly providerId: string;
  readonly operatorId: string | null;
  readonly record: ProvenSession['record'];
  readonly billed: boolean;
  readonly way: Way;
  readonly authorized: boolean;
  readonly conflicted: boolean;
  readonly sessions: number;
  /** Of accepted records. */
  readonly acceptedKwh: Decimal;
  readonly billedKwh: Decimal;
}

export interface ProofTotals {
  readonly sessions: number;
  readonly authorized: number;
  readonly pushed: number;
  readonly pulled: number;
  readonly pulledNeverPushed: number;
  /** = accepted + quarantined + rejected. */
  readonly stored: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly rejected: number;
  /** Sessions for which another content came, too. */
  readonly conflicted: number;
  readonly billed: number;
  /** kWh, decimal texts. */
  readonly acceptedKwh: string;
  readonly billedKwh: string;
  /** Adds up to `sessions`. */
  readonly states: Readonly<Record<SessionState, number>>;
}

export function stateOf({ authorized, record, billed }: Pick<ProvenSession, 'authorized' | 'record' | 'billed'>): SessionState {
  if (record === 'accepted') return billed ? 'billed' : 'accepted-not-billed';
  if (billed) return record === 'none' ? 'billed-without-record' : 'billed-not-accepted';
  if (record === 'none') return authorized ? 'without-record' : 'nothing';
  return record;
}

/**
 * Why a session is listed; nothing if it is as it should be. Where Hubject decides by our list (OICP §6), sessions that
 * we did not authorize and records that are only pulled are as it should be.
 */
export function differencesOf(session: ProvenSession, asksUs: boolean): readonly Difference[] {
  const { authorized, record, conflicts, pushed, pulled, billed, recordKwh, billedKwh } = session;
  const noticed: readonly (readonly [boolean, Difference])[] = [
    [authorized && record === 'none', 'authorized-without-record'],
    [asksUs && !authorized && record !== 'none', 'record-without-session'],
    [record === 'quarantined', 'quarantined'],
    [conflicts > 0, 'conflict'],
    [record === 'accepted' && !billed, 'accepted-not-billed'],
    [record === 'none' && billed, 'billed-without-record'],
    [(record === 'quarantined' || record === 'rejected') && billed, 'billed-not-accepted'],
    [record === 'accepted' && billed && recordKwh !== null && billedKwh !== null && !recordKwh.equals(billedKwh), 'billed-other-energy'],
    [asksUs && pulled && !pushed, 'pulled-never-pushed'],
  ];
  return noticed.flatMap(([is, difference]) => (is ? [difference] : []));
}

/** Counts sessions into cells; every number of the proof is a sum of cells, so that all of them add up. */
export class ProofTally {
  readonly #cells = new Map<string, ProofCell>();

  add(session: ProvenSession): void {
    const { providerId, operatorId, record, billed, authorized } = session;
    const way: Way = session.pushed ? (session.pulled ? 'pushed-and-pulled' : 'pushed') : session.pulled ? 'pulled' : 'none';
    const alike = { providerId, operatorId, record, billed, way, authorized, conflicted: session.conflicts > 0 };
    const key = JSON.stringify(Object.values(alike));
    const cell = this.#cells.get(key) ?? { ...alike, sessions: 0, acceptedKwh: Decimal.zero, billedKwh: Decimal.zero };
    this.#cells.set(key, {
      ...cell, sessions: cell.sessions + 1,
      acceptedKwh: session.record === 'accepted' && session.recordKwh ? cell.acceptedKwh.plus(session.recordKwh) : cell.acceptedKwh,
      billedKwh: session.billed && session.billedKwh ? cell.billedKwh.plus(session.billedKwh) : cell.billedKwh,
    });
  }

  get cells(): readonly ProofCell[] {
    return [...this.#cells.values()];
  }
}

export function totalsOf(cells: readonly ProofCell[]): ProofTotals {
  const count = (counts: (cell: ProofCell) => boolean): number =>
    cells.reduce((sum, cell) => (counts(cell) ? sum + cell.sessions : sum), 0);
  const states = Object.fromEntries(
    SESSION_STATES.map((state) => [state, count((cell) => stateOf(cell) === state)]),
  ) as Record<SessionState, number>;
  return {
    sessions: count(() => true), authorized: count(({ authorized }) => authorized),
    pushed: count(({ way }) => way === 'pushed' || way === 'pushed-and-pulled'),
    pulled: count(({ way }) => way === 'pulled' || way === 'pushed-and-pulled'),
    pulledNeverPushed: count(({ way }) => way === 'pulled'),
    stored: count(({ record }) => record !== 'none'),
    accepted: count(({ record }) => record === 'accepted'),
    quarantined: count(({ record }) => record === 'quarantined'),
    rejected: count(({ record }) => record === 'rejected'),
    conflicted: count(({ conflicted }) => conflicted),
    billed: count(({ billed }) => billed),
    acceptedKwh: cells.reduce((sum, cell) => sum.plus(cell.acceptedKwh), Decimal.zero).toString(),
    billedKwh: cells.reduce((sum, cell) => sum.plus(cell.billedKwh), Decimal.zero).toString(),
    states,
  };
}

/** Totals of several operators. */
export function sumOf(parts: readonly ProofTotals[]): ProofTotals {
  const sum = (figure: CountedFigure): number => parts.reduce((total, part) => total + part[figure], 0);
  const energy = (figure: 'acceptedKwh' | 'billedKwh'): string =>
    parts.reduce((total, part) => total.plus(Decimal.parse(part[figure])), Decimal.zero).toString();
  return {
    sessions: sum('sessions'), authorized: sum('authorized'), pushed: sum('pushed'), pulled: sum('pulled'),
    pulledNeverPushed: sum('pulledNeverPushed'), stored: sum('stored'), accepted: sum('accepted'),
    quarantined: sum('quarantined'), rejected: sum('rejected'), conflicted: sum('conflicted'), billed: sum('billed'),
    acceptedKwh: energy('acceptedKwh'), billedKwh: energy('billedKwh'),
    states: Object.fromEntries(
      SESSION_STATES.map((state) => [state, parts.reduce((total, part) => total + part.states[state], 0)]),
    ) as Record<SessionState, number>,
  };
}

type CountedFigure = Exclude<keyof ProofTotals, 'acceptedKwh' | 'billedKwh' | 'states'>;
