import { ChargeCorrectedV1, ChargeRatedV1, ChargeReversedV1, isEvent, type EmpEvent } from '@emp/events';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import type { Clock } from '@emp/kernel';
import { CLOCK, LOG, type Log } from '@emp/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { letGoOf, lockCredits, takeFromCredit, type CreditEntry } from './credit.store.ts';

/** Takes charges from the credit of their contracts, gives back what is reversed; all of a batch in one transaction. */
@Controller()
export class ConsumeCreditConsumer {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @ConsumeEvents({ group: 'authorization-gateway.consume-credit', topics: ['emp.billing.v1'] })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() { tx }: BatchContext): Promise<void> {
    const at = this.clock.now();
    const entries = events.flatMap((event) => entryOf(event, at) ?? []);
    if (entries.length === 0) return;
    const credited = await lockCredits(tx, entries.map(({ contractRef }) => contractRef));
    for (const entry of entries.filter(({ contractRef }) => credited.has(contractRef))) {
      const currency = await takeFromCredit(tx, entry);
      if (currency === undefined || currency === entry.currency) continue;
      const { sessionId, contractRef, currency: charged } = entry;
      this.log.warn({ sessionId, contractRef, currency, charged }, 'charge in another currency than credit');
    }
    await letGoOf(tx, entries.map(({ sessionId }) => sessionId));
  }
}

function entryOf(event: EmpEvent, at: Date): CreditEntry | undefined {
  if (isEvent(ChargeReversedV1, event)) {
    const { reversalId, chargeId, sessionId, contractRef, currency, gross } = event.data;
    return { entryId: reversalId, sessionId, contractRef, currency, gross, reverses: chargeId, at };
  }
  if (!isEvent(ChargeRatedV1, event) && !isEvent(ChargeCorrectedV1, event)) return undefined;
  const { chargeId, sessionId, contractRef, currency, gross } = event.data;
  return { entryId: chargeId, sessionId, contractRef, currency, gross, reverses: null, at };
}
