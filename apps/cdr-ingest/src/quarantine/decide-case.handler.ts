import type { Database, Transaction } from '@emp/database';
import type { Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, DATABASE, LOG, OUTBOX, type Log } from '@emp/service-kit';
import type { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { CheckDesk } from '../check-records/check-desk.ts';
import { allowMove, type Announcement } from '../domain/case.ts';
import { billableEnergyKwh } from '../domain/cdr-facts.ts';
import type { CheckLimits } from '../domain/check-context.ts';
import { differingMembers } from '../domain/record-content.ts';
import { NO_SIGNED_VALUES } from '../domain/metering-outcome.ts';
import { readFactsInPeace } from '../network-facts/facts-lock.ts';
import { LIMITS, VAULT } from '../tokens.ts';
import { billedData, caseEvents } from './case-events.ts';
import { openFile, type CaseFile } from './case-file.ts';
import { changedCase } from './case-places.ts';
import { caseChanged, moveImpossible, reasonNamesIdentification, recordUnknown } from './case-problems.ts';
import { decideCase, type CaseDecision, type CaseOrder } from './case-decision.ts';
import { storeCases, type CaseRow } from './case-row.ts';
import { namesIdentification } from './identification-in-text.ts';
import { QuarantineMetrics } from './quarantine-metrics.ts';
import { insertSteps, stepsAfter } from './step-store.ts';
import { storeContradictions, storeDecision } from './stored-record.ts';

export interface PersonsOrder {
  readonly sessionId: string;
  /** The revision of the case that the person saw. */
  readonly revision: number;
  readonly caller: string;
  readonly reason: string;
  readonly order: CaseOrder;
}

/** A person decides on a record: state, step and event in one transaction, on the case as they saw it. */
@Injectable()
export class DecideCase {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LIMITS) private readonly limits: CheckLimits,
    @Inject(LOG) private readonly log: Log,
    @Inject(QuarantineMetrics) private readonly metrics: QuarantineMetrics,
    @Inject(CheckDesk) private readonly checks: CheckDesk,
  ) {}

  /** @throws Problem: unknown, changed meanwhile (412), impossible (409), or not to be carried out (422). */
  async decide(persons: PersonsOrder): Promise<void> {
    const { sessionId, order, reason, caller } = persons;
    await this.database.transaction(async (tx) => {
      await readFactsInPeace(tx);
      const file = await openFile(tx, this.vault, sessionId);
      if (!file) throw recordUnknown(sessionId);
      await this.examine(tx, file, persons);
      const now = this.clock.now();
      const decision = await decideCase(tx, file, order, { checks: this.checks, limits: this.limits, now });
      const after = caseAfter(file.case, decision, now);
      await storeRecords(tx, file, decision, now);
      await storeCases(tx, [changedCase(file.case.revision, after)]);
      await insertSteps(tx, [{
        sessionKey: after.sessionKey, revision: after.revision, who: caller, what: order.kind, why: reason,
        before: snapshot(file.case, file), after: snapshot(after, file, decision),
      }], now);
      await this.outbox.append(tx, ...eventsOf(file, decision, reason, now));
      tx.afterCommit(() => {
        this.metrics.decided(order.kind, decision.caseState, file.case, now);
        const { announcement: { kind: told }, recordState } = decision;
        const { revision } = after;
        this.log.info({ sessionId, move: order.kind, recordState, told, revision, by: caller }, 'case decided');
      });
    });
  }

  private async examine(tx: Transaction, file: CaseFile, { revision, reason, order }: PersonsOrder): Promise<void> {
    if (file.case.revision !== revision) {
      throw caseChanged(revision, file.case, await stepsAfter(tx, file.case.sessionKey, revision));
    }
    const allowed = allowMove(order.kind, file.facts);
    if (!allowed.ok) throw moveImpossible(allowed.refusal.detail, file.facts);
    const contents = file.records.flatMap(({ read }) => read.identity.content ?? []);
    if (namesIdentification(reason, contents)) throw reasonNamesIdentification();
  }
}

function caseAfter(
  before: CaseRow, { caseState, codes, openVersions, overlay, announcement, judged }: CaseDecision, now: Date,
): CaseRow {
  const told = afterAnnouncement(before, announcement);
  return {
    ...before, ...told, revision: before.revision + 1, state: caseState, codes, openVersions, overlay,
    evseId: judged?.facts.evseId ?? before.evseId, closedAt: caseState === 'open' ? null : now,
  };
}

function afterAnnouncement(
  { announced, corrections }: CaseRow, announcement: Announcement,
): Pick<CaseRow, 'announced' | 'corrections'> {
  switch (announcement.kind) {
    case 'nothing':
      return { announced, corrections };
    case 'accepted':
      return { announced: 'accepted', corrections };
    case 'corrected':
      return { announced: 'accepted', corrections: announcement.correction };
    case 'rejected':
      if (announcement.correction === 0) return { announced, corrections };
      return { announced: 'withdrawn', corrections: announcement.correction };
  }
}

async function storeRecords(
  tx: Transaction, file: CaseFile, { record, recordState, judged }: CaseDecision, now: Date,
): Promise<void> {
  const { read, id, version } = record;
  const facts = judged?.facts ?? null;
  if (judged || read.facts === null) {
    await storeDecision(tx, {
      id, version, sessionKey: read.identity.sessionKey, sessionId: read.identity.sessionId, state: recordState,
      identity: read.identity,
      facts, details: read.details, fingerprint: read.fingerprint,
      contractRef: judged?.contractRef ?? record.contractRef,
      matchedBy: judged?.matchedBy ?? record.matchedBy, findings: judged?.findings ?? record.findings,
      differingMembers: [],
      energyKwh: facts && billableEnergyKwh(facts), metering: judged?.metering ?? NO_SIGNED_VALUES,
      received: read.received, recordedAt: now,
    });
  } else {
    await tx.execute('UPDATE cdr SET state = $2, decided_at = $3 WHERE id = $1', [id, recordState, now]);
  }
  if (record === file.inForce) return;
  const winner = read.identity.content;
  await storeContradictions(tx, file.records.filter((other) => other !== record).map((other) => {
    const content = other.read.facts ? other.read.identity.content : undefined;
    const state = other === file.inForce && other.read.facts ? 'conflict' as const : null;
    return { id: other.id, state, differingMembers: winner && content ? differingMembers(winner, content) : [''] };
  }));
}

function eventsOf(
  file: CaseFile, { announcement, judged, changed }: CaseDecision, reason: string, now: Date,
): ReturnType<typeof caseEvents> {
  const data = judged && announcement.kind !== 'nothing' ? billedData(judged, now) : null;
  return caseEvents(announcement, { sessionId: file.inForce.read.identity.sessionId, reason, data, changed }, now);
}

/** What a step shows of a case: never an identification. */
function snapshot(
  { state, codes, openVersions, overlay, announced, corrections }: CaseRow, file: CaseFile, decision?: CaseDecision,
): object {
  const { version, findings, contractRef } = decision?.record ?? file.inForce;
  return {
    state, codes, openVersions, overlay, announced, corrections, version,
    record: decision?.recordState ?? file.inForce.state, contractRef: decision?.judged?.contractRef ?? contractRef,
    findings: [...new Set((decision?.judged?.findings ?? findings).map(({ code }) => code))],
  };
}
