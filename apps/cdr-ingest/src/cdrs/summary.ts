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
  const [row] = await database.query<CdrSummary>(
    `SELECT count(*)::int AS "received",
            count(*) FILTER (WHERE state = 'accepted')::int AS "accepted",
            count(*) FILTER (WHERE state = 'quarantined')::int AS "quarantined",
            count(*) FILTER (WHERE state = 'conflict')::int AS "conflicts",
            coalesce(sum(energy_kwh) FILTER (WHERE state = 'accepted'), 0)::text AS "energyKwh"
     FROM cdr`,
  );
  return row ?? { received: 0, accepted: 0, quarantined: 0, conflicts: 0, energyKwh: '0' };
}
