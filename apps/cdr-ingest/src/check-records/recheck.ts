import type { Transaction } from '@emp/database';
import type { Outbox } from '@emp/messaging';
import { OUTBOX } from '@emp/service-kit';
import type { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { acceptedEvent, quarantinedEvent, signedMeteringOf } from '../cdrs/cdr-events.ts';
import { storableJson } from '../cdrs/storable.ts';
import { judgeCdr } from '../domain/assess-cdr.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import type { CheckLimits } from '../domain/check-context.ts';
import { noteReassessed, WHAT_CAME } from '../quarantine/note-reassessed.ts';
import { readSigned } from '../receive-cdr/read-record.ts';
import { LIMITS, VAULT } from '../tokens.ts';
import { NOT_SIGNED } from '../verify-metering/metering-request.ts';
import { CheckDesk } from './check-desk.ts';
import type { CheckedRecord, RecordKnowledge } from './checked-record.ts';
import { lockQuarantined, quarantinedIds, type QuarantinedCdr, type QuarantineFilter } from './quarantined-cdrs.ts';

/** What became of a record that was checked again. */
export interface Rechecked {
  readonly id: string;
  readonly sessionId: string;
  readonly outcome: 'accepted' | 'quarantined';
  readonly findings: readonly CdrFinding[];
}

interface Judged extends Rechecked {
  readonly cdr: QuarantinedCdr;
  readonly contractRef: string | null;
  readonly matchedBy: QuarantinedCdr['matchedBy'];
  readonly knowledge: RecordKnowledge;
}

/** Records are opened and judged so many at a time: an operator's late POI may free thousands. */
const AT_ONCE = 500;

/** Checks records in quarantine again, with all that is known now. */
@Injectable()
export class Recheck {
  constructor(
    @Inject(CheckDesk) private readonly checks: CheckDesk,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(LIMITS) private readonly limits: CheckLimits,
  ) {}

  /**
   * Judges them, stores the verdicts and tells those that changed, in the caller's transaction, which holds the lock of the
   * facts (`readFactsInPeace`, `changeFacts`). `contracts`: by the ids of records, what has just been told of them.
   */
  async run(
    tx: Transaction, filter: QuarantineFilter, now: Date, contracts: ReadonlyMap<string, string> = new Map(),
  ): Promise<readonly Rechecked[]> {
    const ids = await quarantinedIds(tx, filter);
    const rechecked: Rechecked[] = [];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const cdrs = await lockQuarantined(tx, ids.slice(at, at + AT_ONCE));
      rechecked.push(...await this.#recheck(tx, cdrs, { now, contracts, why: WHAT_CAME[filter.by] }));
    }
    return rechecked;
  }

  async #recheck(
    tx: Transaction, cdrs: readonly QuarantinedCdr[],
    { now, contracts, why }: { readonly now: Date; readonly contracts: ReadonlyMap<string, string>; readonly why: string },
  ): Promise<readonly Rechecked[]> {
    const records = cdrs.map((cdr) => this.#recordOf(cdr));
    const knowledge = await this.checks.gather(tx, records);
    const judged = cdrs.flatMap((cdr): readonly Judged[] => {
      const known = knowledge.get(cdr.id);
      return known ? [judge(cdr, known, contracts.get(cdr.id) ?? null, this.limits)] : [];
    });
    await storeVerdicts(tx, judged, now);
    await this.checks.keep(tx, records, knowledge, now);
    await noteReassessed(tx, judged.filter(isNews), why, now);
    await this.outbox.append(tx, ...judged.filter(isNews).map((one) => announcementOf(one, now)));
    return judged.map(({ id, sessionId, outcome, findings }) => ({ id, sessionId, outcome, findings }));
  }

  #recordOf({ id, sessionKey, sessionId, facts, fingerprint, sealedRecord }: QuarantinedCdr): CheckedRecord {
    const signed = sealedRecord === null ? NOT_SIGNED : readSigned(this.vault.open(sealedRecord));
    return { id, sessionKey, sessionId, facts, fingerprint, signed };
  }
}

function judge(cdr: QuarantinedCdr, knowledge: RecordKnowledge, told: string | null, limits: CheckLimits): Judged {
  const contract = contractOf(cdr, knowledge, told);
  const reading = cdr.findings.filter((finding) => finding.by === 'reader');
  const context = { ...knowledge, limits, receivedAt: new Date(cdr.received.receivedAt), contractRef: contract.contractRef };
  return { id: cdr.id, sessionId: cdr.sessionId, cdr, knowledge, ...contract, ...judgeCdr(cdr.facts, reading, context) };
}

/** A contract once found stays; else that of the session, else that of the identification. */
function contractOf(
  { contractRef, matchedBy }: QuarantinedCdr, { session, identificationContractRef }: RecordKnowledge, told: string | null,
): Pick<Judged, 'contractRef' | 'matchedBy'> {
  if (contractRef !== null) return { contractRef, matchedBy };
  const ofSession = told ?? session?.contractRef ?? null;
  if (ofSession !== null) return { contractRef: ofSession, matchedBy: 'session' };
  return { contractRef: identificationContractRef, matchedBy: identificationContractRef === null ? null : 'identification' };
}

async function storeVerdicts(tx: Transaction, judged: readonly Judged[], now: Date): Promise<void> {
  if (judged.length === 0) return;
  await tx.execute(
    `UPDATE cdr SET state = told.state, findings = told.findings, contract_ref = told.contract_ref, matched_by = told.matched_by,
       decided_at = $6
     FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::text[], $5::text[]) AS told (id, state, findings, contract_ref, matched_by)
     WHERE cdr.id = told.id`,
    [
      judged.map(({ id }) => id), judged.map(({ outcome }) => outcome), judged.map(({ findings }) => storableJson(findings)),
      judged.map(({ contractRef }) => contractRef), judged.map(({ matchedBy }) => matchedBy), now,
    ],
  );
}

/** Whoever waits in quarantine for the same reasons as before is no news. */
const isNews = ({ outcome, findings, cdr }: Judged): boolean =>
  outcome === 'accepted' || reasonsOf(findings) !== reasonsOf(cdr.findings);

const reasonsOf = (findings: readonly CdrFinding[]): string =>
  findings.filter(({ severity }) => severity === 'error').map(({ code }) => code).join();

function announcementOf({ cdr, outcome, findings, contractRef, knowledge }: Judged, now: Date) {
  const announced = { ...cdr, findings, contractRef, signedMetering: signedMeteringOf(knowledge.metering) };
  return outcome === 'accepted' ? acceptedEvent(announced, now) : quarantinedEvent(announced, now);
}
