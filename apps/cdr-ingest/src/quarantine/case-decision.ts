import type { Transaction } from '@emp/database';
import type { CheckDesk } from '../check-records/check-desk.ts';
import { announceAcceptance, announceRejection, type Announcement, type CaseState } from '../domain/case.ts';
import { overlaid, overlayFlaws, type Overlay } from '../domain/case-overlay.ts';
import type { CheckLimits } from '../domain/check-context.ts';
import { NO_SIGNED_VALUES } from '../domain/metering-outcome.ts';
import { billedData, changedMembers } from './case-events.ts';
import type { CaseFile } from './case-file.ts';
import { membersInvalid, recordIncomplete, stillImplausible, versionUnknown } from './case-problems.ts';
import { judgeAgain, type JudgedRecord } from './judge-again.ts';
import { openCodes } from './steps-by-itself.ts';
import type { StoredRecord, StoredState } from './stored-record.ts';

export type CaseOrder =
  | { readonly kind: 'recheck' | 'accept' | 'reject' }
  | { readonly kind: 'correct'; readonly members: Overlay; readonly acceptFindings: readonly string[] }
  | { readonly kind: 'resolve-conflict'; readonly version: number; readonly acceptFindings: readonly string[] };

/** What a person's decision makes of a case. */
export interface CaseDecision {
  readonly caseState: CaseState;
  readonly record: StoredRecord;
  readonly recordState: StoredState;
  /** The record as it is seen now; `null`: nobody looked again, or it is no record. */
  readonly judged: JudgedRecord | null;
  readonly overlay: Overlay;
  readonly codes: readonly string[];
  readonly openVersions: readonly number[];
  readonly announcement: Announcement;
  readonly changed: readonly string[];
}

export interface DecideWith {
  readonly checks: CheckDesk;
  readonly limits: CheckLimits;
  readonly now: Date;
}

/** Decides; writes nothing but what the checks keep. @throws Problem if the decision cannot be carried out. */
export async function decideCase(
  tx: Transaction, file: CaseFile, order: CaseOrder, by: DecideWith,
): Promise<CaseDecision> {
  switch (order.kind) {
    case 'recheck':
      return recheck(tx, file, by);
    case 'accept': {
      const judged = billable(await judgeAgain(tx, file.inForce, file.case.overlay, by));
      return accepted(file, judged, { caseState: 'accepted', overlay: file.case.overlay, openVersions: [] }, by.now);
    }
    case 'reject':
      return rejected(file);
    case 'correct': {
      const overlay = { ...file.case.overlay, ...order.members };
      await withoutFlaws(tx, order.members);
      const judged = agreed(billable(await judgeAgain(tx, file.inForce, overlay, by)), order.acceptFindings);
      return accepted(file, judged, { caseState: 'corrected', overlay, openVersions: [] }, by.now);
    }
    case 'resolve-conflict':
      return resolveConflict(tx, file, order, by);
  }
}

async function recheck(tx: Transaction, file: CaseFile, by: DecideWith): Promise<CaseDecision> {
  const { overlay, openVersions } = file.case;
  const judged = await judgeAgain(tx, file.inForce, overlay, by);
  if (judged?.outcome === 'accepted') {
    return accepted(file, judged, { caseState: 'accepted', overlay, openVersions }, by.now);
  }
  const findings = judged?.findings ?? file.inForce.findings;
  return {
    caseState: 'open', record: file.inForce, recordState: 'quarantined', judged: judged ?? null, overlay, openVersions,
    codes: openCodes(findings, openVersions), announcement: { kind: 'nothing' }, changed: [],
  };
}

function rejected({ case: { overlay, announced, corrections }, inForce }: CaseFile): CaseDecision {
  return {
    caseState: 'rejected', record: inForce, recordState: 'rejected', judged: null, overlay, codes: [], openVersions: [],
    announcement: announceRejection({ announced, corrections }), changed: [],
  };
}

/** The version in force stays as it was decided; another takes its place whole: corrections of the old text end. */
async function resolveConflict(
  tx: Transaction, file: CaseFile, order: CaseOrder & { readonly kind: 'resolve-conflict' }, by: DecideWith,
): Promise<CaseDecision> {
  const { inForce, records } = file;
  const chosen = records.find(({ version, read }) => version === order.version && read.facts !== null);
  if (!chosen) {
    const readable = records.flatMap(({ version, read }) => (read.facts ? [version] : []));
    throw versionUnknown(order.version, readable);
  }
  if (chosen !== inForce) {
    const judged = agreed(billable(await judgeAgain(tx, chosen, {}, by)), order.acceptFindings);
    const caseState = file.case.announced === 'never' ? 'accepted' : 'corrected';
    return accepted(file, judged, { caseState, overlay: {}, openVersions: [] }, by.now);
  }
  const stays = inForce.state === 'accepted' || inForce.state === 'rejected' ? inForce.state : 'quarantined';
  return {
    caseState: stays === 'quarantined' ? 'open' : stays, record: inForce, recordState: stays, judged: null,
    overlay: file.case.overlay,
    codes: stays === 'quarantined' ? openCodes(inForce.findings, []) : [], openVersions: [],
    announcement: { kind: 'nothing' }, changed: [],
  };
}

function accepted(
  file: CaseFile, judged: JudgedRecord, becomes: Pick<CaseDecision, 'caseState' | 'overlay' | 'openVersions'>,
  now: Date,
): CaseDecision {
  const { announced, corrections } = file.case;
  const before = announced === 'accepted' ? lastTold(file, now) : null;
  const changed = before ? changedMembers(before, billedData(judged, now)) : [];
  const caseState = becomes.openVersions.length > 0 ? 'open' : becomes.caseState;
  return {
    ...becomes, caseState, record: judged.record, recordState: 'accepted', judged,
    codes: openCodes([], becomes.openVersions), changed,
    announcement: announceAcceptance({ announced, corrections, changed }),
  };
}

/** The record in force as others were told of it: its row is what was announced. */
function lastTold({ case: { overlay }, inForce }: CaseFile, now: Date): ReturnType<typeof billedData> | null {
  const { read: { facts }, contractRef, findings } = inForce;
  if (!facts) return null;
  const told = { record: inForce, facts: overlaid(facts, overlay), contractRef, findings, metering: NO_SIGNED_VALUES };
  return billedData(told, now);
}

function billable(judged: JudgedRecord | undefined): JudgedRecord {
  if (!judged) throw recordIncomplete(['a readable record']);
  if (judged.missing.length > 0) throw recordIncomplete(judged.missing);
  return judged;
}

/** Errors that remain must be named by whoever decides. */
function agreed(judged: JudgedRecord, acceptFindings: readonly string[]): JudgedRecord {
  const unnamed = judged.findings.filter(({ severity, code }) =>
    severity === 'error' && !acceptFindings.includes(code));
  if (unnamed.length > 0) throw stillImplausible(unnamed);
  return judged;
}

async function withoutFlaws(tx: Transaction, members: Overlay): Promise<void> {
  if (Object.values(members).every((text) => text === undefined)) {
    throw membersInvalid([{ pointer: '/members', detail: 'must name at least one member; accept takes the record as it is' }]);
  }
  const flaws = overlayFlaws(members);
  if (flaws.length > 0) throw membersInvalid(flaws);
  if (typeof members.contractRef !== 'string') return;
  const [known] = await tx.query<{ known: boolean }>(
    'SELECT EXISTS (SELECT FROM contract_identification WHERE contract_ref = $1) AS known', [members.contractRef],
  );
  if (known?.known === true) return;
  throw membersInvalid([{ pointer: '/members/contractRef', detail: 'is no contract that is known here' }]);
}
