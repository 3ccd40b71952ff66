import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { curveOf, type CurveName } from '../src/keys/curves.ts';

/** A meter's key pair, made for a test. */
export interface TestKey {
  readonly curve: CurveName;
  readonly spki: string;
  /** X‖Y, hex. */
  readonly point: string;
  readonly sign: (bytes: Uint8Array, encoding?: 'der' | 'ieee-p1363') => Buffer;
}

export const ALL_CURVES: readonly CurveName[] = [
  'secp192r1',
  'secp192k1',
  'secp256r1',
  'secp256k1',
  'brainpoolP256r1',
  'secp384r1',
  'brainpoolP384r1',
];

export function newKey(curve: CurveName): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curveOf(curve).nodeName });
  const spki = (publicKey as KeyObject).export({ type: 'spki', format: 'der' }).toString('hex');
  return {
    curve,
    spki,
    point: spki.slice(-4 * curveOf(curve).size),
    sign: (bytes, encoding = 'ieee-p1363') => sign('sha256', bytes, { key: privateKey, dsaEncoding: encoding }),
  };
}

export const base32 = (bytes: Uint8Array): string => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = (bits.match(/.{1,5}/g) ?? [])
    .map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(group.padEnd(5, '0'), 2)])
    .join('');
  return letters.padEnd(Math.ceil(letters.length / 8) * 8, '=');
};

/** `02|03‖X`, hex. */
export function compressed({ point }: TestKey): string {
  const half = point.length / 2;
  return `${parseInt(point.slice(-1), 16) % 2 === 0 ? '02' : '03'}${point.slice(0, half)}`;
}
