import type { CdrFacts } from './cdr-facts.ts';
import { finding, type CdrFinding } from './cdr-finding.ts';
import type { CheckContext } from './check-context.ts';

/** Who pays and where it was: a contract of ours, and an EVSE. */
export function checkIdentity(facts: CdrFacts, { contractRef }: CheckContext): readonly CdrFinding[] {
  const findings: CdrFinding[] = [];
  if (contractRef === null) findings.push(contractUnknown(facts));
  if (facts.evseId === null) {
    findings.push(finding('evse-missing', 'error', 'the record names no EVSE', { source: 'OICP §8.3', pointer: '/EvseID' }));
  }
  return findings;
}

function contractUnknown({ identification }: CdrFacts): CdrFinding {
  const message = identification === 'none'
    ? 'we did not authorize the session, and the record carries no readable identification'
    : `we did not authorize the session, and no contract of ours has this identification (${identification})`;
  return finding('contract-unknown', 'error', message, { source: 'OICP §8.3', pointer: '/Identification' });
}
