import { CardRegisteredV1, ContractRegisteredV1, isEvent, type EmpEvent } from '@emp/events';
import type { Clock } from '@emp/kernel';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { CLOCK, LOG, type Log } from '@emp/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CdrMetrics } from '../cdrs/cdr-metrics.ts';
import { Recheck } from '../check-records/recheck.ts';
import { readFactsInPeace } from '../network-facts/facts-lock.ts';
import { closeGate } from './contract-gate.ts';
import { rememberIdentifications, type Identification } from './identification-store.ts';

/** Learns which contract an identification belongs to, and frees the records that waited for it. */
@Controller()
export class MatchContractHandler {
  constructor(
    @Inject(Recheck) private readonly recheck: Recheck,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(CdrMetrics) private readonly metrics: CdrMetrics,
  ) {}

  @ConsumeEvents({ group: 'cdr-ingest.match-contract', topics: ['emp.contract.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() ctx: BatchContext): Promise<void> {
    const { tx } = ctx;
    const told = events.flatMap(identificationOf);
    if (told.length === 0) return;
    await readFactsInPeace(tx);
    await rememberIdentifications(tx, told);
    await closeGate(tx);
    const waiting = { by: 'fingerprint', keys: told.map(({ fingerprint }) => fingerprint) } as const;
    const settled = await this.recheck.run(tx, waiting, this.clock.now());
    ctx.afterCommit(() => this.metrics.settled(settled, this.log));
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
