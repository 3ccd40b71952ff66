import { verify } from 'node:crypto';
import { curveOf } from '../keys/curves.ts';
import type { PublicKey } from '../keys/public-key.ts';
import { readDerSignature } from './der.ts';

/** Bytes that were signed, and the signature over them. */
export interface SignedBlock {
  /** Which part of the record, for messages: `record`, `begin`, `end`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
  /** `raw` is r‖s; OCMF allows DER only, but raw is met in the field. */
  readonly encoding: 'raw' | 'der' | 'der-or-raw';
}

export interface SignatureCheck {
  readonly signed: boolean;
  readonly deviations: readonly string[];
}

/** ECDSA over SHA-256 (truncated to the curve's size by OpenSSL, as the standard says for P-192). Never throws. */
export function verifySignature(block: SignedBlock, key: PublicKey): SignatureCheck {
  const parts = partsOf(block, curveOf(key.curve).size);
  if (parts === undefined) return { signed: false, deviations: [] };
  try {
    const signed = verify('sha256', block.bytes, { key: key.handle, dsaEncoding: 'ieee-p1363' }, parts.raw);
    return { signed, deviations: parts.deviations };
  } catch {
    return { signed: false, deviations: [] };
  }
}

function partsOf({ signature, encoding }: SignedBlock, size: number) {
  const der = encoding === 'raw' ? undefined : readDerSignature(signature, size);
  if (der !== undefined || encoding === 'der') return der;
  if (signature.length !== 2 * size) return undefined;
  return { raw: signature, deviations: encoding === 'raw' ? [] : ['r and s follow each other without DER'] };
}
