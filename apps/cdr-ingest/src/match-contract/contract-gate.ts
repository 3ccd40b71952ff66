import { lockNumber, type Transaction } from '@emp/database';

const GATE = lockNumber('cdr-ingest.contract-gate');

/**
 * A record finds no contract while the contract is just being registered elsewhere: neither transaction sees the other,
 * and the record would wait for ever. So whoever stores a record without contract holds the gate open (many may) and
 * looks again; whoever brings contracts closes it, before it looks for waiting records.
 */
export async function holdGateOpen(tx: Transaction): Promise<void> {
  await tx.prepared({ name: 'contract-gate-open', text: 'SELECT pg_advisory_xact_lock_shared($1)' }, [GATE]);
}

export async function closeGate(tx: Transaction): Promise<void> {
  await tx.prepared({ name: 'contract-gate-close', text: 'SELECT pg_advisory_xact_lock($1)' }, [GATE]);
}
