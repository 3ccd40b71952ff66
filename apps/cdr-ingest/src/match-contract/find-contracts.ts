import type { Transaction } from '@emp/database';
import { holdGateOpen } from './contract-gate.ts';
import { contractsOf } from './identification-store.ts';

/**
 * Contracts by fingerprint. A fingerprint without contract is looked up a second time behind the gate, so that a
 * contract registered at this moment is either found here or finds the record.
 */
export async function findContracts(tx: Transaction, fingerprints: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(fingerprints)];
  const found = await contractsOf(tx, wanted);
  const missing = wanted.filter((fingerprint) => !found.has(fingerprint));
  if (missing.length === 0) return found;
  await holdGateOpen(tx);
  return new Map([...found, ...(await contractsOf(tx, missing))]);
}
