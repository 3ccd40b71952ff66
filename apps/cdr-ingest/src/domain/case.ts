import { granted, refused, type Decision } from '@emp/kernel';

/** `open`: a person or a later fact must settle it. `settled`: a later fact did. The others a person did. */
export type CaseState = (typeof CASE_STATES)[number];
export const CASE_STATES = ['open', 'accepted', 'rejected', 'corrected', 'settled'] as const;

/** What a person can do to a case. */
export type CaseMove = 'recheck' | 'accept' | 'reject' | 'correct' | 'resolve-conflict';

/** What of a record was last told to others: nothing, that it may be billed, that it no longer may. */
export type Announced = 'never' | 'accepted' | 'withdrawn';

export interface CaseFacts {
  /** The record in force; `unreadable`: the text is no record, `set-aside`: and that was the end of it. */
  readonly record: 'accepted' | 'quarantined' | 'rejected' | 'unreadable' | 'set-aside';
  /** Versions with other content that nobody has decided on. */
  readonly openVersions: readonly number[];
}

/** The facts of a case, by the state of the record in force. */
export function caseFacts(
  state: 'accepted' | 'quarantined' | 'rejected' | 'conflict', text: 'readable' | 'unreadable',
  { openVersions }: Pick<CaseFacts, 'openVersions'>,
): CaseFacts {
  if (text === 'unreadable') return { record: state === 'rejected' ? 'set-aside' : 'unreadable', openVersions };
  return { record: state === 'conflict' ? 'quarantined' : state, openVersions };
}

/** What is possible now. A record is decided on once it is certain which one it is. */
export function possibleMoves({ record, openVersions }: CaseFacts): readonly CaseMove[] {
  if (openVersions.length > 0) return record === 'rejected' ? ['resolve-conflict'] : ['resolve-conflict', 'reject'];
  switch (record) {
    case 'quarantined':
      return ['recheck', 'accept', 'correct', 'reject'];
    case 'accepted':
      return ['correct', 'reject'];
    case 'rejected':
      return ['accept', 'correct'];
    case 'unreadable':
      return ['recheck', 'reject'];
    case 'set-aside':
      return ['recheck'];
  }
}

export function allowMove(move: CaseMove, facts: CaseFacts): Decision<CaseMove, 'move-impossible'> {
  const possible = possibleMoves(facts);
  if (possible.includes(move)) return granted(move);
  const because = facts.openVersions.length > 0
    ? `version ${facts.openVersions.join(' and ')} of the record says something else`
    : `the record is ${facts.record}`;
  return refused('move-impossible', `${move} is not possible: ${because}; possible is ${possible.join(', ')}`);
}

/** How a decision is told to others; corrections and withdrawals of a session are numbered together. */
export type Announcement =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'corrected' | 'rejected'; readonly correction: number }
  | { readonly kind: 'nothing' };

/**
 * What others must hear of a record that may be billed from now on. `CdrAccepted` is said once in the life of a
 * session; whatever comes later is a correction, and none if nothing changed that others were told.
 */
export function announceAcceptance(
  told: { readonly announced: Announced; readonly corrections: number; readonly changed: readonly string[] },
): Announcement {
  if (told.announced === 'never') return { kind: 'accepted' };
  if (told.announced === 'accepted' && told.changed.length === 0) return { kind: 'nothing' };
  return { kind: 'corrected', correction: told.corrections + 1 };
}

/** 0 = the rejection of a record that had not been accepted; it takes nothing back. */
export function announceRejection(told: { readonly announced: Announced; readonly corrections: number }): Announcement {
  return { kind: 'rejected', correction: told.announced === 'accepted' ? told.corrections + 1 : 0 };
}
