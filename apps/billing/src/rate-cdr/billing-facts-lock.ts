import { lockNumber, type Transaction } from '@emp/database';

const FACTS = lockNumber('billing.facts');

/**
 * Whoever rates reads facts, and leaves a waiting charge where one is missing; whoever brings facts then looks for
 * charges that waited for them. Without an order between the two, a charge could wait for what had just arrived.
 */
export async function readFactsInPeace(tx: Transaction): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock_shared($1)', [FACTS]);
}

/** Waits for everyone who is rating; take it before the facts are written. */
export async function changeFacts(tx: Transaction): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [FACTS]);
}
