import {
  CdrAcceptedV1, CdrConflictedV1, CdrQuarantinedV1, newEvent, type CdrReceivedData, type EmpEvent, type SignedMetering,
} from '@emp/events';
import { EmpError } from '@emp/kernel';
import { billableEnergyKwh, type CdrFacts } from '../domain/cdr-facts.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import { originOf, type MeteringOutcome } from '../domain/metering-outcome.ts';

/** What an event about a record needs of it. */
export interface AnnouncedCdr {
  readonly sessionId: string;
  readonly facts: CdrFacts | null;
  readonly contractRef: string | null;
  readonly findings: readonly CdrFinding[];
  readonly received: Pick<CdrReceivedData, 'providerId' | 'operatorId' | 'origin' | 'receivedAt'>;
}

export interface AcceptedCdr extends AnnouncedCdr {
  readonly signedMetering: SignedMetering;
}

/** What others are told of the outcome of signed values. */
export function signedMeteringOf(outcome: MeteringOutcome): SignedMetering {
  const { verdict, reason, energyKwh } = outcome;
  return { verdict, reason: verdict === 'valid' ? null : reason, origin: originOf(outcome), energyKwh };
}

/** The record may be billed. @throws EmpError `cdr-incomplete` if a check let something pass that billing needs. */
export function acceptedEvent(cdr: AcceptedCdr, time: Date): EmpEvent {
  const { sessionId, facts, contractRef, findings, received, signedMetering } = cdr;
  const energy = facts && billableEnergyKwh(facts);
  if (!facts?.evseId || !facts.sessionStart || !facts.sessionEnd || !energy || contractRef === null) {
    const message = `the record of session ${sessionId} was accepted without what billing needs`;
    throw new EmpError('cdr-incomplete', message, { retry: 'useless' });
  }
  return newEvent(CdrAcceptedV1, {
    sessionId, providerId: received.providerId, contractRef, operatorId: received.operatorId,
    evseId: facts.evseId, partnerProductId: facts.partnerProductId,
    sessionStart: facts.sessionStart.text, sessionEnd: facts.sessionEnd.text,
    chargingStart: facts.chargingStart?.text ?? null, chargingEnd: facts.chargingEnd?.text ?? null,
    energyKwh: energy.toString(), findings: [...new Set(findings.map(({ code }) => code))],
    origin: received.origin, receivedAt: received.receivedAt,
    signedMetering,
  }, { time });
}

export function quarantinedEvent({ sessionId, findings, received }: AnnouncedCdr, time: Date): EmpEvent {
  const reasons = findings.filter(({ severity }) => severity === 'error').map(({ code, message }) => ({ code, message }));
  const { origin, receivedAt } = received;
  return newEvent(CdrQuarantinedV1, { sessionId, reasons, origin, receivedAt }, { time });
}

export function conflictedEvent(cdr: AnnouncedCdr, differingMembers: readonly string[], time: Date): EmpEvent {
  const { sessionId, received: { receivedAt } } = cdr;
  return newEvent(CdrConflictedV1, { sessionId, differingMembers, receivedAt }, { time });
}
