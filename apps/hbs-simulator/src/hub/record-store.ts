import { providerKey } from '@emp/oicp';

export type SessionMode = 'online' | 'offline' | 'remote';

/** A charge detail record as HBS keeps it. */
export interface StoredRecord {
  readonly sessionId: string;
  readonly providerId: string;
  readonly operatorId: string;
  readonly evseId: string;
  /** `null` if the session was not started by a card. */
  readonly uid: string | null;
  readonly mode: SessionMode;
  /** When HBS received it, RFC 3339. */
  readonly receivedAt: string;
  /** End of the session, milliseconds since 1970. */
  readonly endedAtMs: number;
  /** kWh as a decimal text. */
  readonly meterEnd: string;
  /** The message as JSON text. */
  readonly text: string;
}

export interface RecordQuery {
  readonly providerId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly forwarded?: boolean | undefined;
  readonly sessionIds?: ReadonlySet<string> | undefined;
  readonly operatorIds?: ReadonlySet<string> | undefined;
}

/** Records in the order in which they were received. The newest `keep` stay (HBS itself keeps about 90 days). */
export class RecordStore {
  readonly #keep: number;
  #records: StoredRecord[] = [];
  readonly #acknowledged = new Map<string, string>();
  #stored = 0;

  constructor(keep = 500_000) {
    this.#keep = keep;
  }

  add(record: StoredRecord): void {
    this.#records.push(record);
    this.#stored += 1;
    if (this.#records.length > this.#keep * 1.1) this.#records = this.#records.slice(-this.#keep);
  }

  acknowledge(sessionId: string, at: string): void {
    this.#acknowledged.set(sessionId, at);
  }

  isAcknowledged(sessionId: string): boolean {
    return this.#acknowledged.has(sessionId);
  }

  acknowledged(): IterableIterator<[sessionId: string, at: string]> {
    return this.#acknowledged.entries();
  }

  counts(): { readonly stored: number; readonly acknowledged: number } {
    return { stored: this.#stored, acknowledged: this.#acknowledged.size };
  }

  /** A page of what matches, oldest first, and how many match altogether. */
  query(query: RecordQuery, page: { readonly offset: number; readonly size: number }): { total: number; records: StoredRecord[] } {
    const provider = providerKey(query.providerId);
    let total = 0;
    const records: StoredRecord[] = [];
    for (const record of this.#records) {
      const receivedMs = Date.parse(record.receivedAt);
      const matches = receivedMs >= query.fromMs && receivedMs <= query.toMs
        && providerKey(record.providerId) === provider
        && (query.forwarded === undefined || this.isAcknowledged(record.sessionId) === query.forwarded)
        && (query.sessionIds === undefined || query.sessionIds.has(record.sessionId))
        && (query.operatorIds === undefined || query.operatorIds.has(record.operatorId));
      if (!matches) continue;
      if (total >= page.offset && records.length < page.size) records.push(record);
      total += 1;
    }
    return { total, records };
  }
}
