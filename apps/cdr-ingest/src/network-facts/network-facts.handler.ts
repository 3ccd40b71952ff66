import { EvseRecordedV1, EvseRemovedV1, isEvent, PriceListedV1, type EmpEvent } from '@emp/events';
import type { Clock } from '@emp/kernel';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { CLOCK, LOG, type Log } from '@emp/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CdrMetrics } from '../cdrs/cdr-metrics.ts';
import type { QuarantineFilter } from '../check-records/quarantined-cdrs.ts';
import { Recheck } from '../check-records/recheck.ts';
import { storeEvses, storeRemovals } from './evse-fact.store.ts';
import { changeFacts } from './facts-lock.ts';
import { storeProducts } from './product-fact.store.ts';

/** Learns what the network consists of, and checks the records again that one of these facts may free. */
@Controller()
export class NetworkFactsHandler {
  constructor(
    @Inject(Recheck) private readonly recheck: Recheck,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(CdrMetrics) private readonly metrics: CdrMetrics,
  ) {}

  @ConsumeEvents({ group: 'cdr-ingest.evses', topics: ['emp.evse.v1'], rebuildable: true })
  async evses(@Payload() events: readonly EmpEvent[], @Ctx() ctx: BatchContext): Promise<void> {
    const recorded = events.flatMap((event) => (isEvent(EvseRecordedV1, event) ? [{ facts: event.data, time: event.time }] : []));
    const removed = events.flatMap((event) => (isEvent(EvseRemovedV1, event) ? [event.data] : []));
    await changeFacts(ctx.tx);
    await storeEvses(ctx.tx, recorded);
    await storeRemovals(ctx.tx, removed);
    await this.#free(ctx, { by: 'evse-key', keys: [...new Set(recorded.map(({ facts }) => facts.evseKey))] });
  }

  @ConsumeEvents({ group: 'cdr-ingest.prices', topics: ['emp.price.v1'], rebuildable: true })
  async prices(@Payload() events: readonly EmpEvent[], @Ctx() ctx: BatchContext): Promise<void> {
    const listed = events.flatMap((event) => (isEvent(PriceListedV1, event) ? [event.data] : []));
    await changeFacts(ctx.tx);
    const operators = await storeProducts(ctx.tx, listed);
    await this.#free(ctx, { by: 'operator-key', keys: operators });
  }

  async #free(ctx: BatchContext, waiting: QuarantineFilter): Promise<void> {
    const settled = await this.recheck.run(ctx.tx, waiting, this.clock.now());
    ctx.afterCommit(() => this.metrics.settled(settled, this.log));
  }
}
