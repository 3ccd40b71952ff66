import { EvseRecordedV1, EvseRemovedV1, isEvent, type EmpEvent } from '@emp/events';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeFacts } from '../rate-cdr/billing-facts-lock.ts';
import { ChargeDesk } from '../rate-cdr/charge-desk.ts';
import { recordEvses, recordRemovals } from './evse.store.ts';

/** Where EVSEs stand, what they can give and whose they are, as poi-sync tells. */
@Controller()
export class RecordEvsesConsumer {
  constructor(@Inject(ChargeDesk) private readonly desk: ChargeDesk) {}

  @ConsumeEvents({ group: 'billing.evses', topics: ['emp.evse.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() { tx }: BatchContext): Promise<void> {
    const recorded = events.flatMap((event) => (isEvent(EvseRecordedV1, event) ? [{ facts: event.data, time: event.time }] : []));
    const removed = events.flatMap((event) => (isEvent(EvseRemovedV1, event) ? [event.data] : []));
    await changeFacts(tx);
    await recordEvses(tx, recorded);
    await recordRemovals(tx, removed);
    if (recorded.length > 0) await this.desk.retry(tx, { evseKeys: recorded.map(({ facts }) => facts.evseKey) });
  }
}
