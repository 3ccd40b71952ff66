import type { Database } from '@emp/database';
import { askAgainAt, type Patience } from '../domain/missing-record.ts';
import { sessionKey } from '../domain/session-key.ts';
import { listedOf } from '../reconcile-cdrs/hub-listing.ts';
import type { PullOrder } from '../reconcile-cdrs/reconcile-cdrs.ts';

export interface AskPolicy {
  readonly patience: Patience;
  /** SessionIDs in one request. */
  readonly sessionBatch: number;
  /** The provider id in whose name a provider's records are pulled. */
  readonly connectionOf: (providerId: string) => string;
}

interface DueRow {
  readonly session_id: string;
  readonly provider_id: string;
}

/** Requests of one look: what is left is due the next time. */
const BATCHES_AT_ONCE = 20;

/**
 * Sessions to ask for now, of one provider: the one that waits longest. A record that came while its session was being
 * reported missing settles it here.
 */
export async function dueMissing(database: Database, now: Date, { sessionBatch }: AskPolicy): Promise<readonly DueRow[]> {
  await database.execute(
    `UPDATE missing_record AS missing SET state = 'settled', settled_at = $1, settled_by = cdr.origin, next_attempt_at = NULL
     FROM cdr WHERE missing.state <> 'settled' AND cdr.session_key = missing.session_key
       AND cdr.readable AND cdr.state <> 'conflict'`, [now],
  );
  return database.query<DueRow>(
    `SELECT session_id, provider_id FROM missing_record
     WHERE state = 'asking' AND next_attempt_at <= $1 AND provider_id =
       (SELECT provider_id FROM missing_record WHERE state = 'asking' AND next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT 1)
     ORDER BY next_attempt_at LIMIT $2`,
    [now, sessionBatch * BATCHES_AT_ONCE],
  );
}

/** The connection of a sub-provider is its hub's (OICP §6.5). */
export function askedOrder(due: readonly DueRow[], connectionOf: (providerId: string) => string): PullOrder | null {
  const [first] = due;
  return first ? { kind: 'sessions', providers: [connectionOf(first.provider_id)], sessionIds: due.map((row) => row.session_id) } : null;
}

/** Notes what asking brought. Only an answer counts as an attempt: Hubject may be away for longer than we ask. */
export async function noteAnswers(database: Database, order: PullOrder, now: Date, { patience }: AskPolicy): Promise<void> {
  const keys = (order.sessionIds ?? []).map(sessionKey);
  const listed = await listedOf(database, keys);
  const [pull] = await database.query<{ state: string; error_slug: string | null }>(
    `SELECT state, error_slug FROM reconciliation_pull WHERE kind = 'sessions' AND provider_id = ANY($1::text[])
     ORDER BY started_at DESC, reconciliation_id DESC LIMIT 1`, [order.providers],
  );
  const answered = pull?.state === 'done';
  const rows = await database.query<{ session_key: string; attempts: number }>(
    `SELECT session_key, attempts FROM missing_record WHERE session_key = ANY($1::text[]) AND state = 'asking'`, [keys],
  );
  const asked = rows.map((row) => {
    const attempts = row.attempts + (answered ? 1 : 0);
    const outcome = listed.has(row.session_key) ? 'found' : answered ? 'not-there' : pull?.error_slug ?? pull?.state ?? 'unknown';
    const next = answered ? askAgainAt(attempts, now, patience) : askAgainAt(0, now, patience);
    return { key: row.session_key, attempts, outcome, next };
  });
  await database.execute(
    `UPDATE missing_record AS missing
     SET attempts = told.attempts, last_attempt_at = $5, last_outcome = told.outcome, next_attempt_at = told.next,
         state = CASE WHEN told.next IS NULL THEN 'given-up' ELSE missing.state END
     FROM unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[]) AS told (session_key, attempts, outcome, next)
     WHERE missing.session_key = told.session_key AND missing.state = 'asking'`,
    [
      asked.map(({ key }) => key), asked.map(({ attempts }) => attempts), asked.map(({ outcome }) => outcome),
      asked.map(({ next }) => next), now,
    ],
  );
}
