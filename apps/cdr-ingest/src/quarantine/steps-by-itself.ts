import type { Transaction } from '@emp/database';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import { changedCase } from './case-places.ts';
import { lockCases, storeCases, type CaseRow } from './case-row.ts';
import { BY_ITSELF, insertSteps, type NewStep } from './step-store.ts';

/** A step that no person takes. */
export interface StepByItself {
  readonly sessionKey: string;
  readonly what: string;
  readonly why: string;
  /** What it makes of the case; `null` = nothing to note. */
  readonly take: (before: CaseRow | undefined) => CaseRow | null;
}

/** Takes steps in order, each on what the one before left; cases are read once and written once. */
export async function takeSteps(tx: Transaction, steps: readonly StepByItself[], now: Date): Promise<void> {
  if (steps.length === 0) return;
  const found = await lockCases(tx, [...new Set(steps.map((step) => step.sessionKey))]);
  const changed = new Map<string, CaseRow>();
  const taken: NewStep[] = [];
  for (const { sessionKey: key, what, why, take: effect } of steps) {
    const before = changed.get(key) ?? found.get(key);
    const after = effect(before);
    if (after === null) continue;
    const revision = (before?.revision ?? 0) + 1;
    changed.set(key, { ...after, revision });
    taken.push({
      sessionKey: key, revision, who: BY_ITSELF, what, why, before: before ? snapshot(before) : {},
      after: snapshot(after),
    });
  }
  await storeCases(tx, [...changed].map(([key, one]) => changedCase(found.get(key)?.revision ?? 0, one)));
  await insertSteps(tx, taken, now);
}

/** By a fact that came; a contradiction remains for a person. */
export function settled(before: CaseRow, now: Date): CaseRow {
  const announced = before.announced === 'never' ? 'accepted' : before.announced;
  if (before.openVersions.length > 0) return { ...before, announced, codes: openCodes([], before.openVersions) };
  return { ...before, announced, state: 'settled', codes: [], closedAt: now };
}

/** What keeps a case open: errors of the record in force, and that another contradicts it. */
export function openCodes(findings: readonly CdrFinding[], openVersions: readonly number[]): readonly string[] {
  return [...new Set([...errorCodes(findings), ...(openVersions.length > 0 ? ['other-content'] : [])])].sort();
}

export const errorCodes = (findings: readonly CdrFinding[]): readonly string[] =>
  findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);

const snapshot = ({ state, codes, openVersions, announced }: CaseRow): object =>
  ({ state, codes, openVersions, announced });
