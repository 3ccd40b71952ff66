import { Decimal } from '@emp/money';
import type { CheckPolicy } from './check-policy.ts';
import { OWN_OPINION } from './check-policy.ts';
import { NO_SIGNED_VALUES, type MeteringOutcome } from './metering-outcome.ts';

/** What counts as implausible, and what is done about it. The defaults are Hubject's own where it publishes one (§8.3). */
export interface CheckLimits {
  /** Largest tolerated |ConsumedEnergy − (MeterValueEnd − MeterValueStart)|, kWh. */
  readonly energyToleranceKwh: Decimal;
  readonly maximumEnergyKwh: Decimal;
  readonly maximumSessionHours: number;
  /** By how much clocks of stations, Hubject and ours may disagree. */
  readonly clockSkewSeconds: number;
  /** Days between the end of a session and its record; Hubject keeps records for 89 (OICP §7.8). */
  readonly maximumAgeDays: number;
  /** By how much an EVSE may give more than its listed power, percent. */
  readonly powerTolerancePercent: number;
  /** Two sessions may overlap so long: stations write minutes. */
  readonly overlapToleranceSeconds: number;
  readonly policy: CheckPolicy;
}

export const DEFAULT_LIMITS: CheckLimits = {
  energyToleranceKwh: Decimal.parse('0.01'),
  maximumEnergyKwh: Decimal.parse('1000'),
  maximumSessionHours: 720,
  clockSkewSeconds: 300,
  maximumAgeDays: 89,
  powerTolerancePercent: 10,
  overlapToleranceSeconds: 60,
  policy: OWN_OPINION,
};

/** An EVSE as poi-sync lists it. */
export interface ListedEvse {
  readonly operatorKey: string;
  /** IANA. */
  readonly timeZone: string | null;
  /** kW; `null` = the operator does not say, or nothing that can be true. */
  readonly maximumPowerKw: Decimal | null;
  readonly calibrationLaw: string | null;
  /** `null` = listed. */
  readonly removedAt: Date | null;
}

/** A product that the EVSE's operator lists prices for. */
export interface ListedProduct {
  readonly productId: string;
  /** kW; the product is for EVSEs up to this power. */
  readonly maximumPowerKw: Decimal | null;
}

/** The session as we authorized it. */
export interface AuthorizedSession {
  readonly contractRef: string;
  readonly evseKey: string | null;
  readonly identification: string;
}

/** Another session at the same time. */
export interface Overlap {
  readonly of: 'evse' | 'card';
  readonly sessionId: string;
  readonly seconds: number;
}

/** What a check may know besides the record itself. */
export interface CheckContext {
  readonly limits: CheckLimits;
  readonly receivedAt: Date;
  /** The contract of the session, or the one that the identification belongs to; `null` = none of ours. */
  readonly contractRef: string | null;
  /** The contract that the record's identification belongs to, whoever authorized; `null` = none of ours. */
  readonly identificationContractRef: string | null;
  /** `null` = we did not authorize it, or have not heard of it. */
  readonly session: AuthorizedSession | null;
  /** `unlisted`: others are, this one is not; `no-network`: we were told of no EVSE at all. */
  readonly evse: ListedEvse | 'unlisted' | 'no-network';
  /** All that the EVSE's operator lists. */
  readonly products: readonly ListedProduct[];
  readonly overlaps: readonly Overlap[];
  readonly metering: MeteringOutcome;
}

/** A context in which nothing is known of network, sessions and signed values. */
export const NOTHING_KNOWN = {
  contractRef: null, identificationContractRef: null, session: null, evse: 'no-network', products: [], overlaps: [],
  metering: NO_SIGNED_VALUES,
} as const satisfies Partial<CheckContext>;
