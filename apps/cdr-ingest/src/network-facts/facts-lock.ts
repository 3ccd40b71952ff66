import { lockNumber, type Transaction } from '@emp/database';

export const FACTS = lockNumber('cdr-ingest.facts');

/**
 * Whoever checks records reads facts, and quarantines a record where one speaks against it; whoever brings facts then
 * looks for the records that they free. Without an order between the two, a record could wait for what had just arrived.
 * To be taken before any other lock of the transaction.
 */
export async function readFactsInPeace(tx: Transaction): Promise<void> {
  await tx.prepared({ name: 'facts-in-peace', text: 'SELECT pg_advisory_xact_lock_shared($1)' }, [FACTS]);
}

/** Waits for everyone who is checking; to be taken before the facts are written. */
export async function changeFacts(tx: Transaction): Promise<void> {
  await tx.prepared({ name: 'facts-change', text: 'SELECT pg_advisory_xact_lock($1)' }, [FACTS]);
}
