import type { Queryable } from '@emp/database';
import { AGE_BANDS, AGE_BOUNDS_S, type AgeBand } from '../domain/case-age.ts';

export interface OpenCases {
  readonly open: number;
  readonly oldestOpenedAt: Date | null;
  /** 0 = none is open. */
  readonly oldestSeconds: number;
  /** A case counts once for each of its codes. */
  readonly byCode: Readonly<Record<string, number>>;
  readonly byAge: Readonly<Partial<Record<AgeBand, number>>>;
}

/** How many cases are open, why, and for how long. */
export async function openCasesNow(database: Queryable, now: Date): Promise<OpenCases> {
  const codes = await database.query<{ code: string; count: number }>(
    `SELECT code, count(*)::int AS count FROM quarantine_case, unnest(codes) AS code WHERE state = 'open'
     GROUP BY code ORDER BY code`);
  const bands = await database.query<{ band: number; count: number; oldest: Date }>(
    `SELECT width_bucket(extract(epoch FROM $1::timestamptz - opened_at)::float8, $2::float8[]) AS band,
       count(*)::int AS count, min(opened_at) AS oldest
     FROM quarantine_case WHERE state = 'open' GROUP BY band ORDER BY oldest`, [now, AGE_BOUNDS_S]);
  const oldest = bands[0]?.oldest ?? null;
  return {
    open: bands.reduce((sum, { count }) => sum + count, 0), oldestOpenedAt: oldest,
    oldestSeconds: oldest ? Math.max(0, Math.floor((now.getTime() - oldest.getTime()) / 1000)) : 0,
    byAge: Object.fromEntries(bands.map(({ band, count }) => [AGE_BANDS[band] ?? 'over-30d', count])),
    byCode: Object.fromEntries(codes.map(({ code, count }) => [code, count])),
  };
}
