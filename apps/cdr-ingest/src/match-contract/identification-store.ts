import type { Queryable, Transaction } from '@emp/database';

/** An identification of one of our contracts, as a contract event tells it. */
export interface Identification {
  readonly fingerprint: string;
  readonly kind: 'uid' | 'evco';
  readonly contractRef: string;
  /** When it was told: an older event never overwrites a newer one. */
  readonly toldAt: string;
}

const LOOK_UP = {
  name: 'contract-identification',
  text: 'SELECT fingerprint, contract_ref FROM contract_identification WHERE fingerprint = ANY($1::text[])',
};

/** Contracts by fingerprint, for those that are ours. */
export async function contractsOf(database: Queryable, fingerprints: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (fingerprints.length === 0) return new Map();
  const rows = await database.prepared<{ fingerprint: string; contract_ref: string }>(LOOK_UP, [fingerprints]);
  return new Map(rows.map((row) => [row.fingerprint, row.contract_ref]));
}

/** Remembers identifications; of several with one fingerprint the one told last. */
export async function rememberIdentifications(tx: Transaction, told: readonly Identification[]): Promise<void> {
  const latest = new Map<string, Identification>();
  for (const one of told) {
    const other = latest.get(one.fingerprint);
    if (!other || other.toldAt <= one.toldAt) latest.set(one.fingerprint, one);
  }
  const rows = [...latest.values()].sort((one, other) => (one.fingerprint < other.fingerprint ? -1 : 1));
  await tx.execute(
    `INSERT INTO contract_identification AS known (fingerprint, kind, contract_ref, told_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
     ON CONFLICT (fingerprint) DO UPDATE
       SET kind = excluded.kind, contract_ref = excluded.contract_ref, told_at = excluded.told_at
     WHERE known.told_at <= excluded.told_at`,
    [
      rows.map((row) => row.fingerprint), rows.map((row) => row.kind),
      rows.map((row) => row.contractRef), rows.map((row) => row.toldAt),
    ],
  );
}
