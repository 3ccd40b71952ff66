import type { ChargeCorrectedData, ChargeCostKnownData, ChargeRatedData, ChargeReversedData } from '../billing-events.ts';
import type { EVENT_CATALOGUE, EventType } from '../catalogue.ts';
import type { CdrCorrectedData, CdrRejectedData } from '../cdr-correction-events.ts';
import type {
  CdrAcceptedData, CdrConflictedData, CdrQuarantinedData, CdrReceivedData, SignedMetering,
} from '../cdr-events.ts';
import type { CardFacts, ContractFacts } from '../contract-events.ts';
import type { DataOf } from '../event.ts';
import type { EvseFacts, EvseRemovedData, EvseStatusChangedData, PriceFacts } from '../network-events.ts';
import type { RepeatRequestedData } from '../operations-events.ts';
import type {
  ChargingNotifiedData, SessionAuthorizedData, SessionRecordMissingData, StopAuthorizedData,
} from '../session-events.ts';
import { decimal, instant, listOf, nullable, object, oneOf, text, whole, type SchemaOf } from './json-schema.ts';

const sessionId = text('OICP SessionID');
const providerId = text('the provider (brand or sub-provider), e.g. DE-EMP');
const operatorId = text('OICP OperatorID, e.g. DE*SIM');
const evseId = text('as it was written where it came from');
const evseKey = text('upper case without separators, for comparison');
const contractRef = text('ours and pseudonymous');
const origin = oneOf('pushed', 'pulled');
const stationTime = instant('as the operator wrote it, offset included');
const energyKwh = decimal('kWh');

const cost = (description: string): SchemaOf<NonNullable<ChargeRatedData['cost']>> =>
  object({ currency: text(), net: decimal() }, description);

const signedMetering = object<SignedMetering>({
  verdict: oneOf('valid', 'invalid', 'unverifiable', 'absent'), reason: nullable(text('of what is not valid')),
  origin: nullable(oneOf('registered-key', 'first-use', 'record-only')), energyKwh: nullable(decimal('kWh as signed')),
}, 'what the signed metering values prove');

const acceptedMembers: SchemaOf<CdrAcceptedData>['properties'] = {
  sessionId, providerId, contractRef, operatorId: nullable(operatorId), evseId, partnerProductId: nullable(text()),
  sessionStart: stationTime, sessionEnd: stationTime, chargingStart: nullable(stationTime), chargingEnd: nullable(stationTime),
  energyKwh, findings: listOf(text(), 'codes of what was noticed and did not forbid billing'), origin, receivedAt: instant(),
  signedMetering,
};

const ratedMembers: SchemaOf<ChargeRatedData>['properties'] = {
  chargeId: text(), sessionId, contractRef, invoiceDraftId: text(), tariffPlanId: text(), tariffVersion: whole(), energyKwh, currency: text('ISO 4217'),
  net: decimal(), vat: decimal(), gross: decimal('net + vat'), vatRatePercent: decimal(), taxCountry: text('ISO 3166-1 alpha-2'),
  cost: nullable(cost('what the operator charges us; null: not known yet')),
};

/** The payload of every event. */
export const EVENT_SCHEMAS: { readonly [Type in EventType]: SchemaOf<DataOf<(typeof EVENT_CATALOGUE)[Type]>> } = {
  ContractRegistered: object<ContractFacts>({
    contractRef, providerId, customerRef: text(), tariffPlanId: text(), status: oneOf('active', 'blocked'), validFrom: instant(),
    validUntil: nullable(instant('exclusive; null: open end')), evcoFingerprint: text('keyed hash of the EvcoID'),
  }),
  CardRegistered: object<CardFacts>({
    cardRef: text(), contractRef, fingerprint: text('keyed hash of the UID'), status: oneOf('active', 'blocked'), validUntil: nullable(instant()),
  }),
  SessionAuthorized: object<SessionAuthorizedData>({
    sessionId, providerId, contractRef, cardRef: nullable(text()), operatorId, evseId: nullable(evseId),
    identification: oneOf('rfid', 'qr', 'plug-and-charge', 'remote'), tariffPlanId: text(), authorizedAt: instant(),
  }),
  StopAuthorized: object<StopAuthorizedData>({ sessionId, stoppedAt: instant() }),
  ChargingNotified: object<ChargingNotifiedData>({
    sessionId, evseId: nullable(evseId), kind: oneOf('started', 'progressed', 'ended', 'failed'), occurredAt: nullable(stationTime),
    receivedAt: instant(), energyKwh: nullable(energyKwh), errorType: nullable(text('ConnectorError or CriticalError')),
  }),
  SessionRecordMissing: object<SessionRecordMissingData>({
    sessionId, providerId, contractRef, operatorId: nullable(operatorId), evseId: nullable(evseId),
    lastHeardAt: instant('its last sign of life'), missingSince: instant('since when its record is overdue'),
  }),
  CdrReceived: object<CdrReceivedData>({
    sessionId, origin, providerId, operatorId: nullable(operatorId), receivedAt: instant(), processId: nullable(text("HBS's correlation id")),
    page: nullable(text('which page of which pull')), contractRef: nullable(contractRef), sealedRecord: text("the record, sealed with the vault's key"),
  }),
  CdrAccepted: object<CdrAcceptedData>(acceptedMembers, undefined, ['signedMetering']),
  CdrQuarantined: object<CdrQuarantinedData>({
    sessionId, reasons: listOf(object<CdrQuarantinedData['reasons'][number]>({ code: text(), message: text() })), origin, receivedAt: instant(),
  }),
  CdrConflicted: object<CdrConflictedData>({ sessionId, differingMembers: listOf(text(), 'JSON pointers'), receivedAt: instant() }),
  CdrCorrected: object<CdrCorrectedData>({
    ...acceptedMembers, correctedAt: instant(), reason: text(), changed: listOf(text(), 'members of this event that differ from what was told before'),
    correction: whole('of the session, from 1; the highest counts'),
  }, undefined, ['signedMetering']),
  CdrRejected: object<CdrRejectedData>({
    sessionId, reason: text(), rejectedAt: instant(), correction: whole('0: it had not been accepted; else its place among the corrections'),
  }),
  EvseRecorded: object<EvseFacts>({
    evseId, evseKey, operatorId, operatorName: nullable(text()), country: nullable(text('ISO 3166-1 alpha-2')), timeZone: nullable(text('IANA')),
    latitude: nullable(decimal()), longitude: nullable(decimal()), maximumPowerKw: nullable(decimal('kW')), powerType: nullable(text()),
    calibrationLaw: nullable(text()), hubjectCompatible: { type: ['boolean', 'null'] },
  }),
  EvseRemoved: object<EvseRemovedData>({ evseId, evseKey, removedAt: instant() }),
  EvseStatusChanged: object<EvseStatusChangedData>({ evseId, evseKey, status: text('OICP EvseStatus, e.g. Available'), observedAt: instant() }),
  PriceListed: object<PriceFacts>({
    operatorId, providerId: text('* = every provider'), productId: nullable(text("null: the operator's default price")), currency: text('ISO 4217'),
    referenceUnit: oneOf('HOUR', 'KILOWATT_HOUR', 'MINUTE'), pricePerReferenceUnit: decimal(),
    additionalReferences: listOf(object<PriceFacts['additionalReferences'][number]>({ reference: text(), unit: text(), price: decimal() })),
    maximumPowerKw: nullable(decimal('kW')), validFrom: instant('when we learned of it'),
  }),
  ChargeRated: object<ChargeRatedData>(ratedMembers),
  ChargeReversed: object<ChargeReversedData>({
    reversalId: text(), chargeId: text('the charge that no longer counts'), sessionId, contractRef, currency: text('ISO 4217'), net: decimal('negative'),
    vat: decimal(), gross: decimal('net + vat'), cost: nullable(cost('negative')), correction: whole(), reason: text(), reversedAt: instant(),
    creditDraftId: nullable(text('the draft that credits it; null: its line left an open draft')),
  }),
  ChargeCorrected: object<ChargeCorrectedData>({
    ...ratedMembers, correction: whole(), replacesChargeId: text('the reversed charge'),
  }),
  ChargeCostKnown: object<ChargeCostKnownData>({ chargeId: text(), sessionId, cost: cost('what the operator charges us') }),
  RepeatRequested: object<RepeatRequestedData>({
    source: text('ce_source of the events'), topic: text(), partition: whole(), group: text('the consumer group that lacks them'),
    ranges: listOf(object<RepeatRequestedData['ranges'][number]>({ from: whole(), to: whole() }), 'numbers (ce_sequence), both ends included'),
  }),
};
