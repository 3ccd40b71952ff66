import type { NewCdr } from '../cdrs/cdr-row.ts';
import type { StoredVersion, VersionsBySession } from '../cdrs/cdr-store.ts';
import { assessCdr, type Assessment } from '../domain/assess-cdr.ts';
import { billableEnergyKwh } from '../domain/cdr-facts.ts';
import type { BatchKnowledge } from '../check-records/check-desk.ts';
import { NOTHING_KNOWN, type CheckLimits } from '../domain/check-context.ts';
import { NO_SIGNED_VALUES } from '../domain/metering-outcome.ts';
import type { ReceivedRecord } from './read-record.ts';

export interface BatchContextFacts {
  readonly known: VersionsBySession;
  /** Contracts by fingerprint. */
  readonly contracts: ReadonlyMap<string, string>;
  /** Of the records that are to be checked. */
  readonly knowledge: BatchKnowledge;
  readonly limits: CheckLimits;
  readonly now: Date;
}

/** What became of one record of the batch. */
export interface Decided {
  readonly record: ReceivedRecord;
  readonly assessment: Assessment;
  /** What is to be stored; a repeat is not. */
  readonly cdr: NewCdr | null;
  /** The version it repeats or is in conflict with. */
  readonly against: StoredVersion | null;
}

/** Decides the records of a batch in their order; the earlier ones are known to the later ones. */
export function decideBatch(records: readonly ReceivedRecord[], facts: BatchContextFacts): readonly Decided[] {
  const known = new Map<string, StoredVersion[]>();
  return records.map((record) => {
    const { sessionKey } = record.identity;
    const versions = known.get(sessionKey) ?? [...(facts.known.get(sessionKey) ?? [])];
    known.set(sessionKey, versions);
    const decided = decide(record, versions, facts);
    if (decided.cdr) versions.push(versionOf(decided.cdr));
    return decided;
  });
}

function decide(record: ReceivedRecord, versions: readonly StoredVersion[], facts: BatchContextFacts): Decided {
  const { received, identity } = record;
  const knowledge = facts.knowledge.get(record.eventId) ?? NOTHING_KNOWN;
  const contract = contractOf(record, knowledge.session?.contractRef ?? null, facts.contracts);
  const assessment = assessCdr(
    { facts: record.facts, reading: record.reading, valueHash: identity.valueHash, byteHash: identity.byteHash },
    versions,
    { ...knowledge, limits: facts.limits, receivedAt: new Date(received.receivedAt), contractRef: contract.contractRef },
  );
  const versioned = (version: number): StoredVersion | null => versions.find((one) => one.version === version) ?? null;
  if (assessment.outcome === 'repeat') return { record, assessment, cdr: null, against: versioned(assessment.ofVersion) };
  const cdr: NewCdr = {
    id: record.eventId, sessionKey: identity.sessionKey, sessionId: identity.sessionId,
    version: Math.max(0, ...versions.map(({ version }) => version)) + 1,
    state: assessment.outcome, identity, facts: record.facts, details: record.details, fingerprint: record.fingerprint,
    ...contract, findings: assessment.findings, differingMembers: [],
    energyKwh: record.facts && billableEnergyKwh(record.facts), received, recordedAt: facts.now,
    metering: assessment.outcome === 'conflict' ? NO_SIGNED_VALUES : knowledge.metering,
  };
  return { record, assessment, cdr, against: assessment.outcome === 'conflict' ? versioned(assessment.withVersion) : null };
}

/** The contract of the session we authorized, else the one that the identification belongs to. */
function contractOf(
  { received, fingerprint }: ReceivedRecord,
  authorized: string | null,
  contracts: ReadonlyMap<string, string>,
): Pick<NewCdr, 'contractRef' | 'matchedBy'> {
  const ofSession = received.contractRef ?? authorized;
  if (ofSession !== null) return { contractRef: ofSession, matchedBy: 'session' };
  const contractRef = fingerprint === null ? undefined : contracts.get(fingerprint);
  return contractRef === undefined ? { contractRef: null, matchedBy: null } : { contractRef, matchedBy: 'identification' };
}

function versionOf(cdr: NewCdr): StoredVersion {
  return {
    id: cdr.id, version: cdr.version, valueHash: cdr.identity.valueHash, byteHash: cdr.identity.byteHash,
    role: cdr.facts !== null && cdr.state !== 'conflict' ? 'leading' : 'other',
    waitsForContract: cdr.state === 'quarantined' && cdr.facts !== null && cdr.contractRef === null,
  };
}
