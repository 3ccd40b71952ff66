import type { Queryable, Transaction } from '@emp/database';
import { newId } from '@emp/kernel';
import { storableJson } from '../cdrs/storable.ts';

/** One step in the life of a case; kept for ever as it is. */
export interface NewStep {
  readonly sessionKey: string;
  /** Of the case after the step. */
  readonly revision: number;
  /** Name of the caller; `cdr-ingest`: by itself. */
  readonly who: string;
  readonly what: string;
  readonly why: string;
  readonly before: object;
  readonly after: object;
}

/** Who acts when no person does. */
export const BY_ITSELF = 'cdr-ingest';

export async function insertSteps(tx: Transaction, steps: readonly NewStep[], at: Date): Promise<void> {
  if (steps.length === 0) return;
  await tx.execute(
    `INSERT INTO quarantine_step (id, session_key, revision, at, who, what, why, before, after)
     SELECT id, "sessionKey", revision, $2, who, what, why, before, after
     FROM jsonb_to_recordset($1::jsonb)
       AS step (id text, "sessionKey" text, revision integer, who text, what text, why text, before jsonb,
         after jsonb)`,
    [storableJson(steps.map((step) => ({ id: newId(), ...step }))), at],
  );
}

export interface StepView {
  readonly revision: number;
  readonly at: Date;
  readonly who: string;
  readonly what: string;
  readonly why: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The steps after a revision, in order. */
export async function stepsAfter(
  database: Queryable, sessionKey: string, revision: number,
): Promise<readonly StepView[]> {
  return database.query<StepView>(
    `SELECT revision, at, who, what, why, before, after FROM quarantine_step
     WHERE session_key = $1 AND revision > $2 ORDER BY revision`, [sessionKey, revision],
  );
}
