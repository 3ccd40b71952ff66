import { createHash, createPublicKey, getCurves, type KeyObject } from 'node:crypto';
import { toHex } from '../encoding/hex.ts';
import { accepted, invalid, unverifiable, type Outcome } from '../rejection.ts';
import { isOnCurve } from './curve-point.ts';
import type { Curve, CurveName } from './curves.ts';

/** A checked point of a known curve, ready to verify with. */
export interface PublicKey {
  readonly curve: CurveName;
  /** X‖Y, lower-case hex. */
  readonly point: string;
  /** SubjectPublicKeyInfo, DER, lower-case hex: the canonical form, whatever form the key arrived in. */
  readonly spki: string;
  /** SHA-256 of the SPKI, lower-case hex. */
  readonly fingerprint: string;
  readonly handle: KeyObject;
}

const available = new Set(getCurves());

/** A meter signs with one key for years: the last ones are remembered, as making one costs more than verifying with it. */
const REMEMBERED = 1_000;
const remembered = new Map<string, Outcome<PublicKey>>();

/**
 * Makes a key of X‖Y. The point is checked here and the DER is written here: node:crypto never sees a byte of structure
 * from outside, because some of its versions abort the process on a point at infinity.
 */
export function publicKeyOfPoint(curve: Curve, xy: Uint8Array): Outcome<PublicKey> {
  const name = `${curve.name} ${toHex(xy)}`;
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const made = makeKey(curve, xy);
  if (!made.ok) return made;
  const [oldest] = remembered.keys();
  if (oldest !== undefined && remembered.size >= REMEMBERED) remembered.delete(oldest);
  remembered.set(name, made);
  return made;
}

function makeKey(curve: Curve, xy: Uint8Array): Outcome<PublicKey> {
  if (!isOnCurve(curve, xy)) return invalid('key-malformed', `the key is not a point of ${curve.name}`);
  if (!available.has(curve.nodeName)) return unverifiable('unsupported-curve', `this Node.js has no ${curve.name}`);
  const point = toHex(xy);
  const spki = `${curve.spkiPrefix}04${point}`;
  const der = Buffer.from(spki, 'hex');
  try {
    const handle = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return accepted({
      curve: curve.name,
      point,
      spki,
      fingerprint: createHash('sha256').update(der).digest('hex'),
      handle,
    });
  } catch {
    return invalid('key-malformed', `the key was refused for ${curve.name}`);
  }
}
