import type { Queryable } from '@emp/database';

export interface CdrSummary {
  /** Different records, i.e. without repeats: accepted + quarantined + conflicts. */
  readonly received: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly conflicts: number;
  /** Of the accepted records, decimal text. */
  readonly energyKwh: string;
}

export async function readSummary(database: Queryable): Promise<CdrSummary> {
  const [row] = await database.query<{ received: bigint; accepted: bigint; quarantined: bigint; conflicts: bigint; energy: string }>(
    `SELECT count(*) AS received,
            count(*) FILTER (WHERE state = 'accepted') AS accepted,
            count(*) FILTER (WHERE state = 'quarantined') AS quarantined,
            count(*) FILTER (WHERE state = 'conflict') AS conflicts,
            coalesce(sum(energy_kwh) FILTER (WHERE state = 'accepted'), 0)::text AS energy
     FROM cdr`,
  );
  return {
    received: Number(row?.received ?? 0), accepted: Number(row?.accepted ?? 0), quarantined: Number(row?.quarantined ?? 0),
    conflicts: Number(row?.conflicts ?? 0), energyKwh: row?.energy ?? '0',
  };
}
