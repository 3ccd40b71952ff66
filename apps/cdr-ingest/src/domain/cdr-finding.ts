import type { CheckCode } from './check-catalogue.ts';

/** `error` forbids billing until a person or a later fact settles it; `warning` and `note` are kept and shown. */
export type FindingSeverity = 'error' | 'warning' | 'note';

/** Something that was noticed about a record. Never carries a card number, a contract id or a PIN. */
export interface CdrFinding {
  /** Stable slug. */
  readonly code: string;
  readonly severity: FindingSeverity;
  /** For a person. */
  readonly message: string;
  /** What was compared, as texts with the unit in the name: `{ differenceKwh: '0.5' }`. */
  readonly numbers: Readonly<Record<string, string>>;
  /** Where the rule comes from, e.g. `OICP §8.3`. */
  readonly source: string;
  /** RFC 6901, into the record; `null` if it concerns no single member. */
  readonly pointer: string | null;
  /** `reader`: how the message is written; `check`: what it says. Checks are asked again when a missing fact comes. */
  readonly by: 'reader' | 'check';
}

/** A finding of a check; the policy may still change its severity. */
export function finding(
  code: CheckCode,
  severity: FindingSeverity,
  message: string,
  about: { readonly source: string; readonly pointer?: string; readonly numbers?: Readonly<Record<string, string>> },
): CdrFinding {
  const { source, pointer = null, numbers = {} } = about;
  return { code, severity, message, numbers, source, pointer, by: 'check' };
}
