import type { Queryable } from '@emp/database';
import type { DayProof } from '../domain/proof-of-day.ts';

/** The proof of a day as it was last taken. */
export interface ProofSnapshot {
  readonly day: string;
  readonly zone: string;
  readonly takenAt: Date;
  /** Since then it stays as it is; `null` = it is taken again. */
  readonly closedAt: Date | null;
  readonly proof: DayProof;
}

interface Row {
  readonly day: string;
  readonly zone: string;
  readonly taken_at: Date;
  readonly closed_at: Date | null;
  readonly proof: DayProof;
}

const snapshotOf = (row: Row): ProofSnapshot =>
  ({ day: row.day, zone: row.zone, takenAt: row.taken_at, closedAt: row.closed_at, proof: row.proof });

export async function readSnapshot(database: Queryable, day: string, zone: string): Promise<ProofSnapshot | undefined> {
  const [row] = await database.query<Row>('SELECT * FROM proof_snapshot WHERE day = $1::date AND zone = $2', [day, zone]);
  return row && snapshotOf(row);
}

/** Newest day first, without the differences. */
export async function lastSnapshots(
  database: Queryable, { before, limit }: { readonly before: string | undefined; readonly limit: number },
): Promise<readonly ProofSnapshot[]> {
  const rows = await database.query<Row>(
    `SELECT day, zone, taken_at, closed_at, proof - 'differences' AS proof FROM proof_snapshot
     WHERE $1::date IS NULL OR day < $1::date ORDER BY day DESC, zone LIMIT $2`,
    [before ?? null, limit],
  );
  return rows.map(snapshotOf);
}

/** Keeps a proof; a closed one is never touched again. */
export async function keepSnapshot(database: Queryable, { day, zone, takenAt, closedAt, proof }: ProofSnapshot): Promise<void> {
  await database.execute(
    `INSERT INTO proof_snapshot AS known (day, zone, taken_at, closed_at, proof) VALUES ($1::date, $2, $3, $4, $5::jsonb)
     ON CONFLICT (day, zone) DO UPDATE SET taken_at = excluded.taken_at, closed_at = excluded.closed_at, proof = excluded.proof
     WHERE known.closed_at IS NULL`,
    [day, zone, takenAt, closedAt, JSON.stringify(proof)],
  );
}
