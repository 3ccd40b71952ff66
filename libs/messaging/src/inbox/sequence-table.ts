import type { Queryable, Transaction } from '@emp/database';
import type { Arrivals } from './arrivals.ts';
import type { Stream } from './inbox-table.ts';

/** Numbers above the highest so far, less those that came, less those that compaction may have removed in between. */
const NEW_GAPS = `
  CASE WHEN arrived.highest > known.highest THEN
    int8multirange(int8range(known.highest, arrived.highest, '(]')) - arrived.excused
    - CASE WHEN known.appended_at < arrived.compacted_before THEN int8multirange(int8range(
        known.highest, lower(arrived.numbers * int8multirange(int8range(known.highest, NULL, '()'))), '()'
      )) ELSE '{}' END
  ELSE '{}' END`;

const MISSING = `(known.missing + ${NEW_GAPS}) - arrived.numbers`;

/** The first batch of a group begins at the number it finds: what retention took before is not missing. */
const NOTE = {
  name: 'inbox-note-arrivals',
  text: `WITH arrived AS (
           SELECT topic, partition, source, first, highest, appended_at, numbers::int8multirange, excused::int8multirange, compacted_before
           FROM unnest($2::text[], $3::int[], $4::text[], $5::int8[], $6::int8[], $7::timestamptz[], $8::text[], $9::text[], $10::timestamptz[])
             AS arrived (topic, partition, source, first, highest, appended_at, numbers, excused, compacted_before)
         ), noted AS (
           UPDATE inbox_sequence AS known SET
             highest = greatest(known.highest, arrived.highest),
             appended_at = CASE WHEN arrived.highest > known.highest THEN arrived.appended_at ELSE known.appended_at END,
             missing = ${MISSING},
             asks = CASE WHEN ${MISSING} <@ known.missing THEN known.asks ELSE 0 END,
             asked_at = CASE WHEN ${MISSING} <@ known.missing THEN known.asked_at END
           FROM arrived
           WHERE known.consumer_group = $1 AND known.topic = arrived.topic AND known.partition = arrived.partition
             AND known.source = arrived.source
           RETURNING known.topic, known.partition, known.source, known.missing, known.asked_at
         ), begun AS (
           INSERT INTO inbox_sequence (consumer_group, topic, partition, source, highest, appended_at, missing)
           SELECT $1, topic, partition, source, highest, appended_at, int8multirange(int8range(first, highest, '[]')) - numbers - excused
           FROM arrived WHERE (topic, partition, source) NOT IN (SELECT topic, partition, source FROM noted)
           ON CONFLICT DO NOTHING
           RETURNING missing, asked_at
         )
         SELECT EXISTS (
           SELECT FROM (SELECT missing, asked_at FROM noted UNION ALL SELECT missing, asked_at FROM begun) AS states
           WHERE NOT isempty(missing) AND asked_at IS NULL
         ) AS gap`,
};

/** What a batch brought. `compactedBefore`: see `arrivalsOf`. */
export interface Brought {
  readonly stream: Stream;
  readonly arrivals: readonly Arrivals[];
  readonly compactedBefore: Date | null;
}

/** Notes which numbers a group was given. Says whether a gap has opened. */
export async function noteArrivals(database: Queryable, brought: readonly Brought[]): Promise<'gap' | 'complete'> {
  const arrived = brought.flatMap(({ arrivals, ...where }) => arrivals.map((each) => ({ ...each, ...where })));
  if (arrived.length === 0) return 'complete';
  const column = <T>(of: (each: (typeof arrived)[number]) => T): T[] => arrived.map(of);
  const [row] = await database.prepared<{ gap: boolean }>(NOTE, [
    arrived[0]?.stream.group, column(({ stream }) => stream.topic), column(({ stream }) => stream.partition), column(({ source }) => source),
    column(({ first }) => first), column(({ highest }) => highest), column(({ appendedAt }) => appendedAt),
    column(({ numbers }) => numbers), column(({ excused }) => excused), column(({ compactedBefore }) => compactedBefore),
  ]);
  return row?.gap === true ? 'gap' : 'complete';
}

/** Numbers that a group lacks, in ranges, the first hundred of them. */
export interface Gap {
  readonly group: string;
  readonly source: string;
  readonly topic: string;
  readonly partition: number;
  readonly count: number;
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

const GAP = `
  consumer_group AS "group", source, topic, partition,
  (SELECT sum(upper(range) - lower(range)) FROM unnest(missing) AS range)::float8 AS count,
  (SELECT jsonb_agg(jsonb_build_object('from', lower(range), 'to', upper(range) - 1))
   FROM (SELECT range FROM unnest(missing) AS range LIMIT 100) AS first) AS ranges`;

/** What groups lack now; of all groups if none are named. */
export async function openGaps(database: Queryable, groups?: readonly string[]): Promise<Gap[]> {
  return database.query<Gap>(
    `SELECT ${GAP} FROM inbox_sequence WHERE ($1::text[] IS NULL OR consumer_group = ANY ($1)) AND NOT isempty(missing) ORDER BY 1, 2, 3, 4`,
    [groups ?? null],
  );
}

/** Those gaps that are to be asked for now: new ones, and others again after a while that doubles up to an hour. */
export async function takeGapsToAskFor(tx: Transaction, groups: readonly string[], askAgainMs: number): Promise<Gap[]> {
  return tx.query<Gap>(
    `UPDATE inbox_sequence SET asked_at = now(), asks = asks + 1
     WHERE consumer_group = ANY ($1) AND NOT isempty(missing)
       AND (asked_at IS NULL OR asked_at < now() - least($2 * 2.0 ^ least(asks - 1, 20), 3600000) * interval '1 ms')
     RETURNING ${GAP}`,
    [groups, askAgainMs],
  );
}
