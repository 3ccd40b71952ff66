import type { Transaction } from '@emp/database';
import type { EmpEvent } from '@emp/events';
import { acceptedEvent, quarantinedEvent } from '../cdrs/cdr-events.ts';
import { storableJson } from '../cdrs/storable.ts';
import { judgeCdr } from '../domain/assess-cdr.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import type { CheckLimits } from '../domain/check-context.ts';
import type { WaitingCdr } from './waiting-cdrs.ts';

export interface Settled {
  readonly accepted: number;
  /** Other findings still forbid billing. */
  readonly stillQuarantined: number;
  /** For the outbox of the same transaction. */
  readonly events: readonly EmpEvent[];
}

interface Judged {
  readonly cdr: WaitingCdr;
  readonly outcome: 'accepted' | 'quarantined';
  readonly findings: readonly CdrFinding[];
}

/** Judges waiting records again, now with their contract, and stores the verdicts. */
export async function settleWaiting(
  tx: Transaction,
  waiting: readonly WaitingCdr[],
  by: { readonly limits: CheckLimits; readonly now: Date; readonly matchedBy: 'session' | 'identification' },
): Promise<Settled> {
  if (waiting.length === 0) return { accepted: 0, stillQuarantined: 0, events: [] };
  const judged = waiting.map((cdr): Judged => ({ cdr, ...judge(cdr, by.limits) }));
  await tx.execute(
    `UPDATE cdr
     SET state = told.state, findings = told.findings, contract_ref = told.contract_ref, matched_by = $5, decided_at = $6
     FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::text[]) AS told (id, state, findings, contract_ref)
     WHERE cdr.id = told.id`,
    [
      judged.map(({ cdr }) => cdr.id), judged.map(({ outcome }) => outcome),
      judged.map(({ findings }) => storableJson(findings)), judged.map(({ cdr }) => cdr.contractRef),
      by.matchedBy, by.now,
    ],
  );
  const accepted = judged.filter(({ outcome }) => outcome === 'accepted').length;
  return {
    accepted, stillQuarantined: judged.length - accepted,
    events: judged.map(({ cdr, outcome, findings }) =>
      outcome === 'accepted' ? acceptedEvent({ ...cdr, findings }, by.now) : quarantinedEvent({ ...cdr, findings }, by.now)),
  };
}

function judge(cdr: WaitingCdr, limits: CheckLimits): ReturnType<typeof judgeCdr> {
  const reading = cdr.findings.filter((finding) => finding.by === 'reader');
  return judgeCdr(cdr.facts, reading, { limits, receivedAt: new Date(cdr.received.receivedAt), contractRef: cdr.contractRef });
}
