import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { CdrReceivedV1, newEvent, type EmpEvent } from '@emp/events';
import type { Vault } from '@emp/vault';

const METERS = 300;
const HOUR = 3_600_000;
const FIRST = Date.UTC(2026, 4, 1);

interface Meter {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

/** Records of a network of 300 metered EVSEs, one session an hour each, signed at begin and end as OCMF on P-256. */
export class SignedRecords {
  readonly #meters: readonly Meter[] = Array.from({ length: METERS }, () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    return { privateKey, publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('hex') };
  });

  constructor(private readonly vault: Vault) {}

  get evseIds(): readonly string[] {
    return this.#meters.map((_, number) => `DE*SIM*E${number}*1`);
  }

  event(number: number): EmpEvent {
    const meter = number % METERS;
    const from = FIRST + Math.floor(number / METERS) * 2 * HOUR;
    const sessionId = `b2688855-7f00-0002-6d8e-${String(number).padStart(12, '0')}`;
    const local = (millis: number): string => `${new Date(millis + 2 * HOUR).toISOString().slice(0, 19)}+02:00`;
    const text = JSON.stringify({
      SessionID: sessionId, CPOPartnerSessionID: `cpo-${number}`, EMPPartnerSessionID: null, PartnerProductID: 'DC',
      EvseID: `DE*SIM*E${meter}*1`,
      Identification: { RFIDMifareFamilyIdentification: { UID: `04${number.toString(16).toUpperCase().padStart(12, '0')}` }, RFIDIdentification: null },
      SessionStart: local(from), ChargingStart: local(from), ChargingEnd: local(from + HOUR), SessionEnd: local(from + HOUR),
      MeterValueStart: 1000.123, MeterValueEnd: 1011.123, MeterValueInBetween: { meterValues: [1003.5, 1007.25] },
      ConsumedEnergy: 11.0,
      SignedMeteringValues: [
        { SignedMeteringValue: this.#ocmf(meter, number * 2, from, 'B'), MeteringStatus: 'Start' },
        { SignedMeteringValue: this.#ocmf(meter, number * 2 + 1, from + HOUR, 'E'), MeteringStatus: 'End' },
      ],
      CalibrationLawVerificationInfo: { PublicKey: this.#meters[meter]?.publicKey, MeteringSignatureEncodingFormat: 'UTF-8' },
    });
    const time = new Date(from + 2 * HOUR);
    return newEvent(CdrReceivedV1, {
      sessionId, origin: 'pushed', providerId: 'DE-EMP', operatorId: 'DE*SIM', receivedAt: time.toISOString(),
      processId: `process-${number}`, page: null, contractRef: 'con-0001', sealedRecord: this.vault.seal(text),
    }, { time });
  }

  #ocmf(meter: number, page: number, millis: number, kind: 'B' | 'E'): string {
    const at = `${new Date(millis + 2 * HOUR).toISOString().slice(0, 23).replace('.', ',')}+0200 S`;
    const payload = JSON.stringify({
      FV: '1.0', GI: 'BENCH', GS: 'G-1', GV: '1.0.0', PG: `T${page}`, MV: 'MV', MM: 'MM', MS: `M-${meter}`, MF: '1.0', IS: true,
      IL: 'VERIFIED', IF: ['RFID_PLAIN', 'OCPP_RS_TLS'], IT: 'ISO14443', ID: '79A94A26862469', CI: `DE*SIM*E${meter}*1`, CT: 'EVSEID',
      RD: [{ TM: at, TX: kind, RV: kind === 'B' ? 1000.123 : 1011.123, RI: '01-00:B2.08.00*FF', RU: 'kWh', RT: 'DC', EF: '', ST: 'G' }],
    });
    const key = this.#meters[meter]?.privateKey;
    const signature = key ? sign('sha256', Buffer.from(payload), key).toString('hex') : '';
    return `OCMF|${payload}|${JSON.stringify({ SA: 'ECDSA-secp256r1-SHA256', SD: signature })}`;
  }
}
