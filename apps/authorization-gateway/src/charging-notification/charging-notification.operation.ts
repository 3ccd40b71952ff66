import { parseOffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { readOicp, type ChargingNotification } from '@emp/oicp';
import { Injectable } from '@nestjs/common';
import { acknowledgement } from '../door/answers.ts';
import { explainFindings } from '../door/explain-refusal.ts';
import type { DoorAnswer, DoorOperation, DoorRequest, RefusalCode } from '../door/door-operation.ts';
import { NO_SESSION_ID, evseIdOf, operatorOf, sessionIdOf } from '../door/wire.ts';
import type { NotificationKind } from '../domain/charging-session.ts';
import { HeardIdentities } from '../sessions/heard-identity.ts';
import { ChargingNotificationHandler } from './charging-notification.handler.ts';

const KINDS: ReadonlyMap<string, NotificationKind> = new Map([
  ['Start', 'started'],
  ['Progress', 'progressed'],
  ['End', 'ended'],
  ['Error', 'failed'],
]);
const ERROR_TYPES: ReadonlySet<string> = new Set(['ConnectorError', 'CriticalError']);

/** eRoamingChargingNotifications 1.1, all four types (OICP §8.4). Only type and session are needed to take one. */
@Injectable()
export class ChargingNotificationOperation implements DoorOperation {
  readonly name = 'ChargingNotification';
  readonly path = '/notificationmgmt/v11/charging-notifications';
  readonly event = 'notification received';

  constructor(
    private readonly handler: ChargingNotificationHandler,
    private readonly identities: HeardIdentities,
  ) {}

  async answer(request: DoorRequest): Promise<DoorAnswer> {
    const read = readOicp('ChargingNotification', request.text);
    const message = read.ok ? read.message : undefined;
    const operatorId = operatorOf(request, message?.OperatorID, read.findings);
    const sessionId = sessionIdOf(message?.SessionID);
    const kind = KINDS.get(message?.Type ?? '');
    const evseId = evseIdOf(message?.EvseID);
    Object.assign(request.about, { sessionId: sessionId ?? null, operatorId, evseId });
    if (message === undefined) return this.refuse('022', explainFindings(read.findings, request.text));
    if (sessionId === undefined) return this.refuse('022', NO_SESSION_ID);
    if (kind === undefined) return this.refuse('022', `/Type: is none of ${[...KINDS.keys()].join(', ')}`);
    const outcome = await this.handler.receive({
      sessionId,
      kind,
      operatorId,
      evseId,
      text: request.text,
      occurredAt: momentOf(message, kind),
      energyKwh: energyOf(message),
      chargingSeconds: chargingSecondsOf(message, kind),
      begunAt: millisOf(message.SessionStart) ?? millisOf(message.ChargingStart),
      ...this.identities.of(message.Identification, message.EMPPartnerSessionID),
      errorType: message.ErrorType !== undefined && ERROR_TYPES.has(message.ErrorType) ? message.ErrorType : null,
      detail: message.ErrorAdditionalInfo ?? null,
      processId: request.processId,
      at: request.receivedAt,
    });
    request.about.rule = outcome === 'closed' ? 'session-closed' : `${kind}-${outcome}`;
    return acknowledgement(outcome === 'closed' ? '400' : '000', {
      sessionId,
      cpoPartnerSessionId: message.CPOPartnerSessionID,
    });
  }

  refuse(code: RefusalCode, what?: string): DoorAnswer {
    return acknowledgement(code, { what });
  }
}

/** When it happened at the station, as written there; `null` if it does not say, or says no moment. */
function momentOf(message: ChargingNotification, kind: NotificationKind): string | null {
  const text = {
    started: message.ChargingStart,
    progressed: message.EventOccurred,
    ended: message.ChargingEnd,
    failed: undefined,
  }[kind];
  return text !== undefined && parseOffsetDateTime(text).ok ? text : null;
}

const millisOf = (text: string | undefined): number | null => {
  const read = parseOffsetDateTime(text ?? '');
  return read.ok ? read.value.epochMillis : null;
};

const LONGEST_CHARGING_SECONDS = 30 * 86_400;

/** How long has been charged: as told (milliseconds on the wire), or between the moments that are told. */
function chargingSecondsOf(message: ChargingNotification, kind: NotificationKind): number | null {
  const begunAt = millisOf(message.ChargingStart);
  const now = millisOf(kind === 'ended' ? message.ChargingEnd : message.EventOccurred);
  const told = message.ChargingDuration ?? (begunAt === null || now === null ? null : now - begunAt);
  const seconds = told === null ? null : Math.round(told / 1_000);
  return seconds !== null && seconds >= 0 && seconds <= LONGEST_CHARGING_SECONDS ? seconds : null;
}

function energyOf(message: ChargingNotification): Decimal | null {
  const text = message.ConsumedEnergyProgress ?? message.ConsumedEnergy;
  return text === undefined ? null : (Decimal.tryParse(text) ?? null);
}
