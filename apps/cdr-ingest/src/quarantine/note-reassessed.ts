import type { Transaction } from '@emp/database';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import { sessionKey } from '../domain/session-key.ts';
import { openCodes, settled, takeSteps, type StepByItself } from './steps-by-itself.ts';

/** A record that waited and was judged again without a person. */
export interface Reassessed {
  readonly sessionId: string;
  readonly outcome: 'accepted' | 'quarantined';
  readonly findings: readonly CdrFinding[];
}

/** What had come when a record was judged again by itself, by how it was found. */
export const WHAT_CAME = {
  'session-key': 'its session became known', 'id': 'it came again, with its session', 'evse-key': 'its EVSE was listed',
  'fingerprint': 'its contract was registered', 'meter-id': 'a key of its meter was registered',
  'operator-key': 'a product was listed',
} as const;

/** Notes what became of records that were judged again by themselves: accepted, or kept for other reasons. */
export async function noteReassessed(
  tx: Transaction, reassessed: readonly Reassessed[], why: string, now: Date,
): Promise<void> {
  await takeSteps(tx, reassessed.map(({ sessionId, outcome, findings }): StepByItself => ({
    sessionKey: sessionKey(sessionId), what: outcome === 'accepted' ? 'settled' : 'rechecked', why,
    take: (before) => {
      if (!before) return null;
      if (outcome === 'accepted') return settled(before, now);
      return { ...before, codes: openCodes(findings, before.openVersions) };
    },
  })), now);
}
