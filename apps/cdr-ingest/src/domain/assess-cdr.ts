import type { CdrFacts } from './cdr-facts.ts';
import { finding, type CdrFinding } from './cdr-finding.ts';
import type { CheckContext } from './check-context.ts';
import { checkEnergy } from './check-energy.ts';
import { checkIdentity } from './check-identity.ts';
import { checkInstants } from './check-instants.ts';
import { checkMeter } from './check-meter.ts';
import { checkMetering } from './check-metering.ts';
import { checkNetwork } from './check-network.ts';
import { checkOverlap } from './check-overlap.ts';
import { applyPolicy } from './check-policy.ts';

/** Every check of a record, in the order in which its findings are shown. A new check is a function more in this list. */
const CHECKS: readonly ((facts: CdrFacts, context: CheckContext) => readonly CdrFinding[])[] = [
  checkIdentity, checkInstants, checkEnergy, checkMeter, checkNetwork, checkOverlap, checkMetering,
];

/** The content of a record, comparable without showing it: hashes of its value and of its bytes. */
export interface ContentIdentity {
  readonly valueHash: string;
  readonly byteHash: string;
}

/** A content that came for the same session before. */
export interface KnownVersion extends ContentIdentity {
  readonly version: number;
  /** `leading` is the record that is billed or waits to be; at most one of a session. */
  readonly role: 'leading' | 'other';
}

export interface IncomingRecord extends ContentIdentity {
  /** `null`: the text could not be read as a charge detail record; `reading` says why. */
  readonly facts: CdrFacts | null;
  /** What the reader of the message noticed. */
  readonly reading: readonly CdrFinding[];
}

export type Assessment =
  | { readonly outcome: 'repeat'; readonly ofVersion: number }
  | { readonly outcome: 'conflict'; readonly withVersion: number; readonly findings: readonly CdrFinding[] }
  | { readonly outcome: 'accepted' | 'quarantined'; readonly findings: readonly CdrFinding[] };

/**
 * What becomes of a record. The same content again changes nothing; other content for a session that has a record is a
 * conflict, and the first stays (OICP §5.6); everything else is judged by itself.
 */
export function assessCdr(record: IncomingRecord, known: readonly KnownVersion[], context: CheckContext): Assessment {
  const same = known.find((version) => version.valueHash === record.valueHash || version.byteHash === record.byteHash);
  if (same) return { outcome: 'repeat', ofVersion: same.version };
  const leading = known.find((version) => version.role === 'leading');
  if (leading) {
    const message = `version ${leading.version} of this session says something else and stays billable`;
    const other = finding('other-content', 'error', message, {
      source: 'OICP §5', numbers: { leadingVersion: String(leading.version) },
    });
    return { outcome: 'conflict', withVersion: leading.version, findings: [other, ...record.reading] };
  }
  if (!record.facts) {
    const unreadable = finding('unreadable', 'error', 'not a charge detail record', { source: 'OICP §8.3' });
    return { outcome: 'quarantined', findings: [unreadable, ...record.reading] };
  }
  return judgeCdr(record.facts, record.reading, context);
}

/** All checks over a readable record, and the policy: may it be billed? Asked again when a missing fact has come. */
export function judgeCdr(
  facts: CdrFacts,
  reading: readonly CdrFinding[],
  context: CheckContext,
): { readonly outcome: 'accepted' | 'quarantined'; readonly findings: readonly CdrFinding[] } {
  const checked = CHECKS.flatMap((check) => check(facts, context));
  const findings = [...applyPolicy(checked, context.limits.policy), ...reading];
  return { outcome: findings.some(({ severity }) => severity === 'error') ? 'quarantined' : 'accepted', findings };
}
