import type { MeteringFinding } from './finding.ts';
import type { CurveName } from './keys/curves.ts';
import type { MeterReading } from './reading.ts';
import type { Rejection } from './rejection.ts';
import type { SignedBlock } from './signature/verify-signature.ts';

/** The formats that are verified, by the names of the transparency software. */
export type Format = 'OCMF' | 'ALFEN' | 'EDL_40_P' | 'EDL_40_SIG' | 'EDL_40_MENNEKES' | 'ISA_EDL_40_P' | 'PCDF';

/** A counter of records: one lacking or twice means that a record is missing or was exchanged. */
export interface Pagination {
  /** Counters of different contexts (transactions, fiscal readings) are independent. */
  readonly context: string;
  readonly number: bigint;
  /** `consecutive` counters grow by one per record of this meter, `rising` ones may leave gaps. */
  readonly growth: 'consecutive' | 'rising';
}

/** A record of any format, read but not verified. */
export interface MeteringRecord {
  readonly format: Format;
  /** For people, e.g. `OCMF 1.0`. */
  readonly formatName: string;
  /** What is signed; a Mennekes record has two blocks, the others one. */
  readonly blocks: readonly SignedBlock[];
  /** Curves a key may have for this record. */
  readonly curves: readonly CurveName[];
  /** The record does not name its algorithm: another curve of the key is a deviation, not a contradiction. */
  readonly curveIsDefault: boolean;
  readonly embeddedKey: string | undefined;
  readonly meterId: string | undefined;
  readonly chargePointId: string | undefined;
  /** Equal in all records of one session. Compared, never shown: may contain a card number. */
  readonly user: string | undefined;
  readonly pagination: readonly Pagination[];
  /** Counts events such as a clock that was set: must not change during a session. */
  readonly logbook: readonly string[];
  readonly readings: readonly MeterReading[];
  readonly findings: readonly MeteringFinding[];
  /** Why a right signature proves nothing all the same, e.g. a version whose content nobody here can read. */
  readonly reservation?: Rejection | undefined;
}
