import type { CdrAcceptedData } from './cdr-events.ts';
import { defineEvent } from './event.ts';

const sessionId = 'b2688855-7f00-0002-6d8e-48d883f6abb6';

/** The whole record as it may be billed from now on; whatever was told with a lower number no longer counts. */
export interface CdrCorrectedData extends CdrAcceptedData {
  readonly correctedAt: string;
  /** A person's words, or why another record of the session won. */
  readonly reason: string;
  /** Members of this event that differ from what was told before. */
  readonly changed: readonly string[];
  /** 1, 2, … of the session, shared with `CdrRejected`: the highest counts, in whatever order they arrive. */
  readonly correction: number;
}

export const CdrCorrectedV1 = defineEvent({
  type: 'CdrCorrected',
  topic: 'emp.cdr.v1',
  about: 'An accepted record was corrected, or reinstated: always the whole of what may be billed, and what changed.',
  key: (data: CdrCorrectedData) => data.sessionId,
  samples: [{
    sessionId, providerId: 'DE-EMP', contractRef: 'con-0001', operatorId: 'DE*SIM', evseId: 'DE*SIM*E0001*1',
    partnerProductId: 'DC', sessionStart: '2026-05-01T09:58:00+02:00', sessionEnd: '2026-05-01T11:05:00+02:00',
    chargingStart: '2026-05-01T10:00:00+02:00', chargingEnd: '2026-05-01T11:00:00+02:00', energyKwh: '10.500',
    findings: [], origin: 'pushed', receivedAt: '2026-05-01T09:05:01.000Z', correctedAt: '2026-05-04T08:00:00.000Z',
    reason: 'the operator corrected the meter reading', changed: ['energyKwh'], correction: 1,
    signedMetering: { verdict: 'unverifiable', reason: 'a record is missing', origin: null, energyKwh: null },
  } as CdrCorrectedData],
});

export interface CdrRejectedData {
  readonly sessionId: string;
  readonly reason: string;
  readonly rejectedAt: string;
  /** 0: it had not been accepted. Else its place among the corrections of the session. */
  readonly correction: number;
}

export const CdrRejectedV1 = defineEvent({
  type: 'CdrRejected',
  topic: 'emp.cdr.v1',
  about: 'The record will not be billed; if it had been accepted, it is withdrawn. It is kept.',
  key: (data: CdrRejectedData) => data.sessionId,
  samples: [
    { sessionId, reason: 'a test of the operator', rejectedAt: '2026-05-04T08:00:00.000Z', correction: 0 },
    { sessionId, reason: 'charged by somebody else', rejectedAt: '2026-05-05T08:00:00.000Z', correction: 2 },
  ] as [CdrRejectedData, CdrRejectedData],
});
