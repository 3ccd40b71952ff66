import type { Transaction } from '@emp/database';
import type { CdrState } from '../cdrs/cdr-row.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import type { CaseRow } from './case-row.ts';
import { errorCodes, settled, takeSteps, type StepByItself } from './steps-by-itself.ts';

/** A record that was just stored. */
export interface StoredCdr {
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly version: number;
  readonly state: CdrState;
  readonly findings: readonly CdrFinding[];
  readonly facts: { readonly evseId: string | null } | null;
  readonly received: { readonly providerId: string; readonly operatorId: string | null };
}

/**
 * Opens cases of records that were quarantined or contradict another. The records are those of one intake, in order:
 * most need no case, and then nothing is asked.
 */
export async function openCases(tx: Transaction, cdrs: readonly StoredCdr[], now: Date): Promise<void> {
  const leading = new Map<string, CdrState>();
  const steps = cdrs.flatMap((cdr): readonly StepByItself[] => {
    const step = stepOfIntake(cdr, leading.get(cdr.sessionKey), now);
    if (cdr.state !== 'conflict' && cdr.facts !== null) leading.set(cdr.sessionKey, cdr.state);
    return step;
  });
  await takeSteps(tx, steps, now);
}

function stepOfIntake(cdr: StoredCdr, led: CdrState | undefined, now: Date): readonly StepByItself[] {
  const { sessionKey: key, version, state, findings } = cdr;
  const why = [...new Set(errorCodes(findings))].join(', ');
  switch (state) {
    case 'accepted': // the first version of a session has no case; a later one follows a text that was no record
      return version === 1 ? [] : [{
        sessionKey: key, what: 'settled', why: `version ${version} is a record and was accepted`,
        take: (before) => (before ? settled(before, now) : null),
      }];
    case 'quarantined':
      return [{
        sessionKey: key, what: 'opened', why,
        take: (before) => opened(before ?? newCase(cdr, 'never', now), findings, [], now),
      }];
    case 'conflict':
      return [{
        sessionKey: key, what: 'contradicted', why: `version ${version} says something else`,
        take: (before) => {
          const made = newCase(cdr, led === 'quarantined' ? 'never' : 'accepted', now);
          return opened(before ?? made, findings, [version], now);
        },
      }];
  }
}

function newCase(
  { sessionKey: key, sessionId, facts, received }: StoredCdr, announced: CaseRow['announced'], now: Date,
): CaseRow {
  return {
    sessionKey: key, sessionId, state: 'open', revision: 0, announced, corrections: 0, codes: [],
    openVersions: [], overlay: {},
    providerId: received.providerId, operatorId: received.operatorId, evseId: facts?.evseId ?? null,
    openedAt: now, closedAt: null,
  };
}

function opened(before: CaseRow, findings: readonly CdrFinding[], versions: readonly number[], now: Date): CaseRow {
  return {
    ...before, state: 'open', openedAt: before.state === 'open' ? before.openedAt : now, closedAt: null,
    codes: [...new Set([...before.codes, ...errorCodes(findings)])].sort(),
    openVersions: [...before.openVersions, ...versions],
  };
}
