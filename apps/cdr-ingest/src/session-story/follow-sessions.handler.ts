import {
  ChargingNotifiedV1, isEvent, SessionAuthorizedV1, SessionRecordMissingV1, StopAuthorizedV1, type EmpEvent, type SessionAuthorizedData,
} from '@emp/events';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Transaction } from '@emp/database';
import { sessionKey } from '../domain/session-key.ts';

/** Knows which sessions were authorized and what the stations told of them: for proofs and stories. */
@Controller()
export class FollowSessionsHandler {
  @ConsumeEvents({ group: 'cdr-ingest.follow-sessions', topics: ['emp.session.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() { tx }: BatchContext): Promise<void> {
    await noteAuthorized(tx, events.flatMap((event) => (isEvent(SessionAuthorizedV1, event) ? [event.data] : [])));
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
async function noteAuthorized(tx: Transaction, told: readonly SessionAuthorizedData[]): Promise<void> {
  if (told.length === 0) return;
  await tx.execute(
    `INSERT INTO authorized_session
       (session_key, session_id, provider_id, operator_id, evse_id, contract_ref, identification, authorized_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
     ON CONFLICT (session_key) DO NOTHING`,
    [
      told.map(({ sessionId }) => sessionKey(sessionId)), told.map((one) => one.sessionId), told.map((one) => one.providerId),
      told.map((one) => one.operatorId), told.map((one) => one.evseId), told.map((one) => one.contractRef),
      told.map((one) => one.identification), told.map((one) => one.authorizedAt),
    ],
  );
}

async function noteNotices(tx: Transaction, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await tx.execute(
    `INSERT INTO session_notice (event_id, session_key, kind, occurred_at, noticed_at, energy_kwh, error_type)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[])
     ON CONFLICT (event_id) DO NOTHING`,
    [
      notices.map(({ eventId }) => eventId), notices.map(({ sessionId }) => sessionKey(sessionId)), notices.map(({ kind }) => kind),
      notices.map(({ occurredAt }) => occurredAt), notices.map(({ noticedAt }) => noticedAt),
      notices.map(({ energyKwh }) => energyKwh), notices.map(({ errorType }) => errorType),
    ],
  );
}
