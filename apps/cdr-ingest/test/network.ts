import {
  EvseRecordedV1, EvseRemovedV1, newEvent, PriceListedV1, SessionAuthorizedV1, type EmpEvent, type EvseFacts,
  type PriceFacts, type SessionAuthorizedData,
} from '@emp/events';
import { evseKey } from '@emp/oicp';
import { RECEIVED_AT, sessionId } from './builders.ts';

/** An EVSE as poi-sync tells of it. */
export function evseRecorded(changes: Partial<EvseFacts> = {}, time = RECEIVED_AT): EmpEvent {
  const evseId = changes.evseId ?? 'DE*SIM*E0001*1';
  return newEvent(EvseRecordedV1, {
    evseId, evseKey: evseKey(evseId), operatorId: 'DE*SIM', operatorName: 'Simulated Charging', country: 'DE',
    timeZone: 'Europe/Berlin', latitude: null, longitude: null, maximumPowerKw: '150', powerType: 'DC',
    calibrationLaw: 'Not Available', hubjectCompatible: true, ...changes,
  }, { time });
}

export const evseRemoved = (evseId: string, removedAt: string): EmpEvent =>
  newEvent(EvseRemovedV1, { evseId, evseKey: evseKey(evseId), removedAt }, { time: new Date(removedAt) });

export function priceListed(changes: Partial<PriceFacts> = {}, time = RECEIVED_AT): EmpEvent {
  const facts: PriceFacts = {
    operatorId: 'DE*SIM', providerId: '*', productId: 'DC', currency: 'EUR', referenceUnit: 'KILOWATT_HOUR',
    pricePerReferenceUnit: '0.39', additionalReferences: [], maximumPowerKw: '400', validFrom: time.toISOString(), ...changes,
  };
  return newEvent(PriceListedV1, facts, { time });
}

/** A session as the gateway tells of it. */
export function sessionAuthorized(changes: Partial<SessionAuthorizedData> = {}): EmpEvent {
  const session: SessionAuthorizedData = {
    sessionId: sessionId(1), providerId: 'DE-EMP', contractRef: 'con-0001', cardRef: null, operatorId: 'DE*SIM',
    evseId: 'DE*SIM*E0001*1', identification: 'rfid', tariffPlanId: 'standard', authorizedAt: '2026-05-01T07:58:00.000Z', ...changes,
  };
  return newEvent(SessionAuthorizedV1, session, { time: RECEIVED_AT });
}
