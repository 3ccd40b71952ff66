import { CardRegisteredV1, ContractRegisteredV1, isEvent, type EmpEvent } from '@emp/events';
import type { Clock } from '@emp/kernel';
import { ConsumeEvents, type BatchContext, type Outbox } from '@emp/messaging';
import { CLOCK, LOG, OUTBOX, type Log } from '@emp/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CdrMetrics } from '../cdrs/cdr-metrics.ts';
import type { CheckLimits } from '../domain/check-context.ts';
import { LIMITS } from '../tokens.ts';
import { closeGate } from './contract-gate.ts';
import { rememberIdentifications, type Identification } from './identification-store.ts';
import { settleWaiting } from './settle-waiting.ts';
import { waitingByFingerprint } from './waiting-cdrs.ts';

/** Learns which contract an identification belongs to, and frees the records that waited for it. */
@Controller()
export class MatchContractHandler {
  constructor(
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LIMITS) private readonly limits: CheckLimits,
    @Inject(LOG) private readonly log: Log,
    @Inject(CdrMetrics) private readonly metrics: CdrMetrics,
  ) {}

  @ConsumeEvents({ group: 'cdr-ingest.match-contract', topics: ['emp.contract.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() ctx: BatchContext): Promise<void> {
    const { tx } = ctx;
    const told = events.flatMap(identificationOf);
    if (told.length === 0) return;
    await rememberIdentifications(tx, told);
    await closeGate(tx);
    const waiting = await waitingByFingerprint(tx, told.map(({ fingerprint }) => fingerprint));
    const by = { limits: this.limits, now: this.clock.now(), matchedBy: 'identification' } as const;
    const settled = await settleWaiting(tx, waiting, by);
    await this.outbox.append(tx, ...settled.events);
    if (waiting.length === 0) return;
    ctx.afterCommit(() => {
      this.metrics.settled(settled);
      const { accepted, stillQuarantined } = settled;
      this.log.info({ accepted, stillQuarantined }, 'waiting records settled');
    });
  }
}

function identificationOf(event: EmpEvent): readonly Identification[] {
  if (isEvent(ContractRegisteredV1, event)) {
    const { evcoFingerprint, contractRef } = event.data;
    return [{ fingerprint: evcoFingerprint, kind: 'evco', contractRef, toldAt: event.time }];
  }
  if (isEvent(CardRegisteredV1, event)) {
    const { fingerprint, contractRef } = event.data;
    return [{ fingerprint, kind: 'uid', contractRef, toldAt: event.time }];
  }
  return [];
}
