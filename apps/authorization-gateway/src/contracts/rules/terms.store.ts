import type { Transaction } from '@emp/database';
import type { CreditToRegister } from './rules-request.ts';
import type { StoredRules } from './stored-rules.ts';

export interface StoredTerms {
  readonly contract_ref: string;
  readonly rules: StoredRules | null;
  readonly hashed_pin: string | null;
}

const LOCK = `SELECT contract_ref, rules, hashed_pin FROM contract WHERE contract_ref = ANY($1)
  ORDER BY contract_ref FOR NO KEY UPDATE`;

const SAVE = `
  UPDATE contract SET rules = given.rules, hashed_pin = given.hashed_pin, changed_at = $5,
    pin_hash_function = CASE WHEN given.hashed_pin IS NULL THEN NULL ELSE $4::text END
  FROM unnest($1::text[], $2::jsonb[], $3::text[]) AS given (contract_ref, rules, hashed_pin)
  WHERE contract.contract_ref = given.contract_ref
    AND (contract.rules, contract.hashed_pin) IS DISTINCT FROM (given.rules, given.hashed_pin)
  RETURNING contract.contract_ref AS ref`;

/** Another currency is another credit: nothing of it was consumed yet. */
const PUT_CREDIT = `
  INSERT INTO contract_credit AS known (contract_ref, currency, amount, reserve_per_session)
  SELECT * FROM unnest($1::text[], $2::text[], $3::numeric[], $4::numeric[]) AS given (contract_ref)
  ORDER BY given.contract_ref
  ON CONFLICT (contract_ref) DO UPDATE SET currency = EXCLUDED.currency, amount = EXCLUDED.amount,
    reserve_per_session = EXCLUDED.reserve_per_session,
    consumed = CASE WHEN known.currency = EXCLUDED.currency THEN known.consumed ELSE 0 END
  WHERE (known.currency, known.amount, known.reserve_per_session)
    IS DISTINCT FROM (EXCLUDED.currency, EXCLUDED.amount, EXCLUDED.reserve_per_session)
  RETURNING contract_ref AS ref`;

const PUT_STOP_MEDIA = `
  INSERT INTO contract_stop_medium (contract_ref, fingerprint, kind, sealed)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) ON CONFLICT DO NOTHING
  RETURNING contract_ref AS ref`;

const DROP_STOP_MEDIA = `
  DELETE FROM contract_stop_medium WHERE contract_ref = ANY($1) AND (contract_ref, fingerprint) NOT IN
    (SELECT * FROM unnest($2::text[], $3::text[])) RETURNING contract_ref AS ref`;

type Refs = { readonly ref: string }[];
const refsOf = (rows: Refs): readonly string[] => rows.map(({ ref }) => ref);

/** What is stored, locked until the transaction ends. */
export const lockTerms = (tx: Transaction, contractRefs: readonly string[]): Promise<StoredTerms[]> =>
  tx.query<StoredTerms>(LOCK, [contractRefs]);

/** Returns the refs of those that changed. Another PIN starts with no wrong attempts. */
export async function saveTerms(
  tx: Transaction,
  terms: readonly StoredTerms[],
  pinHashFunction: string,
  now: Date,
): Promise<readonly string[]> {
  const changed = await tx.query<{ ref: string }>(SAVE, [
    terms.map((each) => each.contract_ref),
    terms.map((each) => (each.rules === null ? null : JSON.stringify(each.rules))),
    terms.map((each) => each.hashed_pin),
    pinHashFunction,
    now,
  ]);
  return refsOf(changed);
}

export const forgetAttempts = (tx: Transaction, contractRefs: readonly string[]): Promise<number> =>
  tx.execute('DELETE FROM pin_attempt WHERE contract_ref = ANY($1)', [contractRefs]);

export interface CreditOf {
  readonly contractRef: string;
  readonly credit: CreditToRegister | null;
}

export async function saveCredits(tx: Transaction, credits: readonly CreditOf[]): Promise<readonly string[]> {
  const put = credits.flatMap(({ contractRef, credit }) => (credit ? [{ contractRef, ...credit }] : []));
  const gone = credits.filter(({ credit }) => credit === null).map(({ contractRef }) => contractRef);
  const dropped = await tx.query<{ ref: string }>(
    'DELETE FROM contract_credit WHERE contract_ref = ANY($1) RETURNING contract_ref AS ref',
    [gone],
  );
  const changed = await tx.query<{ ref: string }>(PUT_CREDIT, [
    put.map((each) => each.contractRef),
    put.map((each) => each.currency),
    put.map((each) => each.amount),
    put.map((each) => each.reservePerSession),
  ]);
  return refsOf([...dropped, ...changed]);
}

export interface StopMediumOf {
  readonly contractRef: string;
  readonly fingerprint: string;
  readonly kind: string;
  readonly sealed: string;
}

/** Replaces the stop media of these contracts. */
export async function saveStopMedia(
  tx: Transaction,
  contractRefs: readonly string[],
  media: readonly StopMediumOf[],
): Promise<readonly string[]> {
  const of = <Key extends keyof StopMediumOf>(key: Key): readonly string[] => media.map((each) => each[key]);
  const dropped = await tx.query<{ ref: string }>(DROP_STOP_MEDIA, [
    contractRefs,
    of('contractRef'),
    of('fingerprint'),
  ]);
  const put = await tx.query<{ ref: string }>(PUT_STOP_MEDIA, [
    of('contractRef'),
    of('fingerprint'),
    of('kind'),
    of('sealed'),
  ]);
  return refsOf([...dropped, ...put]);
}
