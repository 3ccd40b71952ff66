import type { Transaction } from '@emp/database';

export interface KeptRecord {
  readonly sessionId: string;
  /** Keyed fingerprint of the text. */
  readonly contentHash: string;
  readonly receivedAt: Date;
  readonly operatorId: string | null;
  readonly processId: string | null;
  readonly eventId: string;
}

const KEEP = {
  name: 'receive-cdr-keep',
  text: `INSERT INTO session_record (session_id, content_hash, received_at, operator_id, process_id, event_id)
         SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[])
         ON CONFLICT DO NOTHING RETURNING event_id`,
};

/** Remembers which contents came for which sessions; returns the event ids of those that had not come before. */
export async function keepRecords(tx: Transaction, records: readonly KeptRecord[]): Promise<ReadonlySet<string>> {
  const column = <Value>(of: (record: KeptRecord) => Value): Value[] => records.map(of);
  const kept = await tx.prepared<{ event_id: string }>(KEEP, [
    column(({ sessionId }) => sessionId),
    column(({ contentHash }) => contentHash),
    column(({ receivedAt }) => receivedAt),
    column(({ operatorId }) => operatorId),
    column(({ processId }) => processId),
    column(({ eventId }) => eventId),
  ]);
  return new Set(kept.map((row) => row.event_id));
}
