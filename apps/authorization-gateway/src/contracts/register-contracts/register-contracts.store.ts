import type { Transaction } from '@emp/database';
import { CARDS_CHANGED } from '../card-index/card-index.store.ts';

export interface ContractRecord {
  readonly contractRef: string;
  readonly evcoFingerprint: string;
  readonly sealedEvcoId: string;
  readonly providerId: string;
  readonly customerRef: string;
  readonly sealedCustomer: string;
  readonly tariffPlanId: string;
  readonly status: 'active' | 'blocked';
  readonly validFrom: Date;
  readonly validUntil: Date | null;
}

export interface CardRecord {
  readonly cardRef: string;
  readonly fingerprint: string;
  readonly sealedUid: string;
  readonly contractRef: string;
  readonly status: 'active' | 'blocked';
  readonly validUntil: Date | null;
}

/** Rows go in by the order of their keys: two registrations of the same contracts wait for each other, not for ever. */
const UPSERT_CONTRACTS = `
  INSERT INTO contract AS known (contract_ref, evco_fingerprint, sealed_evco_id, provider_id, customer_ref,
    sealed_customer, tariff_plan_id, status, valid_from, valid_until, registered_at, changed_at)
  SELECT *, $11::timestamptz, $11::timestamptz FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
    $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[]) AS given (contract_ref)
  ORDER BY given.contract_ref
  ON CONFLICT (contract_ref) DO UPDATE SET provider_id = EXCLUDED.provider_id, customer_ref = EXCLUDED.customer_ref,
    sealed_customer = EXCLUDED.sealed_customer, tariff_plan_id = EXCLUDED.tariff_plan_id, status = EXCLUDED.status,
    valid_from = EXCLUDED.valid_from, valid_until = EXCLUDED.valid_until, changed_at = EXCLUDED.changed_at
  WHERE (known.provider_id, known.customer_ref, known.tariff_plan_id, known.status, known.valid_from, known.valid_until)
    IS DISTINCT FROM (EXCLUDED.provider_id, EXCLUDED.customer_ref, EXCLUDED.tariff_plan_id, EXCLUDED.status,
      EXCLUDED.valid_from, EXCLUDED.valid_until)
  RETURNING contract_ref AS ref`;

const UPSERT_CARDS = `
  INSERT INTO card AS known (card_ref, fingerprint, sealed_uid, contract_ref, status, valid_until,
    registered_at, changed_at)
  SELECT *, $7::timestamptz, $7::timestamptz FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
    $6::timestamptz[]) AS given (card_ref) ORDER BY given.card_ref
  ON CONFLICT (card_ref) DO UPDATE SET contract_ref = EXCLUDED.contract_ref, status = EXCLUDED.status,
    valid_until = EXCLUDED.valid_until, changed_at = EXCLUDED.changed_at
  WHERE (known.contract_ref, known.status, known.valid_until)
    IS DISTINCT FROM (EXCLUDED.contract_ref, EXCLUDED.status, EXCLUDED.valid_until)
  RETURNING card_ref AS ref`;

type Refs = { readonly ref: string }[];

/** Registers contracts; returns the refs of those that are new or whose facts changed. */
export async function upsertContracts(
  tx: Transaction,
  contracts: readonly ContractRecord[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const column = <K extends keyof ContractRecord>(name: K): ContractRecord[K][] =>
    contracts.map((contract) => contract[name]);
  const changed: Refs = await tx.query(UPSERT_CONTRACTS, [
    column('contractRef'),
    column('evcoFingerprint'),
    column('sealedEvcoId'),
    column('providerId'),
    column('customerRef'),
    column('sealedCustomer'),
    column('tariffPlanId'),
    column('status'),
    column('validFrom'),
    column('validUntil'),
    now,
  ]);
  return new Set(changed.map(({ ref }) => ref));
}

/** The same for cards. A card that was another contract's becomes this one's. */
export async function upsertCards(
  tx: Transaction,
  cards: readonly CardRecord[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const column = <K extends keyof CardRecord>(name: K): CardRecord[K][] => cards.map((card) => card[name]);
  const changed: Refs = await tx.query(UPSERT_CARDS, [
    column('cardRef'),
    column('fingerprint'),
    column('sealedUid'),
    column('contractRef'),
    column('status'),
    column('validUntil'),
    now,
  ]);
  return new Set(changed.map(({ ref }) => ref));
}

/** Tells every replica, with the commit, which contracts to read again. */
export async function announceChange(tx: Transaction, contractRefs: readonly string[]): Promise<void> {
  await tx.query('SELECT pg_notify($1, ref) FROM unnest($2::text[]) AS changed (ref)', [CARDS_CHANGED, contractRefs]);
}
