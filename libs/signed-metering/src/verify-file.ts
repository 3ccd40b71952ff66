import { judgeLeaf } from './judge-leaf.ts';
import { LIMITS } from './limits.ts';
import { pairRegisters } from './session/pair-registers.ts';
import { verdictOnLeaves, type SessionOptions } from './session/verify-session.ts';
import type { Leaf } from './unwrap/leaf.ts';
import { unwrap } from './unwrap/unwrap.ts';
import type { SessionVerdict } from './verdict.ts';

export interface FileSession {
  /** Of the transparency software's container. */
  readonly transactionId: string | undefined;
  readonly verdict: SessionVerdict;
}

/**
 * Verifies a file: a bare value, a value with its key as JSON, a charge detail record, or the transparency software's
 * XML with any number of transactions. Values of one transaction id are one session; without ids, records that hold
 * begin and end are a session each, and others are one session together. Never throws.
 */
export function verifyFile(text: string, options: SessionOptions = {}): readonly FileSession[] {
  const leaves = unwrap(text, LIMITS.fileChars);
  return groupsOf(leaves).map((group) => ({
    transactionId: group[0]?.transactionId,
    verdict: verdictOnLeaves(group, options),
  }));
}

function groupsOf(leaves: readonly Leaf[]): readonly (readonly Leaf[])[] {
  const groups = new Map<string, Leaf[]>();
  const loose = leaves.filter(({ transactionId }) => transactionId === undefined);
  const apart = loose.every(isWholeSession);
  for (const [index, leaf] of leaves.entries()) {
    const name = leaf.transactionId === undefined ? `loose ${apart ? index : ''}` : `transaction ${leaf.transactionId}`;
    const group = groups.get(name);
    if (group) group.push(leaf);
    else groups.set(name, [leaf]);
  }
  return [...groups.values()];
}

function isWholeSession(leaf: Leaf): boolean {
  const { record } = judgeLeaf(leaf, undefined);
  return record === undefined || pairRegisters(record.readings).pair !== undefined;
}
