import type { Queryable } from '@emp/database';
import { newId } from '@emp/kernel';
import type { Asked } from '../../domain/push-plan.ts';

/** What a person is asked about a list: a push that waits. */
export interface Question {
  readonly providerId: string;
  readonly action: 'fullLoad' | 'delete';
  readonly reason: string;
  /** Records that the list would have after it. */
  readonly records: number;
  readonly takesAway: number;
}

export type Verdict = 'confirmed' | 'rejected';

/** The question that stands, with its answer if there is one. */
export async function readAsked(database: Queryable, providerId: string): Promise<Asked | undefined> {
  const [row] = await database.query<Asked>(
    `SELECT outcome AS state, takes_away AS "takesAway" FROM authentication_push
     WHERE provider_id = $1 AND outcome IN ('waiting', 'confirmed', 'rejected') ORDER BY ordinal DESC LIMIT 1`,
    [providerId],
  );
  return row;
}

/** Asks, or brings the question that stands up to date. Returns whether it is new. */
export async function ask(database: Queryable, question: Question, now: Date): Promise<boolean> {
  const { providerId, action, reason, records, takesAway } = question;
  const [row] = await database.query<{ isNew: boolean }>(
    `INSERT INTO authentication_push AS push
       (id, provider_id, action, reason, records, set_hash, started_at, outcome, takes_away)
     VALUES ($1, $2, $3, $4, $5, '', $6, 'waiting', $7)
     ON CONFLICT (provider_id) WHERE outcome = 'waiting'
     DO UPDATE SET action = EXCLUDED.action, reason = EXCLUDED.reason, records = EXCLUDED.records,
       takes_away = EXCLUDED.takes_away
     RETURNING id = $1 AS "isNew"`,
    [newId(), providerId, action, reason, records, now, takesAway],
  );
  return row?.isNew === true;
}

/** There is nothing to ask any more, or what was confirmed is done. */
export async function settle(database: Queryable, providerId: string, now: Date): Promise<void> {
  await database.execute(
    `UPDATE authentication_push
     SET outcome = CASE outcome WHEN 'confirmed' THEN 'carried-out' ELSE 'withdrawn' END, ended_at = $2
     WHERE provider_id = $1 AND outcome IN ('waiting', 'confirmed', 'rejected')`,
    [providerId, now],
  );
}

/** Returns the list it is about; `undefined` if no such question waits. */
export async function decide(
  database: Queryable, id: string,
  given: { readonly verdict: Verdict; readonly by: string; readonly reason: string; readonly at: Date },
): Promise<string | undefined> {
  const [row] = await database.query<{ providerId: string }>(
    `UPDATE authentication_push SET outcome = $2, decided_by = $3, decision_reason = $4, decided_at = $5
     WHERE id = $1 AND outcome = 'waiting' RETURNING provider_id AS "providerId"`,
    [id, given.verdict, given.by, given.reason, given.at],
  );
  return row?.providerId;
}
