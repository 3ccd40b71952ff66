import type { Queryable, Transaction } from '@emp/database';
import { Decimal } from '@emp/money';
import type { ContractUsage } from '../domain/limits.ts';

/** How long a session counts that nobody ends: see LIVE_SESSION_HOURS and CREDIT_HOLD_HOURS. */
export interface UsageSpans {
  readonly liveSince: Date;
  readonly heldSince: Date;
}

/** Who grants within limits does so one after the other, on all replicas. References to a contract do not wait. */
const LOCK = { name: 'limits-lock', text: 'SELECT 1 FROM contract WHERE contract_ref = $1 FOR NO KEY UPDATE' };

/**
 * Live is what was authorized or charges and was not stopped. Credit is held for a session until its charge comes, or
 * it turns out that nobody charged.
 */
const USAGE = {
  name: 'limits-usage',
  text: `
    SELECT (contract.rules->>'sessionLimit')::int AS session_limit,
      (SELECT count(*)::int FROM charging_session AS live
       WHERE live.contract_ref = $1 AND live.session_id <> $2 AND live.state IN ('authorized', 'charging')
         AND live.denied_at IS NULL AND live.stop_authorized_at IS NULL AND live.last_heard_at > $3) AS live_sessions,
      credit.currency, credit.amount, credit.consumed, credit.reserve_per_session,
      (SELECT coalesce(sum(hold.amount), 0) FROM credit_hold AS hold JOIN charging_session AS held USING (session_id)
       WHERE hold.contract_ref = $1 AND hold.session_id <> $2 AND hold.held_at > $4
         AND held.denied_at IS NULL AND held.state NOT IN ('expired', 'cancelled')) AS held
    FROM contract LEFT JOIN contract_credit AS credit USING (contract_ref) WHERE contract.contract_ref = $1`,
};

const HOLD = {
  name: 'limits-hold',
  text: `INSERT INTO credit_hold (session_id, contract_ref, amount, held_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (session_id) DO NOTHING`,
};

interface UsageRow {
  readonly session_limit: number | null;
  readonly live_sessions: number;
  readonly currency: string | null;
  readonly amount: string;
  readonly consumed: string;
  readonly reserve_per_session: string;
  readonly held: string;
}

export async function lockUsage(tx: Transaction, contractRef: string): Promise<void> {
  await tx.prepared(LOCK, [contractRef]);
}

/** What is in use of a contract, without the session that is asked about. Nothing for a contract that is gone. */
export async function readUsage(
  database: Queryable,
  { contractRef, sessionId }: { readonly contractRef: string; readonly sessionId: string },
  { liveSince, heldSince }: UsageSpans,
): Promise<ContractUsage> {
  const [row] = await database.prepared<UsageRow>(USAGE, [contractRef, sessionId, liveSince, heldSince]);
  if (!row) return { sessionLimit: null, liveSessions: 0, credit: null };
  return {
    sessionLimit: row.session_limit,
    liveSessions: row.live_sessions,
    credit:
      row.currency === null
        ? null
        : {
            currency: row.currency,
            amount: Decimal.parse(row.amount),
            consumed: Decimal.parse(row.consumed),
            held: Decimal.parse(row.held),
            reservePerSession: Decimal.parse(row.reserve_per_session),
          },
  };
}

export async function holdCredit(
  tx: Transaction,
  hold: { readonly sessionId: string; readonly contractRef: string; readonly amount: Decimal; readonly at: Date },
): Promise<void> {
  await tx.prepared(HOLD, [hold.sessionId, hold.contractRef, hold.amount.toString(), hold.at]);
}
