import { lockNumber, type Database } from '@emp/database';
import { CdrReceivedV1, newEvent, type EmpEvent } from '@emp/events';
import type { CdrPage } from '@emp/hbs-client';
import type { Outbox } from '@emp/messaging';
import { sliceRecords } from '@emp/oicp';
import type { Vault } from '@emp/vault';
import { knownVersions, type VersionsBySession } from '../cdrs/cdr-store.ts';
import { identifyRecord, type RecordIdentity } from '../cdrs/record-identity.ts';
import { noteListed } from './hub-listing.ts';
import { countPage, type PageCount, type PullId } from './pull-store.ts';
import { notePage, type PullStep } from './step-store.ts';

export interface PageParts {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly vault: Vault;
}

const PAGES = lockNumber('cdr-ingest.pages');

interface PulledRecord {
  readonly text: string;
  readonly identity: RecordIdentity;
}

/**
 * Sends on what is not stored yet: each record's exact text, through the same door as the pushed ones, in one
 * transaction with the progress of the pull and of its step. What dies before the commit is pulled again; what is sent twice is
 * recognised at the door. Returns the hashes of the page's records.
 */
export async function takePage(
  { database, outbox, vault }: PageParts,
  page: CdrPage,
  about: { readonly pull: PullId; readonly name: string; readonly now: Date },
  progress: { readonly step: PullStep; readonly reading: number; readonly announced: number | null },
): Promise<readonly string[]> {
  const records = sliceRecords(page.text, 'content').map(({ text }) => ({ text, identity: identifyRecord(vault, text) }));
  const known = await knownVersions(database, [...new Set(records.map(({ identity }) => identity.sessionKey))]);
  const { count, missing } = compare(records, known);
  const events = missing.map(({ text, identity }): EmpEvent => newEvent(CdrReceivedV1, {
    sessionId: identity.sessionId, origin: 'pulled', providerId: about.pull.providerId, operatorId: null,
    receivedAt: about.now.toISOString(), processId: page.processId, page: about.name, contractRef: null,
    sealedRecord: vault.seal(text),
  }, { time: about.now }));
  const hashes = records.map(({ identity }) => identity.valueHash);
  const listed = records.filter(({ identity }) => identity.namesSession).map(({ identity }) => identity.sessionKey);
  await database.transaction(async (tx) => {
    // Pulls of different kinds may bring the same record at once: what they send on of it keeps its order.
    await tx.query('SELECT pg_advisory_xact_lock($1)', [PAGES]);
    await outbox.append(tx, ...events);
    await countPage(tx, about.pull, { ...count, name: about.name, processId: page.processId });
    await notePage(tx, progress.step, { ...progress, number: page.number, hashes });
    await noteListed(tx, listed, { providerId: about.pull.providerId, ...about, processId: page.processId });
  });
  return hashes;
}

/** Which records of a page are not stored with the same content. */
function compare(
  records: readonly PulledRecord[],
  known: VersionsBySession,
): { readonly count: PageCount; readonly missing: readonly PulledRecord[] } {
  const missing = new Map<string, PulledRecord>();
  let changedRecords = 0;
  for (const record of records) {
    const { sessionKey, valueHash, byteHash } = record.identity;
    const versions = known.get(sessionKey) ?? [];
    if (versions.some((one) => one.valueHash === valueHash || one.byteHash === byteHash)) continue;
    if (missing.has(valueHash)) continue;
    if (versions.length > 0) changedRecords += 1;
    missing.set(valueHash, record);
  }
  const newRecords = missing.size - changedRecords;
  return {
    count: { records: records.length, newRecords, changedRecords, knownRecords: records.length - missing.size },
    missing: [...missing.values()],
  };
}
