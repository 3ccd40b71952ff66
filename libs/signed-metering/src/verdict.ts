import type { Decimal } from '@emp/money';
import type { MeteringFinding } from './finding.ts';
import type { CurveName } from './keys/curves.ts';
import type { MeterTime } from './meter-time.ts';
import type { MeterReading } from './reading.ts';
import type { Format } from './record.ts';

/**
 * Where the key came from. Only a `registered` one (and one the caller vouches for as `given`) says whose signature it
 * is; a key that travels with the value proves that the bytes were not changed since somebody signed them.
 */
export type KeySource = 'registered' | 'given' | 'container' | 'record';

export interface UsedKey {
  readonly source: KeySource;
  readonly curve: CurveName;
  /** SubjectPublicKeyInfo, DER, hex. */
  readonly spki: string;
  /** SHA-256 of the SPKI, hex. */
  readonly fingerprint: string;
}

/** What was hashed: evidence to check by hand. */
export interface HashedBlock {
  readonly name: string;
  readonly length: number;
  readonly sha256: string;
}

/** What is known about one signed value. Contains no card number and no contract id. */
export interface SignedValueVerdict {
  /** `undefined` when no reader knows the format. */
  readonly format: Format | undefined;
  /** For people: `OCMF 1.0`, `Alfen`, or what was found instead. */
  readonly formatName: string;
  /** Did the key sign these bytes? */
  readonly integrity: 'valid' | 'invalid' | 'unverifiable';
  /** Stable slug: `signed`, `signature-wrong`, `key-missing`, `key-malformed`, `unknown-format`, `truncated`, … */
  readonly code: string;
  /** The same in a sentence. */
  readonly why: string;
  readonly curve: CurveName | undefined;
  readonly key: UsedKey | undefined;
  readonly hashed: readonly HashedBlock[];
  /** Exact difference of the session's end and begin, when both stand in this value; never from an invalid one. */
  readonly signedEnergyKwh: Decimal | undefined;
  readonly begin: MeterTime | undefined;
  readonly end: MeterTime | undefined;
  readonly readings: readonly MeterReading[];
  readonly meterId: string | undefined;
  readonly chargePointId: string | undefined;
  /** The record's number or numbers, e.g. `T32`. */
  readonly pagination: readonly string[];
  /** What was checked, one sentence each. */
  readonly checked: readonly string[];
  /** Wrappings taken off, outermost first. */
  readonly unwrapped: readonly string[];
  readonly findings: readonly MeteringFinding[];
}

export type Answer = 'yes' | 'no' | 'unknown';

export interface Question {
  readonly answer: Answer;
  readonly why: string;
}

/** The four questions, answered apart. */
export interface SessionQuestions {
  /** Did this key sign these bytes, of every value? */
  readonly integrity: Question;
  /** Is it this station's key? `yes` needs a registered key. */
  readonly origin: Question;
  /** Are all records of the session there, of one meter, counting forward? */
  readonly completeness: Question;
  /** May the energy, the duration, the times of day be billed? */
  readonly billing: { readonly energy: Question; readonly duration: Question; readonly time: Question };
}

export interface SessionVerdict {
  /**
   * `valid`: signed, complete, and not by another than the registered key. `invalid`: a signature, key or counter is
   * wrong. `unverifiable`: nobody can tell (no key, unknown format, a record is missing). `absent`: there are no signed
   * values. Whether it may be billed is a question of its own.
   */
  readonly verdict: 'valid' | 'invalid' | 'unverifiable' | 'absent';
  readonly code: string;
  readonly why: string;
  readonly questions: SessionQuestions;
  /** As signed, exact; proven only when the verdict is `valid`, and never given when it is `invalid`. */
  readonly energyKwh: Decimal | undefined;
  /** The register it was read from, as written. */
  readonly register: string | undefined;
  readonly begin: MeterTime | undefined;
  readonly end: MeterTime | undefined;
  readonly values: readonly SignedValueVerdict[];
  readonly findings: readonly MeteringFinding[];
}
