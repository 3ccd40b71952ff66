import type { Queryable } from '@emp/database';

/** Longer than any request takes: who does not answer by then is dead. */
const HELD_SECONDS = 90;
export const KEPT_HOURS = 24;

export interface KeyOfCaller {
  readonly caller: string;
  readonly key: string;
}

export interface KnownRequest {
  readonly request: string;
  readonly status: number | null;
  readonly sealed_answer: string | null;
  /** How long the one at work may still take. */
  readonly wait_seconds: number;
}

/** A key is taken by whoever inserts it, or takes over what is too old or was left by the dead. */
const CLAIM = `
  INSERT INTO idempotent_request AS known (caller, key, request, held_until)
  VALUES ($1, $2, $3, now() + interval '${HELD_SECONDS} seconds')
  ON CONFLICT (caller, key) DO UPDATE SET request = EXCLUDED.request, begun_at = now(),
    held_until = EXCLUDED.held_until, status = NULL, sealed_answer = NULL
  WHERE known.begun_at < now() - interval '${KEPT_HOURS} hours'
    OR (known.status IS NULL AND known.held_until < now() AND known.request = EXCLUDED.request)
  RETURNING true AS claimed`;

const READ = `
  SELECT request, status, sealed_answer,
    greatest(1, ceil(extract(epoch FROM held_until - now())))::int AS wait_seconds
  FROM idempotent_request WHERE caller = $1 AND key = $2`;

/** `claimed`: the request is ours to carry out. `gone`: somebody gave it up in between; ask again. */
export async function claim(
  database: Queryable,
  { caller, key }: KeyOfCaller,
  request: string,
): Promise<'claimed' | 'gone' | KnownRequest> {
  const claimed = await database.query(CLAIM, [caller, key, request]);
  if (claimed.length > 0) return 'claimed';
  return (await database.query<KnownRequest>(READ, [caller, key]))[0] ?? 'gone';
}

/** `false`: another process took the request over and has answered it. */
export async function keepAnswer(
  database: Queryable,
  { caller, key }: KeyOfCaller,
  answer: { readonly status: number; readonly sealed: string },
): Promise<boolean> {
  const kept = await database.execute(
    'UPDATE idempotent_request SET status = $3, sealed_answer = $4 WHERE caller = $1 AND key = $2 AND status IS NULL',
    [caller, key, answer.status, answer.sealed],
  );
  return kept > 0;
}

/** What was not done may be asked again. A kept answer stays. */
export async function giveUp(database: Queryable, { caller, key }: KeyOfCaller): Promise<void> {
  await database.execute('DELETE FROM idempotent_request WHERE caller = $1 AND key = $2 AND status IS NULL', [
    caller,
    key,
  ]);
}

const EXPIRE = `
  DELETE FROM idempotent_request WHERE (caller, key) IN (
    SELECT caller, key FROM idempotent_request WHERE begun_at < now() - interval '${KEPT_HOURS} hours'
    ORDER BY begun_at LIMIT 5000 FOR UPDATE SKIP LOCKED)`;

export async function expireOld(database: Queryable, signal: AbortSignal): Promise<number> {
  let expired = 0;
  for (let last = -1; last !== 0 && !signal.aborted; expired += last) last = await database.execute(EXPIRE);
  return expired;
}
