import { Problem } from '@emp/service-kit';
import { possibleMoves, type CaseFacts } from '../domain/case.ts';
import type { OverlayFlaw } from '../domain/case-overlay.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import type { CaseRow } from './case-row.ts';
import type { StepView } from './step-store.ts';

const THE_ETAG = 'the ETag of GET /v1/quarantine/{sessionId}';

export const recordUnknown = (sessionId: string): Problem =>
  new Problem(404, 'cdr-unknown', `no charge detail record came for session ${sessionId}`);

export const revisionRequired = (): Problem =>
  new Problem(428, 'revision-required', `say which revision of the case you saw: header If-Match with ${THE_ETAG}`);

export const revisionMalformed = (): Problem =>
  new Problem(400, 'revision-malformed', `If-Match must be ${THE_ETAG}, a revision in quotes such as "3"`);

export function caseChanged(seen: number, { revision, state }: CaseRow, since: readonly StepView[]): Problem {
  const steps = since.map(({ who, what }) => `${who} ${what}`).join(', ') || 'it never was at that one';
  const detail = `the case is at revision ${revision}, you saw ${seen}: ${steps}; look again`;
  return new Problem(412, 'case-changed', detail, { revision, state, since });
}

export const moveImpossible = (detail: string, facts: CaseFacts): Problem =>
  new Problem(409, 'move-impossible', detail, { possible: possibleMoves(facts), openVersions: facts.openVersions });

export function membersInvalid(findings: readonly OverlayFlaw[]): Problem {
  const detail = findings.map((flaw) => `${flaw.pointer} ${flaw.detail}`).join('; ');
  return new Problem(422, 'members-invalid', detail, { findings });
}

export function recordIncomplete(missing: readonly string[]): Problem {
  const detail = `nobody could bill it: ${missing.join(', ')} missing or impossible; give them with correct`;
  return new Problem(422, 'record-incomplete', detail, { missing });
}

/** @param findings errors that the decision did not name. */
export function stillImplausible(findings: readonly CdrFinding[]): Problem {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const detail = `the checks still object: ${codes.join(', ')}; correct more, or name them in acceptFindings`;
  return new Problem(422, 'still-implausible', detail, { findings });
}

export function versionUnknown(version: number, versions: readonly number[]): Problem {
  const detail = `there is no readable version ${version}; there is ${versions.join(', ') || 'none'}`;
  return new Problem(422, 'version-unknown', detail, { versions });
}

export function reasonNamesIdentification(): Problem {
  const detail = 'the reason repeats the card number or contract id of the record: say it without';
  return new Problem(422, 'reason-names-identification', detail);
}
