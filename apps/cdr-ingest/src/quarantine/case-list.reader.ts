import type { Queryable } from '@emp/database';
import { evseKey, operatorKey, providerKey } from '@emp/oicp';
import { Problem } from '@emp/service-kit';
import type { CaseState } from '../domain/case.ts';
import { CASE_COLUMNS, type CaseRow } from './case-row.ts';

export interface CaseFilter {
  readonly state?: CaseState | undefined;
  readonly code?: string | undefined;
  /** In any spelling. */
  readonly operator?: string | undefined;
  readonly provider?: string | undefined;
  readonly evse?: string | undefined;
  /** Open since before, or after, that instant. */
  readonly openedBefore?: Date | undefined;
  readonly openedAfter?: Date | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A page of cases, the oldest first: what waits longest is seen first. */
export async function listCases(
  database: Queryable, filter: CaseFilter,
): Promise<{ readonly cases: readonly CaseRow[]; readonly nextCursor: string | null }> {
  const { state, code, operator, provider, evse, openedBefore, openedAfter, cursor, limit } = filter;
  const after = cursor === undefined ? null : readCursor(cursor);
  const conditions: readonly (readonly [condition: (place: string) => string, value: unknown])[] = [
    [(place) => `state = ${place}`, state],
    [(place) => `codes @> ARRAY[${place}::text]`, code],
    [(place) => `operator_key = ${place}`, operator && operatorKey(operator)],
    [(place) => `provider_key = ${place}`, provider && providerKey(provider)],
    [(place) => `evse_key = ${place}`, evse && evseKey(evse)],
    [(place) => `opened_at < ${place}`, openedBefore],
    [(place) => `opened_at >= ${place}`, openedAfter],
    [(place) => `opened_at >= ${place}`, after?.openedAt],
  ];
  const asked = conditions.filter(([, value]) => value !== undefined);
  const where = asked.map(([condition], at) => condition(`$${at + 4}`));
  const rows = await database.query<CaseRow>(
    `SELECT ${CASE_COLUMNS} FROM quarantine_case
     WHERE ($2::timestamptz IS NULL OR (opened_at, session_key) > ($2, $3::text))
       ${where.map((condition) => `AND ${condition}`).join(' ')}
     ORDER BY opened_at, session_key LIMIT $1`,
    [limit + 1, after?.openedAt ?? null, after?.sessionKey ?? null, ...asked.map(([, value]) => value)],
  );
  const cases = rows.slice(0, limit);
  const last = cases.at(-1);
  return { cases, nextCursor: rows.length > limit && last ? cursorOf(last) : null };
}

const cursorOf = ({ openedAt, sessionKey }: CaseRow): string =>
  Buffer.from(`${openedAt.toISOString()} ${sessionKey}`).toString('base64url');

function readCursor(cursor: string): { readonly openedAt: Date; readonly sessionKey: string } {
  const [, at, sessionKey] = /^(\S+) (.+)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const openedAt = new Date(at ?? '');
  if (sessionKey === undefined || sessionKey.includes('\0') || Number.isNaN(openedAt.getTime())) {
    throw new Problem(400, 'query-malformed', 'cursor: must be the nextCursor of the page before');
  }
  return { openedAt, sessionKey };
}
