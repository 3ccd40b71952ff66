import type { Queryable } from '@emp/database';

export interface LastProof {
  readonly day: string;
  readonly zone: string;
  readonly takenAt: string;
  readonly closed: boolean;
  readonly sessions: number;
  /** How often each reason occurs. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface LastSweep {
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** The least good of its providers' pulls. */
  readonly state: string;
  readonly newRecords: number;
}

/** What shows at a glance whether anything is missing. */
export async function readCompleteness(database: Queryable): Promise<{
  readonly missingRecords: { readonly asking: number; readonly givenUp: number; readonly settled: number };
  readonly lastProof: LastProof | null;
  readonly lastSweep: LastSweep | null;
}> {
  const [missing] = await database.query<{ asking: number; givenUp: number; settled: number }>(
    `SELECT count(*) FILTER (WHERE state = 'asking')::int AS "asking", count(*) FILTER (WHERE state = 'given-up')::int AS "givenUp",
            count(*) FILTER (WHERE state = 'settled')::int AS "settled" FROM missing_record`,
  );
  const [proof] = await database.query<Omit<LastProof, 'takenAt'> & { takenAt: Date }>(
    `SELECT day, zone, taken_at AS "takenAt", closed_at IS NOT NULL AS closed, (proof -> 'totals' ->> 'sessions')::int AS sessions,
            proof -> 'reasons' AS reasons
     FROM proof_snapshot ORDER BY day DESC, taken_at DESC LIMIT 1`,
  );
  const [sweep] = await database.query<{ startedAt: Date; endedAt: Date | null; state: string; newRecords: number }>(
    `SELECT min(started_at) AS "startedAt", CASE WHEN bool_and(ended_at IS NOT NULL) THEN max(ended_at) END AS "endedAt",
            (array_agg(state ORDER BY array_position('{failed,interrupted,incomplete,running,done}', state)))[1] AS state,
            sum(new_records)::int AS "newRecords"
     FROM reconciliation_pull WHERE kind = 'sweep' GROUP BY reconciliation_id ORDER BY 1 DESC LIMIT 1`,
  );
  return {
    missingRecords: missing ?? { asking: 0, givenUp: 0, settled: 0 },
    lastProof: proof ? { ...proof, takenAt: proof.takenAt.toISOString() } : null,
    lastSweep: sweep
      ? { ...sweep, startedAt: sweep.startedAt.toISOString(), endedAt: sweep.endedAt?.toISOString() ?? null } : null,
  };
}
