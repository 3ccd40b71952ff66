import { CdrAcceptedV1, isEvent, type EmpEvent } from '@emp/events';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ChargeDesk } from './charge-desk.ts';

/** Accepted records become charges; all of a batch in one transaction. */
@Controller()
export class RateCdrConsumer {
  constructor(@Inject(ChargeDesk) private readonly desk: ChargeDesk) {}

  @ConsumeEvents({ group: 'billing.rate-cdr', topics: ['emp.cdr.v1'] })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() context: BatchContext): Promise<void> {
    const accepted = events.flatMap((event) => (isEvent(CdrAcceptedV1, event) ? [event.data] : []));
    if (accepted.length > 0) await this.desk.take(context.tx, accepted);
  }
}
