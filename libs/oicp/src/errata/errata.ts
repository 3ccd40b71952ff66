import { RECORD_ERRATA } from './errata-records.ts';
import { REQUEST_ERRATA } from './errata-requests.ts';
import { SESSION_ERRATA } from './errata-sessions.ts';
import type { Erratum } from './erratum.ts';

/** Every known disagreement of the documents of OICP 2.3, in the order of their ids. */
export const ERRATA: readonly Erratum[] = [...REQUEST_ERRATA, ...RECORD_ERRATA, ...SESSION_ERRATA]
  .toSorted((one, other) => one.id.localeCompare(other.id));

/** The entry of an id like `E-29`, or `undefined`. */
export const erratumOf = (id: string): Erratum | undefined =>
  ERRATA.find((entry) => entry.id === id.trim().toUpperCase());
