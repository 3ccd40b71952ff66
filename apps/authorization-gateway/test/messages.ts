/** The demo driver's cards, and messages about them as HBS writes them. */
export const CARDS = {
  good: '04A2B3C4D5E680',
  second: '04A2B3C4D5E681',
  blocked: '04B10C4ED00011',
  ended: '04EBD5ED000011',
  unknown: '04FFFFFFFFFFFF',
  offline: '04C0FFEE000001',
  otherContract: '04AABBCCDDEE01',
} as const;

export const EVCO = {
  good: 'DE-EMP-C00000001-5',
  blocked: 'DE-EMP-C00000002-X',
  ended: 'DE-EMP-C00000003-X',
  blockedContract: 'DE-EMP-C00000004-X',
  other: 'DE-EMP-C00000005-X',
  future: 'DE-EMP-C00000006-X',
  offline: 'DE-OFL-C00000001-X',
} as const;

interface CardShape {
  readonly uid: string;
  readonly status?: string;
  readonly validUntil?: string | null;
}

export const contract = (
  contractId: string,
  cards: readonly CardShape[],
  more: Readonly<Record<string, unknown>> = {},
): object => ({
  contractId,
  providerId: 'DE-EMP',
  customerRef: `customer ${contractId}`,
  tariffPlanId: 'standard',
  status: 'active',
  validFrom: '2026-01-01T00:00:00.000Z',
  validUntil: null,
  cards,
  ...more,
});

export const demoContracts = (): readonly object[] => [
  contract(EVCO.good, [{ uid: CARDS.good }, { uid: CARDS.second }]),
  contract(EVCO.blocked, [{ uid: CARDS.blocked, status: 'blocked' }]),
  contract(EVCO.ended, [{ uid: CARDS.ended }], { validUntil: '2026-02-01T00:00:00.000Z' }),
  contract(EVCO.other, [{ uid: CARDS.otherContract }]),
  contract(EVCO.blockedContract, [{ uid: '04AABBCCDDEE02' }], { status: 'blocked' }),
  contract(EVCO.future, [{ uid: '04AABBCCDDEE03' }], { validFrom: '2026-06-01T00:00:00.000Z' }),
  contract(EVCO.offline, [{ uid: CARDS.offline }], { providerId: 'DE-OFL' }),
];

let sessions = 0;
/** A fresh SessionID. */
export const newSession = (): string => `5e551000-0000-4000-8000-${String((sessions += 1)).padStart(12, '0')}`;

export const START = '/charging/v21/operators/DE*SIM/authorize/start';
export const STOP = '/charging/v21/operators/DE*SIM/authorize/stop';
export const CDR = '/cdrmgmt/v22/operators/DE*SIM/charge-detail-record';
export const NOTIFY = '/notificationmgmt/v11/charging-notifications';

export const rfid = (uid: string): object => ({
  RFIDMifareFamilyIdentification: { UID: uid },
  RFIDIdentification: null,
  QRCodeIdentification: null,
  PlugAndChargeIdentification: null,
  RemoteIdentification: null,
});

/** AuthorizeStart and AuthorizeStop. */
export const ask = (
  sessionId: string | undefined,
  identification: object,
  more: Readonly<Record<string, unknown>> = {},
): object => ({
  SessionID: sessionId,
  CPOPartnerSessionID: 'cpo-4711',
  EMPPartnerSessionID: null,
  OperatorID: 'DE*SIM',
  EvseID: 'DE*SIM*E0001*1',
  Identification: identification,
  PartnerProductID: null,
  ...more,
});

export const notification = (
  type: 'Start' | 'Progress' | 'End' | 'Error',
  sessionId: string,
  more: Readonly<Record<string, unknown>> = {},
): object => ({
  Type: type,
  SessionID: sessionId,
  EvseID: 'DE*SIM*E0001*1',
  OperatorID: 'DE*SIM',
  ...(type !== 'Error' && { ChargingStart: '2026-05-01T10:00:00+02:00' }),
  ...(type === 'Progress' && { EventOccurred: '2026-05-01T10:05:00+02:00', ConsumedEnergyProgress: 0.917 }),
  ...(type === 'End' && { ChargingEnd: '2026-05-01T11:00:00+02:00', ConsumedEnergy: 11 }),
  ...(type === 'Error' && { ErrorType: 'Connector Error', ErrorAdditionalInfo: 'plug not locked' }),
  ...more,
});

export const record = (sessionId: string, more: Readonly<Record<string, unknown>> = {}): object => ({
  SessionID: sessionId,
  CPOPartnerSessionID: 'cpo-4711',
  EvseID: 'DE*SIM*E0001*1',
  Identification: rfid(CARDS.good),
  ChargingStart: '2026-05-01T10:00:00+02:00',
  ChargingEnd: '2026-05-01T11:00:00+02:00',
  SessionStart: '2026-05-01T09:58:00+02:00',
  SessionEnd: '2026-05-01T11:05:00+02:00',
  ConsumedEnergy: 11,
  ...more,
});
