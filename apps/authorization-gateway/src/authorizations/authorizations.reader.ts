import type { Database } from '@emp/database';
import { DATABASE } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Explanation } from '../domain/authorization.ts';
import { decodeCursor, encodeCursor } from '../sessions/cursor.ts';

export interface AuthorizationFilter {
  readonly rule: string | undefined;
  readonly code: string | undefined;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  readonly contractRef: string | undefined;
}

/** One answer to AuthorizeStart that was written down: a yes, or a no to a medium we know. */
export interface AuthorizationView {
  readonly sessionId: string;
  readonly at: string;
  readonly status: 'Authorized' | 'NotAuthorized';
  readonly code: string;
  readonly operatorId: string | null;
  readonly evseId: string | null;
  readonly processId: string | null;
  readonly explanation: Explanation;
}

export interface AuthorizationPage {
  readonly authorizations: readonly AuthorizationView[];
  readonly next: string | null;
}

interface Row {
  readonly session_id: string;
  readonly created_at: Date;
  readonly answered_at: Date;
  readonly code: string;
  readonly operator_id: string | null;
  readonly evse_id: string | null;
  readonly process_id: string | null;
  readonly explanation: Explanation;
}

/** A denial without code is 021 (decision record 0006). Newest first; refusals have an index of their own. */
const pageText = (filter: AuthorizationFilter): string => `
  SELECT session_id, created_at, coalesce(denied_at, authorized_at) AS answered_at, operator_id, evse_id, process_id,
    explanation, CASE WHEN denied_at IS NULL THEN '000' ELSE coalesce(refusal_code, '021') END AS code
  FROM charging_session
  WHERE explanation IS NOT NULL AND (denied_at IS NOT NULL OR authorized_at IS NOT NULL)
    AND ($2::timestamptz IS NULL OR (created_at, session_id) < ($2, $3))
    AND ($4::text IS NULL OR explanation->>'rule' = $4)
    AND ($5::timestamptz IS NULL OR created_at >= $5) AND ($6::timestamptz IS NULL OR created_at < $6)
    AND ($7::text IS NULL OR explanation->'facts'->>'contractRef' = $7)
    ${whereCode(filter.code)}
  ORDER BY created_at DESC, session_id DESC LIMIT $1`;

function whereCode(code: string | undefined): string {
  if (code === undefined) return '';
  if (code === '000') return 'AND denied_at IS NULL';
  return code === '021' ? 'AND denied_at IS NOT NULL AND refusal_code IS NULL' : 'AND refusal_code = $8';
}

/** Plain reads of what was answered, and why. */
@Injectable()
export class AuthorizationsReader {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** `undefined` if the cursor is none of ours. */
  async page(
    filter: AuthorizationFilter,
    limit: number,
    cursor: string | undefined,
  ): Promise<AuthorizationPage | undefined> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    if (cursor !== undefined && after === undefined) return undefined;
    const { rule, code, from, to, contractRef } = filter;
    const text = pageText(filter);
    const values: unknown[] = [limit, after?.at, after?.id, rule, from, to, contractRef];
    const rows = await this.database.query<Row>(text, text.includes('$8') ? [...values, code] : values);
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      authorizations: rows.map(viewOf),
      next: last === undefined ? null : encodeCursor({ at: last.created_at, id: last.session_id }),
    };
  }
}

const viewOf = (row: Row): AuthorizationView => ({
  sessionId: row.session_id,
  at: row.answered_at.toISOString(),
  status: row.code === '000' ? 'Authorized' : 'NotAuthorized',
  code: row.code,
  operatorId: row.operator_id,
  evseId: row.evse_id,
  processId: row.process_id,
  explanation: row.explanation,
});
