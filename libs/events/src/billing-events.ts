import { defineEvent } from './event.ts';

export interface ChargeRatedData {
  readonly chargeId: string;
  readonly sessionId: string;
  readonly contractRef: string;
  readonly invoiceDraftId: string;
  readonly tariffPlanId: string;
  readonly tariffVersion: number;
  readonly energyKwh: string;
  readonly currency: string;
  /** Decimal texts with the currency's digits; net + vat = gross. */
  readonly net: string;
  readonly vat: string;
  readonly gross: string;
  readonly vatRatePercent: string;
  readonly taxCountry: string;
  /** What the operator charges us, net; `null` = no price known yet. */
  readonly cost: { readonly currency: string; readonly net: string } | null;
}

export const ChargeRatedV1 = defineEvent({
  type: 'ChargeRated',
  topic: 'emp.billing.v1',
  about: 'A session has its price, as a line of a draft invoice.',
  key: (data: ChargeRatedData) => data.sessionId,
  samples: [{
    chargeId: 'chg-0001', sessionId: 'b2688855-7f00-0002-6d8e-48d883f6abb6', contractRef: 'con-0001',
    invoiceDraftId: 'drf-0001', tariffPlanId: 'standard', tariffVersion: 1, energyKwh: '11.000', currency: 'EUR',
    net: '5.74', vat: '1.09', gross: '6.83', vatRatePercent: '19', taxCountry: 'DE', cost: { currency: 'EUR', net: '4.64' },
  } as ChargeRatedData],
});

export interface ChargeReversedData {
  readonly reversalId: string;
  /** The charge that no longer counts. */
  readonly chargeId: string;
  readonly sessionId: string;
  readonly contractRef: string;
  readonly currency: string;
  /** What takes the charge back: its amounts with the other sign. */
  readonly net: string;
  readonly vat: string;
  readonly gross: string;
  readonly cost: ChargeRatedData['cost'];
  /** The correction of the record that caused it. */
  readonly correction: number;
  /** The draft that credits it; `null` = its line left a draft that was still open. */
  readonly creditDraftId: string | null;
  readonly reason: string;
  readonly reversedAt: string;
}

export const ChargeReversedV1 = defineEvent({
  type: 'ChargeReversed',
  topic: 'emp.billing.v1',
  about: 'A charge was taken back: its record was corrected or withdrawn. The charge itself is never changed.',
  key: (data: ChargeReversedData) => data.sessionId,
  samples: [{
    reversalId: 'rev-0001', chargeId: 'chg-0001', sessionId: 'b2688855-7f00-0002-6d8e-48d883f6abb6', contractRef: 'con-0001',
    currency: 'EUR', net: '-5.74', vat: '-1.09', gross: '-6.83', cost: { currency: 'EUR', net: '-4.64' }, correction: 1,
    creditDraftId: null, reason: 'the operator corrected the meter reading', reversedAt: '2026-05-04T08:00:01.000Z',
  } as ChargeReversedData],
});

export interface ChargeCorrectedData extends ChargeRatedData {
  /** The correction of the record that it was rated by. */
  readonly correction: number;
  /** The reversed charge that it takes the place of. */
  readonly replacesChargeId: string;
}

export const ChargeCorrectedV1 = defineEvent({
  type: 'ChargeCorrected',
  topic: 'emp.billing.v1',
  about: 'A session whose charge was reversed has its new price, as a line of a draft invoice.',
  key: (data: ChargeCorrectedData) => data.sessionId,
  samples: [{
    chargeId: 'chg-0002', sessionId: 'b2688855-7f00-0002-6d8e-48d883f6abb6', contractRef: 'con-0001',
    invoiceDraftId: 'drf-0001', tariffPlanId: 'standard', tariffVersion: 1, energyKwh: '10.500', currency: 'EUR',
    net: '5.50', vat: '1.05', gross: '6.55', vatRatePercent: '19', taxCountry: 'DE', cost: { currency: 'EUR', net: '4.45' },
    correction: 1, replacesChargeId: 'chg-0001',
  } as ChargeCorrectedData],
});

export interface ChargeCostKnownData {
  readonly chargeId: string;
  readonly sessionId: string;
  readonly cost: NonNullable<ChargeRatedData['cost']>;
}

export const ChargeCostKnownV1 = defineEvent({
  type: 'ChargeCostKnown',
  topic: 'emp.billing.v1',
  about: "The operator's price came after the session was rated: now the charge has its cost.",
  key: (data: ChargeCostKnownData) => data.sessionId,
  samples: [{
    chargeId: 'chg-0001', sessionId: 'b2688855-7f00-0002-6d8e-48d883f6abb6', cost: { currency: 'EUR', net: '4.64' },
  } as ChargeCostKnownData],
});
