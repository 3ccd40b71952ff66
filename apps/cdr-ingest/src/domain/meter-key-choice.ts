import type { KeyNotice, MeteringOutcome } from './metering-outcome.ts';

/** A key of the registry, as far as it bears on a record. */
export interface KnownKey {
  readonly fingerprint: string;
  /** SubjectPublicKeyInfo, DER, hex. */
  readonly publicKey: string;
  /** Keys of `import` and `hand` say whose signature it is; one of `first-use` was merely seen before. */
  readonly origin: 'import' | 'hand' | 'first-use';
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  readonly revokedAt: Date | null;
  readonly notedAt: Date;
}

const MOST_TRIED = 4;

/** The keys that say whose signature it is, for a session that ended at this moment; the newest first. */
export function vouchedKeys(keys: readonly KnownKey[], endedAtMillis: number): readonly KnownKey[] {
  return keys.filter((key) => isVouched(key) && key.revokedAt === null && isValidAt(key, endedAtMillis))
    .sort((one, other) => sinceOf(other) - sinceOf(one)).slice(0, MOST_TRIED);
}

/** What the registry says about the key that verified a record's values. */
export function keyNotice(outcome: MeteringOutcome, keys: readonly KnownKey[], endedAtMillis: number): KeyNotice | null {
  const { key, questions } = outcome;
  if (key === null || questions.integrity.answer !== 'yes') return null;
  const same = keys.filter(({ fingerprint }) => fingerprint === key.fingerprint);
  if (questions.origin.answer === 'yes') return 'registered';
  if (same.some(({ revokedAt }) => revokedAt !== null)) return 'revoked';
  if (same.some((known) => isVouched(known) && !isValidAt(known, endedAtMillis))) return 'not-valid-then';
  if (questions.origin.answer === 'no') return null;
  if (same.length > 0) return 'seen-before';
  return keys.some(({ revokedAt }) => revokedAt === null) ? 'changed' : 'first-use';
}

const isVouched = ({ origin }: KnownKey): boolean => origin !== 'first-use';

const isValidAt = ({ validFrom, validUntil }: KnownKey, millis: number): boolean =>
  (validFrom === null || validFrom.getTime() <= millis) && (validUntil === null || millis < validUntil.getTime());

const sinceOf = ({ validFrom, notedAt }: KnownKey): number => (validFrom ?? notedAt).getTime();
