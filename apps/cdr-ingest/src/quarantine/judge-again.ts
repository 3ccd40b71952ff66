import type { Transaction } from '@emp/database';
import { CheckDesk } from '../check-records/check-desk.ts';
import { judgeCdr } from '../domain/assess-cdr.ts';
import { missingForBilling } from '../domain/case-billable.ts';
import { overlaid, type Overlay } from '../domain/case-overlay.ts';
import type { CdrFacts } from '../domain/cdr-facts.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import type { CheckLimits } from '../domain/check-context.ts';
import type { MeteringOutcome } from '../domain/metering-outcome.ts';
import { findContracts } from '../match-contract/find-contracts.ts';
import type { MatchedBy, StoredRecord } from './stored-record.ts';

/** A record as it is seen now: with what a person corrected, and all that is known today. */
export interface JudgedRecord {
  readonly record: StoredRecord;
  readonly facts: CdrFacts;
  readonly outcome: 'accepted' | 'quarantined';
  readonly findings: readonly CdrFinding[];
  readonly contractRef: string | null;
  readonly matchedBy: MatchedBy | null;
  readonly metering: MeteringOutcome;
  /** What nobody could bill without. */
  readonly missing: readonly string[];
}

/** Checks a stored record again. `undefined` if its text is no record. The caller holds `readFactsInPeace`. */
export async function judgeAgain(
  tx: Transaction, record: StoredRecord, overlay: Overlay,
  by: { readonly checks: CheckDesk; readonly limits: CheckLimits; readonly now: Date },
): Promise<JudgedRecord | undefined> {
  const { identity: { sessionKey, sessionId }, fingerprint, signed, received, reading } = record.read;
  if (record.read.facts === null) return undefined;
  const facts = overlaid(record.read.facts, overlay);
  const checked = [{ id: record.id, sessionKey, sessionId, facts, fingerprint, signed }];
  const gathered = await by.checks.gather(tx, checked);
  const knowledge = gathered.get(record.id);
  if (!knowledge) return undefined;
  const contract = await contractOf(tx, record, overlay, knowledge.session?.contractRef ?? null);
  const receivedAt = new Date(received.receivedAt);
  const context = { ...knowledge, limits: by.limits, receivedAt, contractRef: contract.contractRef };
  await by.checks.keep(tx, checked, gathered, by.now);
  return {
    record, facts, ...judgeCdr(facts, reading, context), ...contract, metering: knowledge.metering,
    missing: missingForBilling(facts, contract.contractRef),
  };
}

/** A person's word, else the session's contract, else that of the identification, else the one it had. */
async function contractOf(
  tx: Transaction, record: StoredRecord, overlay: Overlay, ofSession: string | null,
): Promise<{ readonly contractRef: string | null; readonly matchedBy: MatchedBy | null }> {
  if (typeof overlay.contractRef === 'string') return { contractRef: overlay.contractRef, matchedBy: 'person' };
  if (record.contractRef !== null && record.matchedBy === 'session') {
    return { contractRef: record.contractRef, matchedBy: 'session' };
  }
  if (ofSession !== null) return { contractRef: ofSession, matchedBy: 'session' };
  const { fingerprint } = record.read;
  const known = fingerprint === null ? undefined : (await findContracts(tx, [fingerprint])).get(fingerprint);
  if (known !== undefined) return { contractRef: known, matchedBy: 'identification' };
  return { contractRef: record.contractRef, matchedBy: record.contractRef === null ? null : record.matchedBy };
}
