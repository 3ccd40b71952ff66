import type { Decimal } from '@emp/money';
import type { Json } from '../json.ts';
import type { Evse } from '../network/evse.ts';
import { productOf } from '../network/prices.ts';
import { zoneOfCountry } from '../network/generator/places.ts';
import { identificationJson, type Medium } from './identification.ts';
import { localDateTime } from './local-time.ts';
import type { SessionTimes } from './timing.ts';

/** A session as its messages tell it. */
export interface Told {
  readonly sessionId: string;
  readonly empSessionId: string | null;
  readonly evse: Evse;
  readonly medium: Medium;
  readonly times: SessionTimes;
  readonly meterStart: Decimal;
}

const common = (told: Told): { readonly [member: string]: Json } => ({
  SessionID: told.sessionId,
  CPOPartnerSessionID: `sim-${told.sessionId}`,
  EMPPartnerSessionID: told.empSessionId,
  Identification: identificationJson(told.medium),
  EvseID: told.evse.evseId,
});

const at = (told: Told, instant: number): string => localDateTime(instant, zoneOfCountry(told.evse.country));

/** eRoamingChargingNotifications of the four types (OICP §8.4), nulls included. */
export const startNotification = (told: Told): Json => ({
  Type: 'Start',
  ...common(told),
  OperatorID: told.evse.operatorId,
  PartnerProductID: productOf(told.evse),
  ChargingStart: at(told, told.times.chargingStart),
  SessionStart: at(told, told.times.sessionStart),
  MeterValueStart: told.meterStart,
});

export const progressNotification = (told: Told, now: { readonly instant: number; readonly energy: Decimal }): Json => ({
  Type: 'Progress',
  ...common(told),
  OperatorID: told.evse.operatorId,
  PartnerProductID: productOf(told.evse),
  ChargingStart: at(told, told.times.chargingStart),
  EventOccurred: at(told, now.instant),
  ChargingDuration: now.instant - told.times.chargingStart,
  SessionStart: at(told, told.times.sessionStart),
  ConsumedEnergyProgress: now.energy,
  MeterValueStart: told.meterStart,
  MeterValueInBetween: null,
});

export const endNotification = (told: Told, energy: Decimal): Json => ({
  Type: 'End',
  ...common(told),
  OperatorID: told.evse.operatorId,
  PartnerProductID: productOf(told.evse),
  ChargingStart: at(told, told.times.chargingStart),
  ChargingEnd: at(told, told.times.chargingEnd),
  SessionStart: at(told, told.times.sessionStart),
  SessionEnd: null,
  ConsumedEnergy: energy,
  MeterValueStart: told.meterStart,
  MeterValueEnd: told.meterStart.plus(energy),
  MeterValueInBetween: null,
  PenaltyTimeStart: null,
});

/** eRoamingChargeDetailRecord (OICP §8.3), nulls included. */
export const chargeDetailRecord = (
  told: Told, charged: { readonly energy: Decimal; readonly inBetween: readonly Decimal[] },
): Json => ({
  ...common(told),
  PartnerProductID: productOf(told.evse),
  ChargingStart: at(told, told.times.chargingStart),
  ChargingEnd: at(told, told.times.chargingEnd),
  SessionStart: at(told, told.times.sessionStart),
  SessionEnd: at(told, told.times.sessionEnd),
  MeterValueStart: told.meterStart,
  MeterValueEnd: told.meterStart.plus(charged.energy),
  MeterValueInBetween: charged.inBetween.length === 0
    ? null
    : { meterValues: charged.inBetween.map((energy) => told.meterStart.plus(energy)) },
  ConsumedEnergy: charged.energy,
  SignedMeteringValues: null,
  CalibrationLawVerificationInfo: null,
  HubOperatorID: null,
  HubProviderID: null,
});
