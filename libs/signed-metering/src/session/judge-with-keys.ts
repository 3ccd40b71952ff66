import { originFinding, type MeteringFinding } from '../finding.ts';
import { deliveredKey, judgeLeaf, type JudgedValue, type OfferedKey } from '../judge-leaf.ts';
import { readPublicKey } from '../keys/read-public-key.ts';
import type { Leaf } from '../unwrap/leaf.ts';
import type { Question } from '../verdict.ts';

/** The keys known for a session. */
export interface SessionKeys {
  /** Of a registry of stations: says whose signature it is. */
  readonly registeredKey: string | undefined;
  /** Delivered with the charge detail record. */
  readonly publicKey: string | undefined;
}

export interface JudgedWithKeys {
  readonly judged: readonly JudgedValue[];
  readonly origin: Question;
  readonly findings: readonly MeteringFinding[];
}

const WRONG_KEY = ['signature-wrong', 'key-curve-differs'];

/**
 * Verifies with the registered key. What that key did not sign is tried with the key that came along, to tell a forged
 * value from a station whose meter was exchanged: the bytes may be whole and still not this station's.
 */
export function judgeWithKeys(leaves: readonly Leaf[], { registeredKey, publicKey }: SessionKeys): JudgedWithKeys {
  const delivered: OfferedKey | undefined = present(publicKey) ? { text: publicKey, source: 'given' } : undefined;
  if (!present(registeredKey)) return { judged: leaves.map((leaf) => judgeLeaf(leaf, delivered)), ...unregistered(delivered !== undefined) };
  const registered: OfferedKey = { text: registeredKey, source: 'registered' };
  const judged = leaves.map((leaf) => judgeLeaf(leaf, registered));
  if (judged.some(({ rejection }) => rejection?.code === 'key-malformed')) {
    const finding = originFinding('registered-key-unreadable', 'warning', 'the key in the registry is not one and was not used');
    return { judged: leaves.map((leaf) => judgeLeaf(leaf, delivered)), origin: unknown(finding.message), findings: [finding] };
  }
  const others = judged.map((value) => (WRONG_KEY.includes(value.rejection?.code ?? '') ? withDelivered(value, delivered) : undefined));
  if (others.some((other) => other !== undefined)) {
    const finding = originFinding('key-changed', 'error', 'the values are signed, but not with the key registered for this station');
    return { judged: judged.map((value, index) => others[index] ?? value), origin: { answer: 'no', why: finding.message }, findings: [finding] };
  }
  const signed = judged.some(({ rejection }) => rejection === undefined);
  return {
    judged,
    origin: signed ? { answer: 'yes', why: 'the key registered for this station signed the values' } : unknown('nothing was verified'),
    findings: deliveredDiffers(judged, delivered),
  };
}

const present = (key: string | undefined): key is string => key !== undefined && key.trim() !== '';
const unknown = (why: string): Question => ({ answer: 'unknown', why });

function unregistered(delivered: boolean): Omit<JudgedWithKeys, 'judged'> {
  const why = delivered
    ? 'the key came with the charge detail record: it proves that nothing was changed, not whose meter signed'
    : 'only the values themselves bring a key: it proves that nothing was changed, not whose meter signed';
  return { origin: unknown(why), findings: [originFinding('key-not-registered', 'note', why)] };
}

function withDelivered(value: JudgedValue, delivered: OfferedKey | undefined): JudgedValue | undefined {
  const key = delivered ?? deliveredKey(value.leaf, value.record);
  const judged = key && judgeLeaf(value.leaf, key);
  return judged?.rejection === undefined ? judged : undefined;
}

/** The record may name another key than the one registered although the registered one signed: somebody's data is stale. */
function deliveredDiffers(judged: readonly JudgedValue[], delivered: OfferedKey | undefined): readonly MeteringFinding[] {
  const differs = judged.some(({ leaf, record, key, rejection }) => {
    const other = delivered ?? deliveredKey(leaf, record);
    if (rejection !== undefined || key === undefined || other === undefined) return false;
    const read = readPublicKey(other.text, record?.curves);
    return !read.ok || read.value.fingerprint !== key.fingerprint;
  });
  return differs ? [originFinding('delivered-key-differs', 'warning', 'the record names another key than the registered one, which signed it')] : [];
}
