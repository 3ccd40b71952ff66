import { curveOf } from '../src/keys/curves.ts';

/** A signature with its parts in hex. */
export interface Example {
  readonly curve: 'secp192r1' | 'secp256r1';
  readonly hash: string;
  readonly r: string;
  readonly s: string;
  readonly x: string;
  readonly y: string;
}

type Point = readonly [x: bigint, y: bigint] | undefined;

/** Generator and order of the two curves (SEC 2). */
const GROUPS = {
  secp192r1: {
    generator: [
      0x188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012n,
      0x07192b95ffc8da78631011ed6b24cdd573f977a11e794811n,
    ],
    order: 0xffffffffffffffffffffffff99def836146bc9b1b4d22831n,
  },
  secp256r1: {
    generator: [
      0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    ],
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
} as const;

const modulo = (value: bigint, p: bigint): bigint => ((value % p) + p) % p;

function inverse(value: bigint, p: bigint): bigint {
  let [a, b, u, v] = [modulo(value, p), p, 1n, 0n];
  while (a > 1n) [a, b, u, v] = [b % a, a, v - (b / a) * u, u];
  return modulo(u, p);
}

/** ECDSA by the book, in big integers, without node:crypto: a second opinion for tests. */
export function isSigned({ curve, hash, r, s, x, y }: Example): boolean {
  const { p, a, size } = curveOf(curve);
  const { generator, order } = GROUPS[curve];
  const add = (one: Point, other: Point): Point => {
    if (!one || !other) return one ?? other;
    if (one[0] === other[0] && modulo(one[1] + other[1], p) === 0n) return undefined;
    const slope =
      one[0] === other[0]
        ? (3n * one[0] * one[0] + a) * inverse(2n * one[1], p)
        : (other[1] - one[1]) * inverse(other[0] - one[0], p);
    const sum = modulo(slope * slope - one[0] - other[0], p);
    return [sum, modulo(slope * (one[0] - sum) - one[1], p)];
  };
  const multiply = (point: Point, factor: bigint): Point => {
    let result: Point;
    for (let rest = factor, doubled = point; rest > 0n; rest >>= 1n, doubled = add(doubled, doubled)) {
      if (rest & 1n) result = add(result, doubled);
    }
    return result;
  };
  const digest = BigInt(`0x${hash.slice(0, 2 * size)}`);
  const weight = inverse(BigInt(`0x${s}`), order);
  const rValue = BigInt(`0x${r}`);
  const sum = add(
    multiply(generator, modulo(digest * weight, order)),
    multiply([BigInt(`0x${x}`), BigInt(`0x${y}`)], modulo(rValue * weight, order)),
  );
  return sum !== undefined && modulo(sum[0], order) === rValue;
}
