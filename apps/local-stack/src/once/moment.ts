/** One thing that happened, at one service, with the ids a person needs to follow it. */
export interface Moment {
  readonly at: string;
  readonly service: string;
  readonly what: string;
  readonly ids: Readonly<Record<string, string>>;
}

/** What a story proved, step by step, and the money it came to. */
export interface StoryResult {
  readonly name: string;
  /** `null` where no session came to be. */
  readonly sessionId: string | null;
  readonly moments: readonly Moment[];
  readonly charge: Charge | null;
}

export interface Charge {
  readonly state: string;
  readonly ratedAt: string;
  readonly chargeId: string;
  readonly invoiceDraftId: string;
  readonly energyKwh: string;
  readonly tariffPlanId: string;
  readonly tariffVersion: number;
  readonly taxCountry: string;
  readonly currency: string;
  readonly net: string;
  readonly vatRatePercent: string;
  readonly vat: string;
  readonly gross: string;
  readonly cost: { readonly currency: string; readonly net: string } | null;
  readonly breakdown: { readonly lines: readonly ChargeLine[]; readonly notes: readonly string[] };
}

export interface ChargeLine {
  readonly component: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: string;
  readonly priceUnit: string;
  readonly amount: string;
}
