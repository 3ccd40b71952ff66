import type { Queryable } from '@emp/database';
import type { ListRecord } from './list-record.ts';

/** A record that HBS does not take, with its words. */
export interface RefusedRecord {
  readonly record: ListRecord;
  readonly statusCode: string | null;
  readonly reason: string;
  readonly pushId: string;
}

/** Leaves them out of pushes until they change. */
export async function keepOut(
  database: Queryable, providerId: string, refused: readonly RefusedRecord[], at: Date,
): Promise<void> {
  if (refused.length === 0) return;
  await database.execute(
    `INSERT INTO authentication_refusal
       (provider_id, kind, subject_ref, content, version, status_code, reason, push_id, refused_at)
     SELECT $1, *, $2
     FROM unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[], $9::text[])
     ON CONFLICT (provider_id, kind, subject_ref) DO UPDATE SET content = EXCLUDED.content, version = EXCLUDED.version,
       status_code = EXCLUDED.status_code, reason = EXCLUDED.reason, push_id = EXCLUDED.push_id,
       refused_at = EXCLUDED.refused_at`,
    [
      providerId, at,
      refused.map(({ record }) => record.kind), refused.map(({ record }) => record.subjectRef),
      refused.map(({ record }) => record.content), refused.map(({ record }) => record.version ?? at),
      refused.map(({ statusCode }) => statusCode), refused.map(({ reason }) => reason),
      refused.map(({ pushId }) => pushId),
    ],
  );
}

/** Somebody wants them tried again. */
export async function letIn(database: Queryable, providerId: string): Promise<void> {
  await database.execute('DELETE FROM authentication_refusal WHERE provider_id = $1', [providerId]);
}

/** Of records that have changed since, or that are nobody's any more. */
export async function forgetOutdated(database: Queryable, providerId: string): Promise<void> {
  await database.execute(
    `DELETE FROM authentication_refusal AS refusal WHERE provider_id = $1 AND version < coalesce(
       (SELECT greatest(card.changed_at, contract.changed_at) FROM card JOIN contract USING (contract_ref)
        WHERE refusal.kind = 'rfid' AND card.card_ref = refusal.subject_ref),
       (SELECT changed_at FROM contract WHERE refusal.kind <> 'rfid' AND contract_ref = refusal.subject_ref), 'infinity')`,
    [providerId],
  );
}
