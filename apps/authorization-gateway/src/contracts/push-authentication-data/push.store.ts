import { createHash } from 'node:crypto';
import type { Database, Queryable, Transaction } from '@emp/database';
import { newId } from '@emp/kernel';
import type { ListState, RepairReason } from '../../domain/push-plan.ts';
import type { PushOutcome } from '../../domain/push-outcome.ts';
import { countHeld, deleteHeld, putHeld, replaceHeld } from './held.store.ts';
import { nameOf, type DifferenceAction, type ListRecord } from './list-record.ts';

export type PushAction = 'fullLoad' | DifferenceAction;

/** A push about to be sent. */
export interface PushToSend {
  readonly providerId: string;
  readonly action: PushAction;
  readonly reason: string;
  readonly records: readonly ListRecord[];
}

export interface BegunPush extends PushToSend {
  readonly id: string;
  readonly intendedBefore: number;
}

/** How it ended. */
export interface EndedPush {
  readonly outcome: PushOutcome;
  readonly statusCode: string | null;
  readonly httpStatus: number | null;
  readonly processId: string | null;
  readonly detail: string | null;
}

/** What is known of a list, under its lock. A push that never ended, its process having died, may have been done. */
export async function readListState(
  database: Database, providerId: string, now: Date,
): Promise<ListState & { readonly fullLoadedAt: Date | null }> {
  return database.transaction(async (tx) => {
    await tx.execute(
      `INSERT INTO authentication_list (provider_id, repair) VALUES ($1, 'never-loaded') ON CONFLICT DO NOTHING`,
      [providerId],
    );
    const abandoned = await tx.execute(
      `UPDATE authentication_push
       SET outcome = 'unknown', ended_at = $2, detail = 'the process ended before HBS answered'
       WHERE provider_id = $1 AND outcome = 'pending'`,
      [providerId, now],
    );
    if (abandoned > 0) await mustRepair(tx, providerId, 'outcome-unknown');
    const [row] = await tx.query<Omit<ListState, 'held'> & { fullLoadedAt: Date | null }>(
      `SELECT repair, intended, baseline, deleted_since AS "deletedSince", full_loaded_at AS "fullLoadedAt"
       FROM authentication_list WHERE provider_id = $1`,
      [providerId],
    );
    if (!row) throw new Error('the row of a list that was just written is missing');
    return { ...row, held: await countHeld(tx, providerId) };
  });
}

export async function mustRepair(database: Queryable, providerId: string, reason: RepairReason): Promise<void> {
  await database.execute(
    `UPDATE authentication_list SET repair = CASE WHEN repair = 'never-loaded' THEN repair ELSE $2 END
     WHERE provider_id = $1`,
    [providerId, reason],
  );
}

/** Written before it is sent, so that a push whose process dies is not forgotten. */
export async function beginPush(database: Database, push: PushToSend, now: Date): Promise<BegunPush> {
  const id = newId();
  const { providerId, action, reason, records } = push;
  const hash = createHash('sha256');
  for (const record of records) hash.update(`${nameOf(record)}/${record.content}\n`);
  return database.transaction(async (tx) => {
    const [list] = await tx.query<{ intended: number }>(
      'SELECT intended FROM authentication_list WHERE provider_id = $1 FOR UPDATE',
      [providerId],
    );
    const intendedBefore = list?.intended ?? 0;
    await tx.execute('UPDATE authentication_list SET intended = $2 WHERE provider_id = $1', [
      providerId,
      Math.max(0, intendedAfter(action, intendedBefore, records.length)),
    ]);
    await tx.execute(
      `INSERT INTO authentication_push (id, provider_id, action, reason, records, set_hash, started_at, outcome)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending')`,
      [id, providerId, action, reason, records.length, hash.digest('hex'), now],
    );
    return { ...push, id, intendedBefore };
  });
}

/** The outcome and what follows from it for what we believe, together. */
export async function endPush(database: Database, push: BegunPush, ended: EndedPush, at: Date): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.execute(
      `UPDATE authentication_push
       SET outcome = $2, status_code = $3, http_status = $4, process_id = $5, detail = $6, ended_at = $7 WHERE id = $1`,
      [push.id, ended.outcome, ended.statusCode, ended.httpStatus, ended.processId, ended.detail, at],
    );
    if (ended.outcome === 'accepted') return believe(tx, push, at);
    if (ended.outcome === 'unknown') return mustRepair(tx, push.providerId, 'outcome-unknown');
    await tx.execute('UPDATE authentication_list SET intended = $2 WHERE provider_id = $1', [
      push.providerId, push.intendedBefore,
    ]);
    if (ended.outcome === 'conflict') await mustRepair(tx, push.providerId, 'beliefs-differ');
  });
}

async function believe(tx: Transaction, { id, providerId, action, records }: BegunPush, at: Date): Promise<void> {
  const taken = { providerId, pushId: id, at };
  if (action === 'fullLoad') {
    await replaceHeld(tx, taken, records);
    await tx.execute(
      `UPDATE authentication_list
       SET repair = NULL, baseline = $2, deleted_since = 0, full_loaded_at = $3, changed_at = $3
       WHERE provider_id = $1`,
      [providerId, records.length, at],
    );
    return;
  }
  if (action === 'delete') await deleteHeld(tx, taken, records);
  else await putHeld(tx, taken, records);
  await tx.execute(
    'UPDATE authentication_list SET deleted_since = deleted_since + $2, changed_at = $3 WHERE provider_id = $1',
    [providerId, action === 'delete' ? records.length : 0, at],
  );
}

function intendedAfter(action: PushAction, before: number, records: number): number {
  switch (action) {
    case 'fullLoad':
      return records;
    case 'insert':
      return before + records;
    case 'delete':
      return before - records;
    case 'update':
      return before;
  }
}
