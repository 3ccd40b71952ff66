import type { AuthenticationRecord, PushAction } from '../hub/authentication-data.ts';
import type { StoredRecord } from '../hub/record-store.ts';

/** HBS keeps a charge detail record before it forwards it. */
export interface RecordStored {
  readonly entry: 'record-stored';
  readonly record: StoredRecord;
}

/** The EMP said `Result: true`. */
export interface RecordAcknowledged {
  readonly entry: 'record-acknowledged';
  readonly sessionId: string;
  readonly at: string;
}

export interface CardsPushed {
  readonly entry: 'cards-pushed';
  readonly at: string;
  readonly providerId: string;
  readonly action: PushAction;
  readonly records: readonly AuthenticationRecord[];
}

export type JournalEntry = RecordStored | RecordAcknowledged | CardsPushed;
