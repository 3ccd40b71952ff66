import { CardRegisteredV1, CdrReceivedV1, ContractRegisteredV1, newEvent, type CdrReceivedData, type EmpEvent } from '@emp/events';
import { evcoKey } from '@emp/oicp';
import { Vault, generateVaultSecrets } from '@emp/vault';

const secrets = generateVaultSecrets();
export const VAULT_KEYS = secrets.keys;
export const VAULT_PEPPER = secrets.pepper;
export const vault = Vault.fromKeys(VAULT_KEYS, VAULT_PEPPER);

/** The card of our driver, and one that nobody registered. */
export const OUR_UID = '04A2B3C4D5E680';
export const FOREIGN_UID = '04FFFFFFFFFF80';
export const OUR_EVCO = 'DE-EMP-C12345678-X';

export const sessionId = (number: number): string => `b2688855-7f00-0002-6d8e-${String(number).padStart(12, '0')}`;

/** A plausible record's members; `undefined` takes one away. */
export function cdr(number: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    SessionID: sessionId(number),
    PartnerProductID: 'DC',
    EvseID: 'DE*SIM*E0001*1',
    Identification: {
      RFIDMifareFamilyIdentification: { UID: OUR_UID }, QRCodeIdentification: null, PlugAndChargeIdentification: null,
      RemoteIdentification: null, RFIDIdentification: null,
    },
    SessionStart: '2026-05-01T09:58:00+02:00', ChargingStart: '2026-05-01T10:00:00+02:00',
    ChargingEnd: '2026-05-01T11:00:00+02:00', SessionEnd: '2026-05-01T11:05:00+02:00',
    MeterValueStart: 100, MeterValueEnd: 111, ConsumedEnergy: 11,
    ...changes,
  };
}

export const byCard = (uid: string): Record<string, unknown> => ({ Identification: { RFIDMifareFamilyIdentification: { UID: uid } } });

export const RECEIVED_AT = new Date('2026-05-01T09:06:00.000Z');

/** A record as it comes out of the event log. */
export function received(record: string | Record<string, unknown>, changes: Partial<CdrReceivedData> = {}): EmpEvent<CdrReceivedData> {
  const text = typeof record === 'string' ? record : JSON.stringify(record);
  const named = typeof record === 'string' ? sessionId(0) : String(record['SessionID']);
  return newEvent(CdrReceivedV1, {
    sessionId: named, origin: 'pushed', providerId: 'DE-EMP', operatorId: 'DE*SIM', receivedAt: RECEIVED_AT.toISOString(),
    processId: 'process-1', page: null, contractRef: 'con-0001', sealedRecord: vault.seal(text), ...changes,
  }, { time: RECEIVED_AT });
}

export function cardRegistered(uid: string, contractRef: string, time = RECEIVED_AT): EmpEvent {
  return newEvent(CardRegisteredV1, {
    cardRef: `card-${uid.slice(-4)}`, contractRef, fingerprint: vault.fingerprint('uid', uid), status: 'active', validUntil: null,
  }, { time });
}

export function contractRegistered(evcoId: string, contractRef: string, time = RECEIVED_AT): EmpEvent {
  return newEvent(ContractRegisteredV1, {
    contractRef, providerId: 'DE-EMP', customerRef: 'cus-0001', tariffPlanId: 'standard', status: 'active',
    validFrom: '2026-01-01T00:00:00.000Z', validUntil: null, evcoFingerprint: vault.fingerprint('evco', evcoKey(evcoId)),
  }, { time });
}
