import { CdrAcceptedV1, CdrCorrectedV1, CdrRejectedV1, isEvent, type EmpEvent } from '@emp/events';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CorrectCharges } from '../correct-charge/correct-charges.ts';
import type { Correction } from '../domain/correction.ts';
import { changeFacts } from './billing-facts-lock.ts';
import { ChargeDesk } from './charge-desk.ts';

/** Accepted records become charges, corrections of them change charges; all of a batch in one transaction. */
@Controller()
export class RateCdrConsumer {
  constructor(
    @Inject(ChargeDesk) private readonly desk: ChargeDesk,
    @Inject(CorrectCharges) private readonly correctCharges: CorrectCharges,
  ) {}

  @ConsumeEvents({ group: 'billing.rate-cdr', topics: ['emp.cdr.v1'] })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() { tx }: BatchContext): Promise<void> {
    const accepted = events.flatMap((event) => (isEvent(CdrAcceptedV1, event) ? [event.data] : []));
    const corrections = events.flatMap(correctionOf);
    // Nobody else may rate a session while it is corrected; asked for first, so that nobody waits in a circle.
    if (corrections.length > 0) await changeFacts(tx);
    if (accepted.length > 0) await this.desk.take(tx, accepted);
    if (corrections.length > 0) await this.correctCharges.follow(tx, corrections);
  }
}

/** A rejection of what had never been accepted (0) concerns no charge. */
function correctionOf(event: EmpEvent): readonly Correction[] {
  if (isEvent(CdrCorrectedV1, event)) {
    const { sessionId, correction: number, reason } = event.data;
    return [{ sessionId, number, reason, record: event.data }];
  }
  if (isEvent(CdrRejectedV1, event) && event.data.correction > 0) {
    const { sessionId, correction: number, reason } = event.data;
    return [{ sessionId, number, reason, record: null }];
  }
  return [];
}
