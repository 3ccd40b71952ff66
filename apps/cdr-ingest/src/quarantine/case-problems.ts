import { Problem } from '@emp/service-kit';
import { possibleMoves, type CaseFacts } from '../domain/case.ts';
import type { OverlayFlaw } from '../domain/case-overlay.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import type { CaseRow } from './case-row.ts';
import type { StepView } from './step-store.ts';

export const recordUnknown = (sessionId: string): Problem =>
  new Problem(404, 'cdr-unknown', `no charge detail record came for session ${sessionId}`);

export const revisionRequired = (): Problem =>
  new Problem(428, 'revision-required', 'say which revision of the case you saw: header If-Match with the ETag of GET /v1/quarantine/{sessionId}');

export const revisionMalformed = (): Problem =>
  new Problem(400, 'revision-malformed', 'If-Match must be the ETag of GET /v1/quarantine/{sessionId}, a revision in quotes such as "3"');

export function caseChanged(seen: number, { revision, state }: CaseRow, since: readonly StepView[]): Problem {
  const detail = `the case is at revision ${revision}, you saw ${seen}: ${since.map(({ who, what }) => `${who} ${what}`).join(', ')}; look again`;
  return new Problem(412, 'case-changed', detail, { revision, state, since });
}

export const moveImpossible = (detail: string, facts: CaseFacts): Problem =>
  new Problem(409, 'move-impossible', detail, { possible: possibleMoves(facts), openVersions: facts.openVersions });

export const membersInvalid = (findings: readonly OverlayFlaw[]): Problem =>
  new Problem(422, 'members-invalid', findings.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; '), { findings });

export const recordIncomplete = (missing: readonly string[]): Problem =>
  new Problem(422, 'record-incomplete', `nobody could bill it: ${missing.join(', ')} missing or impossible; give them with correct`, { missing });

/** @param findings errors that the decision did not name. */
export function stillImplausible(findings: readonly CdrFinding[]): Problem {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const detail = `the checks still object: ${codes.join(', ')}; correct more, or name them in acceptFindings`;
  return new Problem(422, 'still-implausible', detail, { findings });
}

export const versionUnknown = (version: number, versions: readonly number[]): Problem =>
  new Problem(422, 'version-unknown', `there is no readable version ${version}; there is ${versions.join(', ') || 'none'}`, { versions });

export const reasonNamesIdentification = (): Problem =>
  new Problem(422, 'reason-names-identification', 'the reason repeats the card number or contract id of the record: say it without');
