import type { Queryable } from '@emp/database';
import { readCompleteness, type LastProof, type LastSweep } from '../proof/completeness.reader.ts';
import { openCasesNow, type OpenCases } from '../quarantine/open-cases.reader.ts';

export interface CdrSummary {
  /** Different records, i.e. without repeats: accepted + quarantined + conflicts + rejected. */
  readonly received: number;
  readonly accepted: number;
  readonly quarantined: number;
  readonly conflicts: number;
  readonly rejected: number;
  /** Cases that wait for a person or a fact. */
  readonly quarantine: OpenCases;
  /** Of the accepted records, decimal text. */
  readonly energyKwh: string;
  readonly missingRecords: { readonly asking: number; readonly givenUp: number; readonly settled: number };
  /** The newest day that was proven; `null` = none yet. */
  readonly lastProof: LastProof | null;
  readonly lastSweep: LastSweep | null;
}

export async function readSummary(database: Queryable, now: Date): Promise<CdrSummary> {
  const [row] = await database.query<Omit<CdrSummary, 'quarantine' | 'missingRecords' | 'lastProof' | 'lastSweep'>>(
    `SELECT count(*)::int AS "received",
            count(*) FILTER (WHERE state = 'accepted')::int AS "accepted",
            count(*) FILTER (WHERE state = 'quarantined')::int AS "quarantined",
            count(*) FILTER (WHERE state = 'conflict')::int AS "conflicts",
            count(*) FILTER (WHERE state = 'rejected')::int AS "rejected",
            coalesce(sum(energy_kwh) FILTER (WHERE state = 'accepted'), 0)::text AS "energyKwh"
     FROM cdr`,
  );
  const counts = row ?? { received: 0, accepted: 0, quarantined: 0, conflicts: 0, rejected: 0, energyKwh: '0' };
  return { ...counts, quarantine: await openCasesNow(database, now), ...(await readCompleteness(database)) };
}
