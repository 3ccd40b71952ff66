import type { Database } from '@emp/database';

/**
 * Takes one attempt of those a contract has in a span of time, in one statement: whoever tries many at once, on any
 * replica, has no more than one after the other. No row = none is left.
 */
const TAKE = {
  name: 'pin-attempt-take',
  text: `
    INSERT INTO pin_attempt AS known (contract_ref, since, attempts) VALUES ($1, $2, 1)
    ON CONFLICT (contract_ref) DO UPDATE SET
      since = CASE WHEN known.since <= $3 THEN EXCLUDED.since ELSE known.since END,
      attempts = CASE WHEN known.since <= $3 THEN 1 ELSE known.attempts + 1 END
    WHERE known.since <= $3 OR known.attempts < $4
    RETURNING attempts`,
};

const HASH = { name: 'pin-hash', text: 'SELECT hashed_pin FROM contract WHERE contract_ref = $1' };
const FORGET = { name: 'pin-attempts-forget', text: 'DELETE FROM pin_attempt WHERE contract_ref = $1' };

export interface AttemptLimit {
  readonly attempts: number;
  readonly minutes: number;
}

/** Whether an attempt was left; it is taken then, before the PIN is looked at. */
export async function takeAttempt(
  database: Database,
  contractRef: string,
  limit: AttemptLimit,
  at: Date,
): Promise<boolean> {
  const spanBegan = new Date(at.getTime() - limit.minutes * 60_000);
  const taken = await database.prepared(TAKE, [contractRef, at, spanBegan, limit.attempts]);
  return taken.length > 0;
}

export async function hashedPinOf(database: Database, contractRef: string): Promise<string | null> {
  const [row] = await database.prepared<{ hashed_pin: string | null }>(HASH, [contractRef]);
  return row?.hashed_pin ?? null;
}

/** A correct PIN: the row of wrong ones has ended. */
export async function forgetWrongOnes(database: Database, contractRef: string): Promise<void> {
  await database.prepared(FORGET, [contractRef]);
}
