import { quoted } from '../finding.ts';
import type { CurveName } from '../keys/curves.ts';
import { accepted, unverifiable, type Outcome } from '../rejection.ts';

/** OCMF 1.4 table 22, and the spelling `brainpoolP256r1` of the field; compared in lower case, without the `P`. */
const CURVE_OF: ReadonlyMap<string, CurveName> = new Map([
  ['secp192k1', 'secp192k1'],
  ['secp192r1', 'secp192r1'],
  ['secp256k1', 'secp256k1'],
  ['secp256r1', 'secp256r1'],
  ['brainpool256r1', 'brainpoolP256r1'],
  ['secp384r1', 'secp384r1'],
  ['brainpool384r1', 'brainpoolP384r1'],
]);

export const DEFAULT_CURVE: CurveName = 'secp256r1';

/** The curve of `SA`, e.g. `ECDSA-secp256r1-SHA256`. Another algorithm is not wrong, only not verifiable here. */
export function curveOfAlgorithm(algorithm: string): Outcome<CurveName> {
  const [scheme = '', curve = '', hash = '', ...more] = algorithm.trim().split('-');
  const known = CURVE_OF.get(curve.toLowerCase().replace(/^brainpoolp/, 'brainpool'));
  if (scheme.toUpperCase() !== 'ECDSA' || hash.toUpperCase() !== 'SHA256' || more.length > 0 || known === undefined) {
    return unverifiable('unsupported-algorithm', `the signature algorithm ${quoted(algorithm)} is not one of OCMF`);
  }
  return accepted(known);
}
