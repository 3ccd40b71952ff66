import { generateKeyPairSync, sign } from 'node:crypto';
import { cdr } from './builders.ts';

/** A meter that signs OCMF with a key of its own. */
export interface TestMeter {
  readonly meterId: string;
  /** SubjectPublicKeyInfo, DER, hex. */
  readonly publicKey: string;
  /** A record of the whole session, as the station would write it. */
  ocmf(about?: OcmfFigures): string;
}

export interface OcmfFigures {
  readonly begin?: string;
  readonly end?: string;
  readonly beginKwh?: number;
  readonly endKwh?: number;
  readonly evseId?: string;
  /** Members of both readings: state, error flags. */
  readonly reading?: Record<string, unknown>;
  /** Only these readings: a session can come in two records. */
  readonly only?: 'begin' | 'end';
  readonly page?: number;
}

export function testMeter(meterId = 'METER-1'): TestMeter {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return {
    meterId,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('hex'),
    ocmf: (about = {}) => {
      const payload = payloadOf(meterId, about);
      const signature = sign('sha256', Buffer.from(payload), privateKey).toString('hex');
      return `OCMF|${payload}|${JSON.stringify({ SA: 'ECDSA-secp256r1-SHA256', SD: signature })}`;
    },
  };
}

function payloadOf(meterId: string, about: OcmfFigures): string {
  const { begin = '2026-05-01T10:00:00,000+0200 S', end = '2026-05-01T11:00:00,000+0200 S', page = 7 } = about;
  const common = { RI: '01-00:01.08.00*FF', RU: 'kWh', EF: '', ST: 'G', ...about.reading };
  const readings = [
    { TM: begin, TX: 'B', RV: about.beginKwh ?? 100, ...common }, { TM: end, TX: 'E', RV: about.endKwh ?? 111, ...common },
  ];
  return JSON.stringify({
    FV: '1.0', GI: 'Gateway', GS: 'GW-1', GV: '1.0', PG: `T${page}`, MV: 'Maker', MM: 'Model', MS: meterId, MF: '1',
    IS: true, IL: 'VERIFIED', IF: ['RFID_PLAIN'], IT: 'ISO14443', ID: '04A2B3C4D5E680',
    ...(about.evseId === undefined ? {} : { CT: 'EVSEID', CI: about.evseId }),
    RD: about.only === undefined ? readings : readings.slice(about.only === 'begin' ? 0 : 1).slice(0, 1),
  });
}

/** A plausible record with these signed values; `publicKey` as it came with the record. */
export function signedCdr(
  number: number, values: readonly string[], { publicKey, ...changes }: Record<string, unknown> = {},
): Record<string, unknown> {
  return cdr(number, {
    SignedMeteringValues: values.map((value, index) => ({
      SignedMeteringValue: value, MeteringStatus: index === values.length - 1 ? 'End' : index === 0 ? 'Start' : 'Progress',
    })),
    CalibrationLawVerificationInfo: { PublicKey: publicKey ?? null, MeteringSignatureEncodingFormat: 'UTF-8' },
    ...changes,
  });
}
