import { isEvent, SessionRecordMissingV1, type EmpEvent } from '@emp/events';
import type { Clock } from '@emp/kernel';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { CLOCK, LOG, type Log } from '@emp/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { noteMissing } from './missing-record-store.ts';

/** Learns which sessions have been silent for too long without a record. */
@Controller()
export class NoteMissingHandler {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @ConsumeEvents({ group: 'cdr-ingest.note-missing-records', topics: ['emp.session.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() ctx: BatchContext): Promise<void> {
    const told = events.flatMap((event) => (isEvent(SessionRecordMissingV1, event) ? [event.data] : []));
    await noteMissing(ctx.tx, told, this.clock.now());
    ctx.afterCommit(() => {
      for (const { sessionId, providerId } of told) this.log.warn({ sessionId, providerId }, 'record of a session missing');
    });
  }
}
