import { isEvent, PriceListedV1, type EmpEvent } from '@emp/events';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { FillCostJob } from '../fill-cost/fill-cost.job.ts';
import { changeFacts } from '../rate-cdr/billing-facts-lock.ts';
import { recordPrices } from './price.store.ts';

/** What operators charge us, as poi-sync tells. No charge waits for a price; those without a cost get it afterwards. */
@Controller()
export class RecordPricesConsumer {
  constructor(@Inject(FillCostJob) private readonly fillCost: FillCostJob) {}

  @ConsumeEvents({ group: 'billing.prices', topics: ['emp.price.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() { tx }: BatchContext): Promise<void> {
    const prices = events.flatMap((event) => (isEvent(PriceListedV1, event) ? [event.data] : []));
    if (prices.length === 0) return;
    await changeFacts(tx);
    await recordPrices(tx, prices);
    tx.afterCommit(() => void this.fillCost.runNow());
  }
}
