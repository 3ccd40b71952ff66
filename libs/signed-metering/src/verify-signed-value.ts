import { judgeLeaf, type JudgedValue } from './judge-leaf.ts';
import { unverifiable } from './rejection.ts';
import { unwrap } from './unwrap/unwrap.ts';
import { NO_WRAPPING, type Leaf } from './unwrap/leaf.ts';
import { valueVerdict } from './value-verdict.ts';
import type { SignedValueVerdict } from './verdict.ts';

export interface VerifyOptions {
  /** The key to verify with, in any encoding (`readPublicKey`). Without it, the key that comes with the value. */
  readonly key?: string | undefined;
  /** What the sender calls the format; names an unknown one, decides nothing. */
  readonly hint?: string | undefined;
}

/**
 * Reads and verifies one signed value, wrapped or bare. Never throws, whatever the text; bounded in time and memory.
 * A text with several different values is `unverifiable` here: they are one session for `verifySession`.
 */
export function verifySignedValue(text: string, { key, hint }: VerifyOptions = {}): SignedValueVerdict {
  const offered = key === undefined || key.trim() === '' ? undefined : { text: key, source: 'given' as const };
  const [judged, ...others] = distinctValues(unwrap(text).map((leaf) => judgeLeaf(leaf, offered)));
  if (judged !== undefined && others.length === 0) return valueVerdict(judged, hint);
  return valueVerdict(judgeLeaf(SEVERAL, undefined), hint);
}

const SEVERAL: Leaf = {
  ...NO_WRAPPING,
  value: unverifiable('several-values', 'the text contains several signed values'),
};

/** Copies of a record are one record; a copy whose signature is wrong is another one. */
export function distinctValues(judged: readonly JudgedValue[]): readonly JudgedValue[] {
  const contents = new Set<string>();
  return judged.filter(({ hashed, rejection }) => {
    const content = [...hashed.map(({ sha256 }) => sha256), rejection?.code ?? 'signed'].join();
    const known = hashed.length > 0 && contents.has(content);
    contents.add(content);
    return !known;
  });
}
