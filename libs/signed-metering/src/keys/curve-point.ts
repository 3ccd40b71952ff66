import { toHex } from '../encoding/hex.ts';
import type { Curve } from './curves.ts';

const number = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes)}`);
const modulo = (value: bigint, p: bigint): bigint => ((value % p) + p) % p;

function power(base: bigint, exponent: bigint, p: bigint): bigint {
  let result = 1n;
  for (let factor = base, rest = exponent; rest > 0n; rest >>= 1n, factor = (factor * factor) % p) {
    if (rest & 1n) result = (result * factor) % p;
  }
  return result;
}

/** The right side of the curve's equation, x³ + ax + b. */
const rightSide = (curve: Curve, x: bigint): bigint => modulo(x * x * x + curve.a * x + curve.b, curve.p);

/** Whether X‖Y is a point of the curve other than infinity, with both coordinates reduced. */
export function isOnCurve(curve: Curve, xy: Uint8Array): boolean {
  if (xy.length !== 2 * curve.size) return false;
  const x = number(xy.subarray(0, curve.size));
  const y = number(xy.subarray(curve.size));
  return x < curve.p && y < curve.p && modulo(y * y, curve.p) === rightSide(curve, x);
}

/** X‖Y of a compressed point (`02|03‖X`); `undefined` if no point of the curve has this X. All seven p ≡ 3 (mod 4). */
export function decompress(curve: Curve, compressed: Uint8Array): Uint8Array | undefined {
  const [sign] = compressed;
  if (compressed.length !== 1 + curve.size || (sign !== 2 && sign !== 3)) return undefined;
  const x = number(compressed.subarray(1));
  if (x >= curve.p) return undefined;
  const square = rightSide(curve, x);
  const root = power(square, (curve.p + 1n) / 4n, curve.p);
  if (modulo(root * root, curve.p) !== square) return undefined;
  const y = (root & 1n) === BigInt(sign - 2) ? root : modulo(-root, curve.p);
  const bytes = new Uint8Array(2 * curve.size);
  bytes.set(compressed.subarray(1));
  bytes.set(Buffer.from(y.toString(16).padStart(2 * curve.size, '0'), 'hex'), curve.size);
  return bytes;
}
