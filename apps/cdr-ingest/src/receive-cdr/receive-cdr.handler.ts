import { CdrReceivedV1, isEvent, type EmpEvent } from '@emp/events';
import type { Clock } from '@emp/kernel';
import type { Transaction } from '@emp/database';
import { ConsumeEvents, type BatchContext, type Outbox } from '@emp/messaging';
import { CLOCK, LOG, OUTBOX, type Log } from '@emp/service-kit';
import type { Vault } from '@emp/vault';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { acceptedEvent, conflictedEvent, quarantinedEvent, signedMeteringOf } from '../cdrs/cdr-events.ts';
import { CdrMetrics } from '../cdrs/cdr-metrics.ts';
import type { NewCdr } from '../cdrs/cdr-row.ts';
import { insertCdrs, knownInPeace, type StoredVersion } from '../cdrs/cdr-store.ts';
import { CheckDesk, type BatchKnowledge } from '../check-records/check-desk.ts';
import type { CheckedRecord } from '../check-records/checked-record.ts';
import { Recheck } from '../check-records/recheck.ts';
import type { CheckLimits } from '../domain/check-context.ts';
import { holdGateOpen } from '../match-contract/contract-gate.ts';
import { findContracts } from '../match-contract/find-contracts.ts';
import { settleMissing } from '../missing-records/missing-record-store.ts';
import { openCases } from '../quarantine/open-cases.ts';
import { LIMITS, VAULT } from '../tokens.ts';
import { compareVersions } from './compare-versions.ts';
import { decideBatch, type Decided } from './decide-batch.ts';
import { readReceived, type ReceivedRecord } from './read-record.ts';

/** The one way in for records, pushed or pulled: read, assess, store, announce; a whole batch in five statements. */
@Controller()
export class ReceiveCdrHandler {
  constructor(
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LIMITS) private readonly limits: CheckLimits,
    @Inject(LOG) private readonly log: Log,
    @Inject(CdrMetrics) private readonly metrics: CdrMetrics,
    @Inject(CheckDesk) private readonly checks: CheckDesk,
    @Inject(Recheck) private readonly recheck: Recheck,
  ) {}

  @ConsumeEvents({ group: 'cdr-ingest.receive-cdr', topics: ['emp.cdr-intake.v1'] })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() ctx: BatchContext): Promise<void> {
    const { tx } = ctx;
    const records = events.flatMap((event) => (isEvent(CdrReceivedV1, event) ? [readReceived(this.vault, event)] : []));
    const now = this.clock.now();
    const { known, missing } = await knownInPeace(tx, [...new Set(records.map(({ identity }) => identity.sessionKey))]);
    const checked = records.flatMap((record) => checkedRecord(record, known.get(record.identity.sessionKey) ?? []));
    const gathered = await this.checks.gather(tx, checked);
    const contracts = await findContracts(tx, records.flatMap((record) => unmatchedFingerprint(record, gathered)));
    const knowledge = await this.lookAgain(tx, checked.filter(withoutContract(records, gathered, contracts)), gathered);
    const decided = decideBatch(records, { known, contracts, knowledge, limits: this.limits, now });
    const batch = await compareVersions(tx, this.vault, decided);

    await insertCdrs(tx, batch.flatMap(({ cdr }) => cdr ?? []));
    const judged = new Set(batch.flatMap(({ cdr }) => (cdr && cdr.state !== 'conflict' ? [cdr.id] : [])));
    await this.checks.keep(tx, checked.filter(({ id }) => judged.has(id)), knowledge, now);
    await openCases(tx, batch.flatMap(({ cdr }) => cdr ?? []), now);
    await this.outbox.append(tx, ...batch.flatMap(({ cdr }) => (cdr ? [announcementOf(cdr, now)] : [])));
    await settleMissing(tx, records.flatMap(cameFor).filter(({ sessionKey }) => missing.has(sessionKey)), now);
    await this.settleWithSessions(tx, batch, now);
    ctx.afterCommit(() => this.tell(batch));
  }

  private async lookAgain(tx: Transaction, lost: readonly CheckedRecord[], knowledge: BatchKnowledge): Promise<BatchKnowledge> {
    if (lost.length === 0) return knowledge;
    await holdGateOpen(tx);
    return this.checks.findSessionsAgain(tx, lost, knowledge);
  }

  /** A repeat may bring what the first lacked: the contract of the session, when the pull was faster than the push. */
  private async settleWithSessions(tx: Transaction, batch: readonly Decided[], now: Date): Promise<void> {
    const contracts = new Map(batch.flatMap(({ against, assessment, record: { received } }) =>
      assessment.outcome === 'repeat' && against?.waitsForContract === true && received.contractRef !== null
        ? [[against.id, received.contractRef] as const] : []));
    await this.recheck.run(tx, { by: 'id', keys: [...contracts.keys()] }, now, contracts);
  }

  private tell(batch: readonly Decided[]): void {
    const outcomes: Record<string, number> = {};
    for (const { assessment: { outcome }, record: { received, facts }, cdr } of batch) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      const endedAt = facts?.sessionEnd?.epochMillis;
      const lagSeconds = cdr && endedAt !== undefined ? (Date.parse(received.receivedAt) - endedAt) / 1000 : null;
      this.metrics.received(outcome, received.origin, lagSeconds);
      if (cdr && cdr.state !== 'conflict') this.metrics.judged(cdr.findings, cdr.metering.verdict);
      if (cdr && cdr.state !== 'accepted') {
        const reasons = cdr.findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
        this.log.warn({ sessionId: cdr.sessionId, version: cdr.version, outcome, reasons }, 'record not accepted');
      }
    }
    this.log.info({ outcomes }, 'records received');
  }
}

const cameFor = ({ facts, identity, received: { origin } }: ReceivedRecord): readonly { sessionKey: string; origin: string }[] =>
  facts ? [{ sessionKey: identity.sessionKey, origin }] : [];

const unmatchedFingerprint = ({ eventId, received, fingerprint }: ReceivedRecord, knowledge: BatchKnowledge): readonly string[] =>
  received.contractRef === null && fingerprint !== null && !knowledge.get(eventId)?.session ? [fingerprint] : [];

function withoutContract(
  records: readonly ReceivedRecord[], knowledge: BatchKnowledge, contracts: ReadonlyMap<string, string>,
): (record: CheckedRecord) => boolean {
  const told = new Set(records.flatMap(({ eventId, received }) => (received.contractRef === null ? [] : [eventId])));
  return ({ id, fingerprint }) =>
    !told.has(id) && !knowledge.get(id)?.session && !(fingerprint !== null && contracts.has(fingerprint));
}

/** A record that may lead its session: neither a repeat nor a conflict is checked. */
function checkedRecord(record: ReceivedRecord, known: readonly StoredVersion[]): readonly CheckedRecord[] {
  const { eventId: id, identity: { sessionKey, sessionId, valueHash, byteHash }, facts, fingerprint, signed } = record;
  const settled = known.some((version) =>
    version.role === 'leading' || version.valueHash === valueHash || version.byteHash === byteHash);
  return facts === null || settled ? [] : [{ id, sessionKey, sessionId, facts, fingerprint, signed }];
}

function announcementOf(cdr: NewCdr, time: Date): EmpEvent {
  switch (cdr.state) {
    case 'accepted':
      return acceptedEvent({ ...cdr, signedMetering: signedMeteringOf(cdr.metering) }, time);
    case 'quarantined':
      return quarantinedEvent(cdr, time);
    case 'conflict':
      return conflictedEvent(cdr, cdr.differingMembers, time);
  }
}
