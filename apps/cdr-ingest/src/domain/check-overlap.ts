import type { CdrFacts } from './cdr-facts.ts';
import { finding, type CdrFinding } from './cdr-finding.ts';
import type { CheckContext } from './check-context.ts';

/** One EVSE charges one car, and one card is with one driver. */
export function checkOverlap(_facts: CdrFacts, { overlaps, limits }: CheckContext): readonly CdrFinding[] {
  return overlaps.filter(({ seconds }) => seconds > limits.overlapToleranceSeconds).map(({ of, sessionId, seconds }) => {
    const numbers = {
      sessionId, overlapSeconds: String(seconds), toleratedSeconds: String(limits.overlapToleranceSeconds),
    };
    return of === 'evse'
      ? finding('overlap-evse', 'warning', `session ${sessionId} was on this EVSE at the time`, {
        source: 'our limit', pointer: '/EvseID', numbers,
      })
      : finding('overlap-card', 'warning', `the same card was in session ${sessionId} at the time`, {
        source: 'our limit', pointer: '/Identification', numbers,
      });
  });
}
