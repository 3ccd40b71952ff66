import { ChargeCorrectedV1, ChargeCostKnownV1, ChargeRatedV1, ChargeReversedV1 } from './billing-events.ts';
import { CdrCorrectedV1, CdrRejectedV1 } from './cdr-correction-events.ts';
import { CdrAcceptedV1, CdrConflictedV1, CdrQuarantinedV1, CdrReceivedV1 } from './cdr-events.ts';
import { CardRegisteredV1, ContractRegisteredV1 } from './contract-events.ts';
import type { EventDefinition } from './event.ts';
import { EvseRecordedV1, EvseRemovedV1, EvseStatusChangedV1, PriceListedV1 } from './network-events.ts';
import { RepeatRequestedV1 } from './operations-events.ts';
import { ChargingNotifiedV1, SessionAuthorizedV1, SessionRecordMissingV1, StopAuthorizedV1 } from './session-events.ts';

/** Every event of the system, by name. Documents, manifests and tests are made from it. */
export const EVENT_CATALOGUE = {
  ContractRegistered: ContractRegisteredV1,
  CardRegistered: CardRegisteredV1,
  SessionAuthorized: SessionAuthorizedV1,
  StopAuthorized: StopAuthorizedV1,
  ChargingNotified: ChargingNotifiedV1,
  SessionRecordMissing: SessionRecordMissingV1,
  CdrReceived: CdrReceivedV1,
  CdrAccepted: CdrAcceptedV1,
  CdrQuarantined: CdrQuarantinedV1,
  CdrConflicted: CdrConflictedV1,
  CdrCorrected: CdrCorrectedV1,
  CdrRejected: CdrRejectedV1,
  EvseRecorded: EvseRecordedV1,
  EvseRemoved: EvseRemovedV1,
  EvseStatusChanged: EvseStatusChangedV1,
  PriceListed: PriceListedV1,
  ChargeRated: ChargeRatedV1,
  ChargeReversed: ChargeReversedV1,
  ChargeCorrected: ChargeCorrectedV1,
  ChargeCostKnown: ChargeCostKnownV1,
  RepeatRequested: RepeatRequestedV1,
} as const;

export type EventType = keyof typeof EVENT_CATALOGUE;

/** The definition of an event by its name, or `undefined` for one that a newer version of us published. */
export function eventDefinition(type: string): EventDefinition | undefined {
  return Object.hasOwn(EVENT_CATALOGUE, type) ? (EVENT_CATALOGUE[type as EventType] as EventDefinition) : undefined;
}
