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
         VALUES ($1, $2, $3, $4, $5, $6::uuid) ON CONFLICT DO NOTHING RETURNING session_id`,
};

/** Remembers that this content came for this session; `false` if it had come before. */
export async function keepRecord(tx: Transaction, record: KeptRecord): Promise<boolean> {
  const kept = await tx.prepared(KEEP, [
    record.sessionId, record.contentHash, record.receivedAt, record.operatorId, record.processId, record.eventId,
  ]);
  return kept.length > 0;
}
