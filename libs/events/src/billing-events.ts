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
