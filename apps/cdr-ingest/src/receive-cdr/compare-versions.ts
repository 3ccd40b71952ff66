import type { Queryable } from '@emp/database';
import type { Vault } from '@emp/vault';
import { sealedRecords } from '../cdrs/cdr-store.ts';
import { differingMembers, recordContent, type RecordContent } from '../domain/record-content.ts';
import type { Decided } from './decide-batch.ts';

/** Of a text that is no record, the whole differs (RFC 6901: the empty pointer). */
const EVERYTHING = [''];

/** Completes conflicts with the members in which they differ from the version that stays billable. Rare: texts are opened. */
export async function compareVersions(tx: Queryable, vault: Vault, batch: readonly Decided[]): Promise<readonly Decided[]> {
  const conflicts = batch.filter(({ assessment }) => assessment.outcome === 'conflict');
  if (conflicts.length === 0) return batch;
  const contents = new Map<string, RecordContent | undefined>(
    batch.flatMap(({ cdr, record }) => (cdr ? [[cdr.id, record.identity.content] as const] : [])),
  );
  const stored = conflicts.flatMap(({ against }) => (against && !contents.has(against.id) ? [against.id] : []));
  for (const [id, sealed] of await sealedRecords(tx, stored)) contents.set(id, recordContent(vault.open(sealed)));
  return batch.map((decided) => {
    const { assessment, cdr, against, record } = decided;
    if (assessment.outcome !== 'conflict' || !cdr || !against) return decided;
    const first = contents.get(against.id);
    const second = record.facts ? record.identity.content : undefined;
    return { ...decided, cdr: { ...cdr, differingMembers: first && second ? differingMembers(first, second) : EVERYTHING } };
  });
}
