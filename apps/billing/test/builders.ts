import {
  CdrAcceptedV1, CdrCorrectedV1, CdrRejectedV1, ContractRegisteredV1, EvseRecordedV1, PriceListedV1, newEvent,
  type CdrAcceptedData, type ContractFacts, type EmpEvent, type EvseFacts, type PriceFacts,
} from '@emp/events';

/** 11 kWh in an hour and five minutes, in Berlin. */
export const anAcceptedCdr = (more: Partial<CdrAcceptedData> = {}): CdrAcceptedData => ({
  sessionId: 's-1', providerId: 'DE-EMP', contractRef: 'con-1', operatorId: 'DE*SIM', evseId: 'DE*SIM*E0001*1', partnerProductId: 'DC',
  sessionStart: '2026-05-01T10:00:00+02:00', sessionEnd: '2026-05-01T11:05:00+02:00', chargingStart: '2026-05-01T10:00:00+02:00',
  chargingEnd: '2026-05-01T11:00:00+02:00', energyKwh: '11.000', findings: [], origin: 'pushed', receivedAt: '2026-05-01T09:05:01.000Z', ...more,
});

export const aContract = (contractRef = 'con-1', more: Partial<ContractFacts> = {}): ContractFacts => ({
  contractRef, providerId: 'DE-EMP', customerRef: `customer of ${contractRef}`, tariffPlanId: 'standard', status: 'active',
  validFrom: '2026-01-01T00:00:00.000Z', validUntil: null, evcoFingerprint: '4f2a', ...more,
});

export const anEvse = (more: Partial<EvseFacts> = {}): EvseFacts => ({ ...EvseRecordedV1.samples[0], ...more });

export const aPrice = (more: Partial<PriceFacts> = {}): PriceFacts => ({ ...PriceListedV1.samples[0], ...more });

const time = new Date('2026-01-01T00:00:00Z');

export const cdrAccepted = (more: Partial<CdrAcceptedData> = {}): EmpEvent => newEvent(CdrAcceptedV1, anAcceptedCdr(more), { time });
/** The correction of that number. */
export const cdrCorrected = (correction: number, more: Partial<CdrAcceptedData> = {}, reason = 'the operator corrected it'): EmpEvent =>
  newEvent(CdrCorrectedV1, {
    ...anAcceptedCdr(more), correction, reason, changed: Object.keys(more), correctedAt: '2026-05-04T08:00:00.000Z',
  }, { time });
export const cdrRejected = (correction: number, sessionId = 's-1', reason = 'a test'): EmpEvent =>
  newEvent(CdrRejectedV1, { sessionId, correction, reason, rejectedAt: '2026-05-05T08:00:00.000Z' }, { time });
export const contractRegistered = (contractRef = 'con-1', more: Partial<ContractFacts> = {}, at = time): EmpEvent =>
  newEvent(ContractRegisteredV1, aContract(contractRef, more), { time: at });
export const evseRecorded = (more: Partial<EvseFacts> = {}): EmpEvent => newEvent(EvseRecordedV1, anEvse(more), { time });
export const priceListed = (more: Partial<PriceFacts> = {}): EmpEvent => newEvent(PriceListedV1, aPrice(more), { time });

/** 0.49 per kWh, net. */
export const standardPlan = (price = '0.49'): object => ({ currency: 'EUR', elements: [{ components: [{ type: 'ENERGY', price }] }] });
