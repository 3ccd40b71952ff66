import { originFinding, type MeteringFinding } from '../finding.ts';
import { deliveredKey, judgeLeaf, type JudgedValue, type OfferedKey } from '../judge-leaf.ts';
import { CURVES } from '../keys/curves.ts';
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

const WRONG_KEY = ['signature-wrong', 'key-curve-differs', 'key-malformed'];

/**
 * Verifies with the registered key. What that key did not sign is tried with the key that came along, to tell a forged
 * value from a station whose meter was exchanged: the bytes may be whole and still not this station's.
 */
export function judgeWithKeys(leaves: readonly Leaf[], { registeredKey, publicKey }: SessionKeys): JudgedWithKeys {
  const delivered: OfferedKey | undefined = present(publicKey) ? { text: publicKey, source: 'given' } : undefined;
  const byDelivered = (): readonly JudgedValue[] => leaves.map((leaf) => judgeLeaf(leaf, delivered));
  if (!present(registeredKey)) return { judged: byDelivered(), ...unregistered(delivered !== undefined) };
  if (!isKeyOfSomeCurve(registeredKey)) {
    return { judged: byDelivered(), origin: unknown(UNREADABLE.message), findings: [UNREADABLE] };
  }
  const registered: OfferedKey = { text: registeredKey, source: 'registered' };
  const judged = leaves.map((leaf) => judgeLeaf(leaf, registered));
  const others = judged.map((value) => (isWrongKey(value) ? withDelivered(value, delivered) : undefined));
  if (others.some((other) => other !== undefined)) {
    return {
      judged: judged.map((value, index) => others[index] ?? value),
      origin: { answer: 'no', why: CHANGED.message },
      findings: [CHANGED],
    };
  }
  const signed = judged.every(({ rejection }) => rejection === undefined);
  return {
    judged,
    origin: signed ? { answer: 'yes', why: SIGNED } : unknown('not every value was verified'),
    findings: deliveredDiffers(judged, delivered),
  };
}

const SIGNED = 'the key registered for this station signed the values';
const UNREADABLE = originFinding(
  'registered-key-unreadable',
  'warning',
  'the key in the registry is not one and was not used',
);
const CHANGED = originFinding(
  'key-changed',
  'error',
  'the values are signed, but not with the key registered for this station',
);

const isWrongKey = ({ rejection }: JudgedValue): boolean => WRONG_KEY.includes(rejection?.code ?? '');

/**
 * A bare point is read on the curve that a record claims; on another curve it is no point. That makes it the wrong key,
 * not an unreadable one, or a forger could talk his way past the registry by claiming another curve.
 */
const isKeyOfSomeCurve = (text: string): boolean => [...CURVES.keys()].some((curve) => readPublicKey(text, [curve]).ok);

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

/**
 * The record may name another key than the one registered although the registered one signed: somebody's data is stale.
 */
function deliveredDiffers(
  judged: readonly JudgedValue[],
  delivered: OfferedKey | undefined,
): readonly MeteringFinding[] {
  const differs = judged.some(({ leaf, record, key, rejection }) => {
    const other = delivered ?? deliveredKey(leaf, record);
    if (rejection !== undefined || key === undefined || other === undefined) return false;
    const read = readPublicKey(other.text, record?.curves);
    return !read.ok || read.value.fingerprint !== key.fingerprint;
  });
  return differs
    ? [
        originFinding(
          'delivered-key-differs',
          'warning',
          'the record names another key than the registered one, which signed it',
        ),
      ]
    : [];
}
