import { toHex } from '../encoding/hex.ts';
import { LIMITS } from '../limits.ts';
import { invalid, type Outcome } from '../rejection.ts';
import { decompress } from './curve-point.ts';
import { CURVES, curveOf, type Curve, type CurveName } from './curves.ts';
import { keyBytesOf } from './key-texts.ts';
import { publicKeyOfPoint, type PublicKey } from './public-key.ts';

interface LocatedPoint {
  readonly curve: Curve;
  readonly xy: Uint8Array;
}

const remembered = new Map<string, Outcome<PublicKey>>();
const MOST_REMEMBERED = 2_000;

/**
 * Reads a public key in any form meters, stations, containers and OCPP use: SPKI or bare point, compressed or not, as
 * PEM, hex (in groups), base64 or base32.
 *
 * @param curves curves a bare point may belong to; an SPKI says its curve itself and may say another one
 * @returns the key, or `key-malformed` (also for points off the curve, at infinity, hybrid, or with trailing bytes)
 */
export function readPublicKey(text: string, curves: readonly CurveName[] = [...CURVES.keys()]): Outcome<PublicKey> {
  if (text.length > LIMITS.keyChars) return invalid('key-malformed', 'the key is too long to be one');
  // Making a key costs more than verifying with it, and a station signs with the same key for years.
  const name = `${curves.join()} ${text}`;
  const known = remembered.get(name);
  if (known !== undefined) return known;
  const key = readKey(text, curves);
  if (remembered.size >= MOST_REMEMBERED) remembered.delete(remembered.keys().next().value ?? '');
  remembered.set(name, key);
  return key;
}

function readKey(text: string, curves: readonly CurveName[]): Outcome<PublicKey> {
  for (const bytes of keyBytesOf(text)) {
    const located = spkiPoint(bytes) ?? barePoint(bytes, curves);
    if (located !== undefined) return publicKeyOfPoint(located.curve, located.xy);
  }
  return invalid('key-malformed', 'the key is neither a SubjectPublicKeyInfo of a known curve nor a bare point');
}

/** Only the fourteen exact prefixes are accepted: no other structure, no trailing bytes. */
function spkiPoint(bytes: Uint8Array): LocatedPoint | undefined {
  const hex = toHex(bytes);
  for (const curve of CURVES.values()) {
    if (hex.startsWith(curve.spkiPrefix)) return taggedPoint(bytes.subarray(curve.spkiPrefix.length / 2), curve);
    if (hex.startsWith(curve.compressedSpkiPrefix))
      return taggedPoint(bytes.subarray(curve.compressedSpkiPrefix.length / 2), curve);
  }
  return undefined;
}

/** A bare point does not say its curve: without exactly one candidate of its length it is not accepted. */
function barePoint(bytes: Uint8Array, curves: readonly CurveName[]): LocatedPoint | undefined {
  const found = curves
    .map(curveOf)
    .map((curve) => rawPoint(bytes, curve) ?? taggedPoint(bytes, curve))
    .filter((point) => point !== undefined);
  return found.length === 1 ? found[0] : undefined;
}

const rawPoint = (bytes: Uint8Array, curve: Curve): LocatedPoint | undefined =>
  bytes.length === 2 * curve.size ? { curve, xy: bytes } : undefined;

/** `04‖X‖Y` or `02|03‖X`; hybrid points (06, 07) are refused. */
function taggedPoint(bytes: Uint8Array, curve: Curve): LocatedPoint | undefined {
  if (bytes[0] === 4 && bytes.length === 1 + 2 * curve.size) return { curve, xy: bytes.subarray(1) };
  const xy = decompress(curve, bytes);
  return xy === undefined ? undefined : { curve, xy };
}
