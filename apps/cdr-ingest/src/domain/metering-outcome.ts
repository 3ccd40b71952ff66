export type Answer = 'yes' | 'no' | 'unknown';

export interface AnsweredQuestion {
  readonly answer: Answer;
  readonly why: string;
}

/** The questions about signed values, kept apart. */
export interface MeteringQuestions {
  /** Did this key sign these bytes? */
  readonly integrity: AnsweredQuestion;
  /** Is it this station's key? `yes` needs a key that somebody registered. */
  readonly origin: AnsweredQuestion;
  /** Are all records of the session there? */
  readonly completeness: AnsweredQuestion;
  /** May energy, duration, times of day be billed? */
  readonly energy: AnsweredQuestion;
  readonly duration: AnsweredQuestion;
  readonly time: AnsweredQuestion;
}

/** One signed value, for a person; without card numbers. */
export interface MeteredValue {
  readonly formatName: string;
  readonly integrity: 'valid' | 'invalid' | 'unverifiable';
  readonly code: string;
  readonly why: string;
  readonly curve: string | null;
  readonly keyFingerprint: string | null;
  readonly meterId: string | null;
  readonly energyKwh: string | null;
  readonly begin: string | null;
  readonly end: string | null;
  readonly pagination: readonly string[];
  readonly unwrapped: readonly string[];
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
}

/** A key that verified the values. */
export interface VerifyingKey {
  readonly fingerprint: string;
  /** SubjectPublicKeyInfo, DER, hex. */
  readonly spki: string;
  readonly curve: string;
}

/** How what was signed differs from what the record bills: record minus signed. `null` = nothing to compare. */
export interface MeteringDifferences {
  readonly energy: { readonly answer: Answer; readonly differenceKwh: string | null; readonly toleranceKwh: string | null };
  readonly begin: { readonly answer: Answer; readonly differenceSeconds: number | null };
  readonly end: { readonly answer: Answer; readonly differenceSeconds: number | null };
  readonly meterStart: ReadingDifference;
  readonly meterEnd: ReadingDifference;
}

export interface ReadingDifference {
  readonly answer: Answer;
  readonly signedKwh: string | null;
}

/** What the registry of keys says about the key that verified. */
export type KeyNotice =
  | 'registered'
  /** The same as at its first use; nobody vouched for it. */
  | 'seen-before'
  | 'first-use'
  /** Another than the one noted at first use. */
  | 'changed'
  | 'revoked'
  | 'not-valid-then';

/** What the signed values of a record prove. Plain values: it travels between threads and into the database. */
export interface MeteringOutcome {
  readonly verdict: 'valid' | 'invalid' | 'unverifiable' | 'absent';
  /** Stable slug. */
  readonly code: string;
  readonly reason: string;
  readonly questions: MeteringQuestions;
  /** kWh, exact; proven only when the verdict is `valid`. */
  readonly energyKwh: string | null;
  readonly begin: string | null;
  readonly end: string | null;
  /** The one meter of all values. */
  readonly meterId: string | null;
  /** An EVSE id that the signed bytes name. */
  readonly chargePointId: string | null;
  readonly key: VerifyingKey | null;
  readonly keyNotice: KeyNotice | null;
  readonly differences: MeteringDifferences;
  readonly values: readonly MeteredValue[];
}

const nothing: AnsweredQuestion = { answer: 'unknown', why: 'there are no signed values' };
const notCompared = { answer: 'unknown', differenceSeconds: null } as const;

export const NO_DIFFERENCES: MeteringDifferences = {
  energy: { answer: 'unknown', differenceKwh: null, toleranceKwh: null }, begin: notCompared, end: notCompared,
  meterStart: { answer: 'unknown', signedKwh: null }, meterEnd: { answer: 'unknown', signedKwh: null },
};

export const NO_SIGNED_VALUES: MeteringOutcome = {
  verdict: 'absent', code: 'absent', reason: nothing.why,
  questions: {
    integrity: nothing, origin: nothing, completeness: nothing, energy: nothing, duration: nothing, time: nothing,
  },
  energyKwh: null, begin: null, end: null, meterId: null, chargePointId: null, key: null, keyNotice: null,
  differences: NO_DIFFERENCES, values: [],
};

/** Whose word it is: a registered key, the same as ever, or only the record's own. */
export function originOf(
  { verdict, key, keyNotice }: Pick<MeteringOutcome, 'verdict' | 'key' | 'keyNotice'>,
): 'registered-key' | 'first-use' | 'record-only' | null {
  if (key === null || verdict === 'absent') return null;
  if (keyNotice === 'registered') return 'registered-key';
  return keyNotice === 'seen-before' ? 'first-use' : 'record-only';
}
