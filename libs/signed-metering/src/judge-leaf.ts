import { createHash } from 'node:crypto';
import { integrityFinding, type MeteringFinding } from './finding.ts';
import type { PublicKey } from './keys/public-key.ts';
import { readPublicKey } from './keys/read-public-key.ts';
import { readRecord } from './read-record.ts';
import type { MeteringRecord } from './record.ts';
import { accepted, invalid, unverifiable, type Outcome, type Rejection } from './rejection.ts';
import { verifySignature } from './signature/verify-signature.ts';
import type { Leaf } from './unwrap/leaf.ts';
import type { HashedBlock, KeySource } from './verdict.ts';

/** A key and how it came to us. */
export interface OfferedKey {
  readonly text: string;
  readonly source: KeySource;
}

/** One unwrapped value: what was read, and whether the key signed it. */
export interface JudgedValue {
  readonly leaf: Leaf;
  readonly record: MeteringRecord | undefined;
  /** `undefined` when the signature is that of the key. */
  readonly rejection: Rejection | undefined;
  readonly key: (PublicKey & { readonly source: KeySource }) | undefined;
  /** Whether the key signed every block. */
  readonly signed: boolean;
  readonly hashed: readonly HashedBlock[];
  readonly findings: readonly MeteringFinding[];
}

/** Reads a value and verifies it with the offered key or, without one, with the key that came along. */
export function judgeLeaf(leaf: Leaf, offered: OfferedKey | undefined): JudgedValue {
  const nothing = { leaf, record: undefined, key: undefined, signed: false, hashed: [], findings: [] };
  if (!leaf.value.ok) return { ...nothing, rejection: leaf.value.rejection };
  const read = readRecord(leaf.value.value);
  if (!read.ok) return { ...nothing, rejection: read.rejection };
  const record = read.value;
  const own = deliveredKey(leaf, record);
  const used = offered ?? own;
  const key = used === undefined ? KEY_MISSING : keyFor(record, used.text);
  const judged = { leaf, record, hashed: record.blocks.map(hashOf), findings: record.findings };
  if (!key.ok || used === undefined) {
    const rejection = key.ok || key.rejection.integrity === 'invalid' ? undefined : record.reservation;
    return {
      ...judged,
      key: undefined,
      signed: false,
      rejection: rejection ?? (key.ok ? KEY_MISSING.rejection : key.rejection),
    };
  }
  const signature = checkSignatures(record, key.value);
  const checked = signature.ok ? embeddedKeyFits(record, key.value) : signature;
  return {
    ...judged,
    key: { ...key.value, source: used.source },
    signed: signature.ok,
    rejection: checked.ok ? record.reservation : checked.rejection,
    findings: [
      ...record.findings,
      ...(signature.ok ? signature.value : []),
      ...defaultCurveFindings(record, key.value),
    ],
  };
}

/** The key that travels with a value: in its container, else in the record itself. */
export function deliveredKey(leaf: Leaf, record: MeteringRecord | undefined): OfferedKey | undefined {
  if (leaf.key !== undefined) return { text: leaf.key, source: 'container' };
  return record?.embeddedKey === undefined ? undefined : { text: record.embeddedKey, source: 'record' };
}

const KEY_MISSING = unverifiable('key-missing', 'there is no public key to verify with');

/** A key of another curve cannot have signed this record, unless the record does not name its algorithm. */
function keyFor(record: MeteringRecord, text: string): Outcome<PublicKey> {
  const key = readPublicKey(text, record.curves);
  if (!key.ok || record.curveIsDefault || record.curves.includes(key.value.curve)) return key;
  return invalid(
    'key-curve-differs',
    `the key is one of ${key.value.curve}, the record was signed on ${record.curves.join(' or ')}`,
  );
}

function checkSignatures(record: MeteringRecord, key: PublicKey): Outcome<readonly MeteringFinding[]> {
  const findings: MeteringFinding[] = [];
  for (const block of record.blocks) {
    const { signed, deviations } = verifySignature(block, key);
    if (!signed) return invalid('signature-wrong', `this key did not sign these bytes (${block.name})`);
    findings.push(
      ...deviations.map((deviation) =>
        integrityFinding('signature-encoding', 'note', `the signature is not strict DER: ${deviation}`),
      ),
    );
  }
  return accepted(findings);
}

/** A record that brings a key must bring the one that verifies it. */
function embeddedKeyFits({ embeddedKey, curves }: MeteringRecord, key: PublicKey): Outcome<true> {
  if (embeddedKey === undefined) return accepted(true);
  const embedded = readPublicKey(embeddedKey, curves);
  return embedded.ok && embedded.value.spki === key.spki
    ? accepted(true)
    : invalid('embedded-key-differs', 'the record contains another key than the one that signed it');
}

function defaultCurveFindings(record: MeteringRecord, key: PublicKey): readonly MeteringFinding[] {
  if (!record.curveIsDefault || record.curves.includes(key.curve)) return [];
  return [
    integrityFinding(
      'curve-of-key',
      'warning',
      `the record names no algorithm; its key is one of ${key.curve}, not of OCMF's default`,
    ),
  ];
}

const hashOf = ({ name, bytes }: MeteringRecord['blocks'][number]): HashedBlock => ({
  name,
  length: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
