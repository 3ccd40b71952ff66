import { defineEvent } from './event.ts';

export interface SessionAuthorizedData {
  readonly sessionId: string;
  readonly providerId: string;
  readonly contractRef: string;
  readonly cardRef: string | null;
  readonly operatorId: string;
  /** As the CPO spells it; absent when the card was tapped before a socket was chosen (OICP §8.1). */
  readonly evseId: string | null;
  readonly identification: 'rfid' | 'qr' | 'plug-and-charge' | 'remote';
  readonly tariffPlanId: string;
  readonly authorizedAt: string;
}

export const SessionAuthorizedV1 = defineEvent({
  type: 'SessionAuthorized',
  topic: 'emp.session.v1',
  about: 'We said yes to a driver; charging may follow, or nothing.',
  key: (data: SessionAuthorizedData) => data.sessionId,
  samples: [{
    sessionId: 'b2688855-7f00-0002-6d8e-48d883f6abb6', providerId: 'DE-EMP', contractRef: 'con-0001', cardRef: 'card-0001',
    operatorId: 'DE*SIM', evseId: 'DE*SIM*E0001*1', identification: 'rfid', tariffPlanId: 'standard',
    authorizedAt: '2026-05-01T08:00:00.000Z',
  } as SessionAuthorizedData],
});

export interface StopAuthorizedData {
  readonly sessionId: string;
  readonly stoppedAt: string;
}

export const StopAuthorizedV1 = defineEvent({
  type: 'StopAuthorized',
  topic: 'emp.session.v1',
  about: 'The driver may stop the session at the station.',
  key: (data: StopAuthorizedData) => data.sessionId,
  samples: [{ sessionId: 'b2688855-7f00-0002-6d8e-48d883f6abb6', stoppedAt: '2026-05-01T09:00:00.000Z' } as StopAuthorizedData],
});

/** What the four OICP charging notifications tell (OICP §8.4); telemetry, never billed. */
export interface ChargingNotifiedData {
  readonly sessionId: string;
  readonly evseId: string | null;
  readonly kind: 'started' | 'progressed' | 'ended' | 'failed';
  /** When it happened at the station, as written there; `null` if the notification did not say. */
  readonly occurredAt: string | null;
  readonly receivedAt: string;
  /** kWh so far as decimal text. */
  readonly energyKwh: string | null;
  /** `ConnectorError` or `CriticalError`, for `failed`. */
  readonly errorType: string | null;
}

export const ChargingNotifiedV1 = defineEvent({
  type: 'ChargingNotified',
  topic: 'emp.session.v1',
  about: 'The station reported start, progress, end or failure of charging.',
  key: (data: ChargingNotifiedData) => data.sessionId,
  samples: [{
    sessionId: 'b2688855-7f00-0002-6d8e-48d883f6abb6', evseId: 'DE*SIM*E0001*1', kind: 'progressed',
    occurredAt: '2026-05-01T10:05:00+02:00', receivedAt: '2026-05-01T08:05:01.000Z', energyKwh: '0.917', errorType: null,
  } as ChargingNotifiedData],
});

export interface SessionRecordMissingData {
  readonly sessionId: string;
  readonly providerId: string;
  readonly contractRef: string;
  readonly operatorId: string | null;
  readonly evseId: string | null;
  /** When the session last gave a sign of life: its authorization, a notification, its stop. */
  readonly lastHeardAt: string;
  /** Since when its record is overdue. */
  readonly missingSince: string;
}

export const SessionRecordMissingV1 = defineEvent({
  type: 'SessionRecordMissing',
  topic: 'emp.session.v1',
  about: 'A session has been silent beyond its limit and no record of it came: it is asked for by its SessionID.',
  key: (data: SessionRecordMissingData) => data.sessionId,
  samples: [{
    sessionId: 'b2688855-7f00-0002-6d8e-48d883f6abb6', providerId: 'DE-EMP', contractRef: 'con-0001', operatorId: 'DE*SIM',
    evseId: 'DE*SIM*E0001*1', lastHeardAt: '2026-05-01T08:05:01.000Z', missingSince: '2026-05-02T08:05:01.000Z',
  } as SessionRecordMissingData],
});
