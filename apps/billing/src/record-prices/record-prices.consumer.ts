import { isEvent, PriceListedV1, type EmpEvent } from '@emp/events';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { recordPrices } from './price.store.ts';

/** What operators charge us, as poi-sync tells. No charge waits for a price. */
@Controller()
export class RecordPricesConsumer {
  @ConsumeEvents({ group: 'billing.prices', topics: ['emp.price.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() { tx }: BatchContext): Promise<void> {
    const prices = events.flatMap((event) => (isEvent(PriceListedV1, event) ? [event.data] : []));
    if (prices.length > 0) await recordPrices(tx, prices);
  }
}
