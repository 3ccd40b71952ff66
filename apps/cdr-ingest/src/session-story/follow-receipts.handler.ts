import { CdrReceivedV1, isEvent, type EmpEvent } from '@emp/events';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { sessionKey } from '../domain/session-key.ts';

const NOTE_RECEIPTS = {
  name: 'cdr-receipt-note',
  text: `INSERT INTO cdr_receipt (event_id, session_key, origin, provider_id, operator_id, received_at, page, process_id)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[])
         ON CONFLICT (event_id) DO NOTHING`,
};

/** Knows every time that a record came, repeats included: for proofs and stories. */
@Controller()
export class FollowReceiptsHandler {
  @ConsumeEvents({ group: 'cdr-ingest.follow-receipts', topics: ['emp.cdr-intake.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() { tx }: BatchContext): Promise<void> {
    const told = events.flatMap((event) => (isEvent(CdrReceivedV1, event) ? [{ ...event.data, eventId: event.id }] : []));
    if (told.length === 0) return;
    await tx.prepared(
      NOTE_RECEIPTS,
      [
        told.map(({ eventId }) => eventId), told.map(({ sessionId }) => sessionKey(sessionId)), told.map(({ origin }) => origin),
        told.map(({ providerId }) => providerId), told.map(({ operatorId }) => operatorId),
        told.map(({ receivedAt }) => receivedAt), told.map(({ page }) => page), told.map(({ processId }) => processId),
      ],
    );
  }
}
