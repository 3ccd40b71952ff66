import type { OffsetDateTime } from '@emp/kernel';
import type { CdrFacts } from './cdr-facts.ts';
import { finding, type CdrFinding } from './cdr-finding.ts';
import type { CheckContext } from './check-context.ts';

const SOURCE = 'OICP §8.3';

/** SessionStart ≤ ChargingStart ≤ ChargingEnd ≤ SessionEnd ≤ receipt, each readable and with its offset. */
export function checkInstants(facts: CdrFacts, context: CheckContext): readonly CdrFinding[] {
  return [...checkPresence(facts), ...checkOffsets(facts), ...checkOrder(facts, context), ...checkSession(facts, context)];
}

function checkPresence(facts: CdrFacts): readonly CdrFinding[] {
  const findings: CdrFinding[] = [];
  const missing = (pointer: string): CdrFinding =>
    finding('session-time-missing', 'error', `${pointer.slice(1)} is missing or not a date-time`, { source: SOURCE, pointer });
  if (!facts.sessionStart) findings.push(missing('/SessionStart'));
  if (!facts.sessionEnd) findings.push(missing('/SessionEnd'));
  if (!facts.chargingStart || !facts.chargingEnd) {
    const message = 'the record does not say when energy flowed';
    findings.push(finding('charging-times-missing', 'note', message, { source: 'OICP §15' }));
  }
  return findings;
}

/** Without an offset a tariff by time of day is a guess (OICP §3): it was read as UTC. */
function checkOffsets(facts: CdrFacts): readonly CdrFinding[] {
  return instants(facts)
    .filter(([, instant]) => instant.offsetMinutes === null)
    .map(([member]) => finding('time-without-offset', 'warning', `${member} has no time-zone offset; read as UTC`, {
      source: 'OICP §3', pointer: `/${member}`,
    }));
}

function checkOrder(facts: CdrFacts, { limits }: CheckContext): readonly CdrFinding[] {
  const { sessionStart, sessionEnd, chargingStart, chargingEnd } = facts;
  const findings: CdrFinding[] = [];
  const backwards = secondsBetween(sessionEnd, sessionStart);
  if (backwards > 0) {
    findings.push(finding('session-ends-before-start', 'error', 'the session ends before it starts', {
      source: SOURCE, pointer: '/SessionEnd', numbers: { secondsBefore: String(backwards) },
    }));
  }
  const chargingBackwards = secondsBetween(chargingEnd, chargingStart);
  if (chargingBackwards > 0) {
    findings.push(finding('charging-ends-before-start', 'error', 'charging ends before it starts', {
      source: SOURCE, pointer: '/ChargingEnd', numbers: { secondsBefore: String(chargingBackwards) },
    }));
  }
  if (findings.length > 0) return findings;
  const outside = Math.max(
    secondsBetween(chargingStart, sessionStart), secondsBetween(sessionEnd, chargingEnd),
    secondsBetween(sessionEnd, chargingStart), secondsBetween(chargingEnd, sessionStart),
  );
  if (outside <= 0) return [];
  const severity = outside > limits.clockSkewSeconds ? 'error' : 'warning';
  return [finding('charging-outside-session', severity, 'charging begins before or ends after the session', {
    source: SOURCE, pointer: '/ChargingStart',
    numbers: { secondsOutside: String(outside), toleratedSeconds: String(limits.clockSkewSeconds) },
  })];
}

function checkSession({ sessionStart, sessionEnd }: CdrFacts, { limits, receivedAt }: CheckContext): readonly CdrFinding[] {
  if (!sessionEnd) return [];
  const findings: CdrFinding[] = [];
  const ahead = Math.ceil((sessionEnd.epochMillis - receivedAt.getTime()) / 1000);
  if (ahead > limits.clockSkewSeconds) {
    findings.push(finding('ends-in-future', 'error', 'the session ends after the record came', {
      source: SOURCE, pointer: '/SessionEnd',
      numbers: { secondsAhead: String(ahead), toleratedSeconds: String(limits.clockSkewSeconds) },
    }));
  }
  const days = Math.floor((receivedAt.getTime() - sessionEnd.epochMillis) / 86_400_000);
  if (days >= limits.maximumAgeDays) {
    findings.push(finding('record-old', 'warning', 'the session ended long before its record came', {
      source: 'OICP §7.8', pointer: '/SessionEnd',
      numbers: { days: String(days), maximumDays: String(limits.maximumAgeDays) },
    }));
  }
  const hours = sessionStart ? (sessionEnd.epochMillis - sessionStart.epochMillis) / 3_600_000 : 0;
  if (hours > limits.maximumSessionHours) {
    findings.push(finding('session-too-long', 'error', 'no car is plugged in that long', {
      source: 'our limit', pointer: '/SessionEnd',
      numbers: { hours: hours.toFixed(1), maximumHours: String(limits.maximumSessionHours) },
    }));
  }
  return findings;
}

/** Whole seconds by which `later` lies after `earlier`, rounded up; 0 if either is unknown or the order is right. */
function secondsBetween(earlier: OffsetDateTime | null, later: OffsetDateTime | null): number {
  if (!earlier || !later) return 0;
  return Math.max(0, Math.ceil((later.epochMillis - earlier.epochMillis) / 1000));
}

function instants(facts: CdrFacts): readonly (readonly [string, OffsetDateTime])[] {
  const all = [
    ['SessionStart', facts.sessionStart], ['ChargingStart', facts.chargingStart],
    ['ChargingEnd', facts.chargingEnd], ['SessionEnd', facts.sessionEnd],
  ] as const;
  return all.flatMap(([member, instant]) => (instant ? [[member, instant] as const] : []));
}
