import type { Queryable, Transaction } from '@emp/database';
import { EmpError } from '@emp/kernel';
import type { Announced, CaseState } from '../domain/case.ts';
import type { Overlay } from '../domain/case-overlay.ts';

/** A session whose record a person or a later fact must settle, or has settled. */
export interface CaseRow {
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly state: CaseState;
  /** Counts its steps; 0 = no case yet. */
  readonly revision: number;
  readonly announced: Announced;
  readonly corrections: number;
  readonly codes: readonly string[];
  readonly openVersions: readonly number[];
  readonly overlay: Overlay;
  readonly providerId: string;
  readonly operatorId: string | null;
  readonly evseId: string | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

export const CASE_COLUMNS = `session_key AS "sessionKey", session_id AS "sessionId", state, revision, announced,
  corrections, codes, open_versions AS "openVersions", overlay, provider_id AS "providerId",
  operator_id AS "operatorId", evse_id AS "evseId", opened_at AS "openedAt", closed_at AS "closedAt"`;

/** Cases of these sessions, locked in the order of their keys. */
export async function lockCases(
  tx: Transaction, sessionKeys: readonly string[],
): Promise<ReadonlyMap<string, CaseRow>> {
  const rows = await tx.query<CaseRow>(
    `SELECT ${CASE_COLUMNS} FROM quarantine_case WHERE session_key = ANY($1::text[]) ORDER BY session_key FOR UPDATE`,
    [sessionKeys],
  );
  return new Map(rows.map((row) => [row.sessionKey, row]));
}

export async function findCase(database: Queryable, sessionKey: string): Promise<CaseRow | undefined> {
  const [row] = await database.query<CaseRow>(
    `SELECT ${CASE_COLUMNS} FROM quarantine_case WHERE session_key = $1`, [sessionKey],
  );
  return row;
}

/** What steps leave of a case. The places by which it is found are keys beside it. */
export interface ChangedCase extends CaseRow {
  /** The revision that the first of the steps found; 0 = there was none. */
  readonly basedOn: number;
  readonly providerKey: string;
  readonly operatorKey: string | null;
  readonly evseKey: string | null;
}

/**
 * Stores cases as steps left them.
 * @throws EmpError `case-raced` (retry helps) if another step came between.
 */
export async function storeCases(tx: Transaction, cases: readonly ChangedCase[]): Promise<void> {
  if (cases.length === 0) return;
  const stored = await tx.execute(
    `INSERT INTO quarantine_case AS known (session_key, session_id, state, revision, announced, corrections,
  codes,
       open_versions, overlay, provider_id, provider_key, operator_id, operator_key, evse_id, evse_key, opened_at,
       closed_at)
     SELECT "sessionKey", "sessionId", state, revision, announced, corrections,
  codes, "openVersions", overlay,
       "providerId", "providerKey", "operatorId", "operatorKey", "evseId", "evseKey", "openedAt", "closedAt"
     FROM jsonb_to_recordset($1::jsonb) AS changed ("sessionKey" text, "sessionId" text, state text, revision integer,
       announced text, corrections integer, codes text[], "openVersions" integer[], overlay jsonb, "providerId" text,
       "providerKey" text, "operatorId" text, "operatorKey" text, "evseId" text, "evseKey" text, "openedAt" timestamptz,
       "closedAt" timestamptz)
     ORDER BY "sessionKey"
     ON CONFLICT (session_key) DO UPDATE SET state = excluded.state, revision = excluded.revision,
       announced = excluded.announced, corrections = excluded.corrections, codes = excluded.codes,
       open_versions = excluded.open_versions, overlay = excluded.overlay, evse_id = excluded.evse_id,
       evse_key = excluded.evse_key, opened_at = excluded.opened_at, closed_at = excluded.closed_at
     WHERE known.revision = (SELECT "basedOn"
       FROM jsonb_to_recordset($1::jsonb) AS changed ("sessionKey" text, "basedOn" integer)
       WHERE "sessionKey" = known.session_key)`,
    [JSON.stringify(cases)],
  );
  if (stored === cases.length) return;
  throw new EmpError('case-raced', 'somebody else took a step in the same case at this moment', { retry: 'helps' });
}
