import type { Database } from '@emp/database';
import type { PastPush } from '../../domain/push-plan.ts';

/** A push as it is stored and shown. */
export interface PushRecord {
  readonly id: string;
  readonly providerId: string;
  readonly action: 'fullLoad';
  readonly reason: string;
  readonly records: number;
  readonly setHash: string;
  readonly startedAt: Date;
}

export interface PushOutcome {
  /** `accepted`, or why not (`HbsReason`); `pending` while it is under way, or if its process died. */
  readonly outcome: string;
  readonly statusCode: string | null;
  readonly httpStatus: number | null;
  readonly processId: string | null;
  readonly detail: string | null;
  readonly endedAt: Date;
}

const PAST = `
  SELECT set_hash AS "setHash", records, outcome = 'accepted' AS accepted FROM authentication_push
  WHERE provider_id = $1 AND ($2 = 'any' OR outcome = 'accepted') ORDER BY started_at DESC, id DESC LIMIT 1`;

export async function lastPush(
  database: Database,
  providerId: string,
  kind: 'any' | 'accepted',
): Promise<PastPush | undefined> {
  const [row] = await database.query<PastPush>(PAST, [providerId, kind]);
  return row;
}

/** Written before the push is sent, so that one whose process dies is not forgotten. */
export async function recordPush(database: Database, push: PushRecord): Promise<void> {
  await database.execute(
    `INSERT INTO authentication_push (id, provider_id, action, reason, records, set_hash, started_at, outcome)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending')`,
    [push.id, push.providerId, push.action, push.reason, push.records, push.setHash, push.startedAt],
  );
}

export async function recordOutcome(database: Database, id: string, outcome: PushOutcome): Promise<void> {
  await database.execute(
    `UPDATE authentication_push
     SET outcome = $2, status_code = $3, http_status = $4, process_id = $5, detail = $6, ended_at = $7
     WHERE id = $1`,
    [id, outcome.outcome, outcome.statusCode, outcome.httpStatus, outcome.processId, outcome.detail, outcome.endedAt],
  );
}
