import type { Transaction } from '@emp/database';
import { CdrAcceptedV1, CdrQuarantinedV1, isEvent, type CdrAcceptedData, type EmpEvent } from '@emp/events';
import { parseOffsetDateTime, type Clock } from '@emp/kernel';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { evseKey } from '@emp/oicp';
import { CLOCK } from '@emp/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { isStartLost } from '../commands/command.store.ts';
import { LostStarts } from '../commands/lost-starts.ts';
import { hear } from '../domain/charging-session.ts';
import { SessionChanges } from './session-changes.ts';
import { beginSession, lockSession, type LockedSession } from './session.store.ts';

interface PulledRecord {
  readonly sessionId: string;
  readonly accepted: CdrAcceptedData | undefined;
}

/**
 * Closes sessions whose record did not come to the door and was pulled: nobody waits for it any longer. A start that
 * nobody answered finds its session that way too.
 */
@Controller()
export class PulledRecordsConsumer {
  constructor(
    private readonly lostStarts: LostStarts,
    private readonly changes: SessionChanges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @ConsumeEvents({ group: 'authorization-gateway.close-sessions', topics: ['emp.cdr.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() { tx }: BatchContext): Promise<void> {
    const pulled = new Map(events.flatMap(pulledIn).map((record) => [record.sessionId, record]));
    // In one order, as everybody who locks several.
    const inOrder = [...pulled.values()].sort((one, other) => (one.sessionId < other.sessionId ? -1 : 1));
    for (const record of inOrder) await this.#close(tx, record);
  }

  async #close(tx: Transaction, record: PulledRecord): Promise<void> {
    const at = this.clock.now();
    const { sessionId } = record;
    const known = (await lockSession(tx, sessionId)) ?? (await this.#begun(tx, record, at));
    if (!known || known.heard.recordHeardAt !== null) return;
    const session = await this.#claimed(tx, known, record, at);
    const heard = hear(session.heard, { type: 'recorded', at: at.getTime() });
    if (heard.ok) await this.changes.save(tx, sessionId, { heard: heard.value, change: { at, what: 'record pulled' } });
    await this.lostStarts.settleStops(tx, sessionId, at, 'record');
  }

  /** Of sessions that nobody spoke of here (those of offline providers) none is kept, unless a start may be theirs. */
  async #begun(tx: Transaction, { sessionId, accepted }: PulledRecord, at: Date): Promise<LockedSession | undefined> {
    if (!accepted) return undefined;
    const { contractRef, evseId, operatorId } = accepted;
    if (!(await isStartLost(tx, { contractRef, evseKey: evseKey(evseId) }))) return undefined;
    return beginSession(tx, sessionId, { operatorId, evseId }, at);
  }

  async #claimed(
    tx: Transaction,
    session: LockedSession,
    { accepted }: PulledRecord,
    at: Date,
  ): Promise<LockedSession> {
    if (!accepted) return session;
    const begun = parseOffsetDateTime(accepted.sessionStart);
    return this.lostStarts.claim(tx, session, {
      heardContractRef: accepted.contractRef,
      heardEmpSessionId: null,
      evseId: accepted.evseId,
      begunAt: begun.ok ? begun.value.epochMillis : null,
      at,
      by: 'record',
    });
  }
}

function pulledIn(event: EmpEvent): readonly PulledRecord[] {
  if (isEvent(CdrAcceptedV1, event) && event.data.origin === 'pulled') {
    return [{ sessionId: event.data.sessionId, accepted: event.data }];
  }
  if (isEvent(CdrQuarantinedV1, event) && event.data.origin === 'pulled') {
    return [{ sessionId: event.data.sessionId, accepted: undefined }];
  }
  return [];
}
