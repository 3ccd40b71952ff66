import type { CdrFacts } from '../domain/cdr-facts.ts';
import type { AuthorizedSession, CheckContext } from '../domain/check-context.ts';
import type { SignedRecord } from '../verify-metering/metering-request.ts';

/** A record that is to be checked, new or again. */
export interface CheckedRecord {
  /** Its row, or the event that becomes one. */
  readonly id: string;
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly facts: CdrFacts;
  /** Keyed hash of the card or contract that charged. */
  readonly fingerprint: string | null;
  readonly signed: SignedRecord;
}

/** What is known around a record, but for the contract, which is decided with it. */
export type RecordKnowledge = Pick<
  CheckContext, 'identificationContractRef' | 'evse' | 'products' | 'overlaps' | 'metering'
> & { readonly session: AuthorizedSession | null };
