import type { Transaction } from '@emp/database';
import {
  ChargingNotifiedV1, isEvent, SessionAuthorizedV1, SessionRecordMissingV1, StopAuthorizedV1, type EmpEvent, type SessionAuthorizedData,
} from '@emp/events';
import type { Clock } from '@emp/kernel';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { CLOCK, LOG, type Log } from '@emp/service-kit';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CdrMetrics } from '../cdrs/cdr-metrics.ts';
import { Recheck } from '../check-records/recheck.ts';
import { sessionKey } from '../domain/session-key.ts';
import { closeGate } from '../match-contract/contract-gate.ts';
import { readFactsInPeace } from '../network-facts/facts-lock.ts';

/**
 * Knows which sessions were authorized and what the stations told of them: for checks, proofs and stories. A record that
 * was here before its session is checked again.
 */
@Controller()
export class FollowSessionsHandler {
  constructor(
    @Inject(Recheck) private readonly recheck: Recheck,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(CdrMetrics) private readonly metrics: CdrMetrics,
  ) {}

  @ConsumeEvents({ group: 'cdr-ingest.follow-sessions', topics: ['emp.session.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() ctx: BatchContext): Promise<void> {
    const { tx } = ctx;
    const authorized = events.flatMap((event) => (isEvent(SessionAuthorizedV1, event) ? [event.data] : []));
    if (authorized.length > 0) {
      await readFactsInPeace(tx);
      await closeGate(tx);
      await noteAuthorized(tx, authorized);
      const keys = authorized.map(({ sessionId }) => sessionKey(sessionId));
      const settled = await this.recheck.run(tx, { by: 'session-key', keys }, this.clock.now());
      ctx.afterCommit(() => this.metrics.settled(settled, this.log));
    }
    await noteNotices(tx, events.flatMap(noticeOf));
  }
}

interface Notice {
  readonly eventId: string;
  readonly sessionId: string;
  readonly kind: string;
  readonly occurredAt: string | null;
  readonly noticedAt: string;
  readonly energyKwh: string | null;
  readonly errorType: string | null;
}

function noticeOf(event: EmpEvent): readonly Notice[] {
  const silent = { occurredAt: null, energyKwh: null, errorType: null };
  if (isEvent(ChargingNotifiedV1, event)) {
    const { sessionId, kind, occurredAt, receivedAt, energyKwh, errorType } = event.data;
    return [{ eventId: event.id, sessionId, kind, occurredAt, noticedAt: receivedAt, energyKwh, errorType }];
  }
  if (isEvent(StopAuthorizedV1, event)) {
    const { sessionId, stoppedAt } = event.data;
    return [{ eventId: event.id, sessionId, kind: 'stop-authorized', noticedAt: stoppedAt, ...silent }];
  }
  if (isEvent(SessionRecordMissingV1, event)) {
    return [{ eventId: event.id, sessionId: event.data.sessionId, kind: 'record-missing', noticedAt: event.data.missingSince, ...silent }];
  }
  return [];
}

/** A session is authorized once; of several events the first one stays. */
const NOTE_AUTHORIZED = {
  name: 'authorized-session-note',
  text: `INSERT INTO authorized_session
           (session_key, session_id, provider_id, operator_id, evse_id, contract_ref, identification, authorized_at)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
         ON CONFLICT (session_key) DO NOTHING`,
};

async function noteAuthorized(tx: Transaction, told: readonly SessionAuthorizedData[]): Promise<void> {
  if (told.length === 0) return;
  await tx.prepared(
    NOTE_AUTHORIZED,
    [
      told.map(({ sessionId }) => sessionKey(sessionId)), told.map((one) => one.sessionId), told.map((one) => one.providerId),
      told.map((one) => one.operatorId), told.map((one) => one.evseId), told.map((one) => one.contractRef),
      told.map((one) => one.identification), told.map((one) => one.authorizedAt),
    ],
  );
}

const NOTE_NOTICES = {
  name: 'session-notice-note',
  text: `INSERT INTO session_notice (event_id, session_key, kind, occurred_at, noticed_at, energy_kwh, error_type)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[])
         ON CONFLICT (event_id) DO NOTHING`,
};

async function noteNotices(tx: Transaction, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await tx.prepared(
    NOTE_NOTICES,
    [
      notices.map(({ eventId }) => eventId), notices.map(({ sessionId }) => sessionKey(sessionId)), notices.map(({ kind }) => kind),
      notices.map(({ occurredAt }) => occurredAt), notices.map(({ noticedAt }) => noticedAt),
      notices.map(({ energyKwh }) => energyKwh), notices.map(({ errorType }) => errorType),
    ],
  );
}
