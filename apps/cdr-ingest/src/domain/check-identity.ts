import { evseKey } from '@emp/oicp';
import type { CdrFacts } from './cdr-facts.ts';
import { finding, type CdrFinding } from './cdr-finding.ts';
import type { CheckContext } from './check-context.ts';

/** Who pays and where it was: a contract of ours, an EVSE, and both those of the session we authorized. */
export function checkIdentity(facts: CdrFacts, context: CheckContext): readonly CdrFinding[] {
  const findings: CdrFinding[] = [];
  if (context.contractRef === null) findings.push(contractUnknown(facts));
  if (facts.evseId === null) {
    findings.push(finding('evse-missing', 'error', 'the record names no EVSE', { source: 'OICP §8.3', pointer: '/EvseID' }));
  }
  return [...findings, ...checkAgainstSession(facts, context)];
}

function contractUnknown({ identification }: CdrFacts): CdrFinding {
  const message = identification === 'none'
    ? 'we did not authorize the session, and the record carries no readable identification'
    : `we did not authorize the session, and no contract of ours has this identification (${identification})`;
  return finding('contract-unknown', 'error', message, { source: 'OICP §8.3', pointer: '/Identification' });
}

function checkAgainstSession(facts: CdrFacts, context: CheckContext): readonly CdrFinding[] {
  const { session, contractRef, identificationContractRef } = context;
  const findings: CdrFinding[] = [];
  if (contractRef !== null && identificationContractRef !== null && contractRef !== identificationContractRef) {
    const message = 'the session belongs to one contract, the identification of the record to another';
    findings.push(finding('identification-of-other-contract', 'error', message, {
      source: 'OICP §8.3', pointer: '/Identification',
      numbers: { sessionContract: contractRef, identificationContract: identificationContractRef },
    }));
  }
  if (!session) return findings;
  if (facts.identification !== 'none' && facts.identification !== session.identification) {
    const message = `the session began with ${session.identification}, the record says ${facts.identification}`;
    findings.push(finding('identification-kind-differs', 'note', message, {
      source: 'OICP §6.4', pointer: '/Identification',
    }));
  }
  if (session.evseKey !== null && facts.evseId !== null && session.evseKey !== evseKey(facts.evseId)) {
    findings.push(finding('session-evse-differs', 'warning', 'the session was authorized at another EVSE', {
      source: 'OICP §5', pointer: '/EvseID', numbers: { sessionEvse: session.evseKey, recordEvse: evseKey(facts.evseId) },
    }));
  }
  return findings;
}
