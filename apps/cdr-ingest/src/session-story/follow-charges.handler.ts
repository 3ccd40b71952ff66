import {
  ChargeCorrectedV1, ChargeRatedV1, ChargeReversedV1, isEvent, type ChargeRatedData, type EmpEvent,
} from '@emp/events';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { sessionKey } from '../domain/session-key.ts';

const NOTE_ENTRIES = {
  name: 'billing-entry-note',
  text: `INSERT INTO billing_entry
           (event_id, session_key, session_id, kind, billed_at, charge_id, invoice_draft_id, contract_ref, energy_kwh, currency, gross)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[],
                              $9::numeric[], $10::text[], $11::numeric[])
         ON CONFLICT (event_id) DO NOTHING`,
};

/** Knows what billing did with a session: for proofs and stories. */
@Controller()
export class FollowChargesHandler {
  @ConsumeEvents({ group: 'cdr-ingest.follow-charges', topics: ['emp.billing.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() { tx }: BatchContext): Promise<void> {
    const told = events.flatMap(entryOf);
    if (told.length === 0) return;
    await tx.prepared(
      NOTE_ENTRIES,
      [
        told.map(({ eventId }) => eventId), told.map(({ sessionId }) => sessionKey(sessionId)), told.map(({ sessionId }) => sessionId),
        told.map(({ kind }) => kind), told.map(({ billedAt }) => billedAt), told.map(({ chargeId }) => chargeId),
        told.map(({ draft }) => draft), told.map(({ contractRef }) => contractRef), told.map(({ energyKwh }) => energyKwh),
        told.map(({ currency }) => currency), told.map(({ gross }) => gross),
      ],
    );
  }
}

interface Entry extends Pick<ChargeRatedData, 'sessionId' | 'chargeId' | 'contractRef' | 'currency' | 'gross'> {
  readonly eventId: string;
  readonly kind: 'rated' | 'corrected' | 'reversed';
  readonly billedAt: string;
  readonly draft: string | null;
  /** kWh; a reversal takes all of it back. */
  readonly energyKwh: string | null;
}

function entryOf(event: EmpEvent): readonly Entry[] {
  const { id: eventId, time: billedAt } = event;
  if (isEvent(ChargeRatedV1, event)) return [{ ...event.data, eventId, kind: 'rated', billedAt, draft: event.data.invoiceDraftId }];
  if (isEvent(ChargeCorrectedV1, event)) return [{ ...event.data, eventId, kind: 'corrected', billedAt, draft: event.data.invoiceDraftId }];
  if (isEvent(ChargeReversedV1, event)) {
    return [{ ...event.data, eventId, kind: 'reversed', billedAt, draft: event.data.creditDraftId, energyKwh: null }];
  }
  return [];
}
