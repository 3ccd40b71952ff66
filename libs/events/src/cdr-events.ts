import { defineEvent } from './event.ts';

const sessionId = 'b2688855-7f00-0002-6d8e-48d883f6abb6';

export interface CdrReceivedData {
  readonly sessionId: string;
  readonly origin: 'pushed' | 'pulled';
  /** The provider whose connection brought it. */
  readonly providerId: string;
  /** The (hub) operator of the path, if it was pushed. */
  readonly operatorId: string | null;
  readonly receivedAt: string;
  /** HBS's correlation id (OICP §2.3). */
  readonly processId: string | null;
  /** Which page of which pull, e.g. `2026-05-01T00:00Z/2026-05-02T00:00Z#3`. */
  readonly page: string | null;
  /** The contract of the session, if we authorized it. */
  readonly contractRef: string | null;
  /** The record's text, byte for byte, sealed with the vault's key: it names the driver's card. */
  readonly sealedRecord: string;
}

export const CdrReceivedV1 = defineEvent({
  type: 'CdrReceived',
  topic: 'emp.cdr-intake.v1',
  about: 'A charge detail record reached us, by push or by pull; the only way into cdr-ingest.',
  key: (data: CdrReceivedData) => data.sessionId,
  samples: [{
    sessionId, origin: 'pushed', providerId: 'DE-EMP', operatorId: 'DE*SIM', receivedAt: '2026-05-01T09:05:01.000Z',
    processId: '5e4e8b3a-7e1e-4c6e-9a3e-0d8f0c6b1a11', page: null, contractRef: 'con-0001', sealedRecord: 'k1.c2VhbGVk',
  } as CdrReceivedData],
});

/** What the signed metering values of a record prove (calibration law, OICP §12). */
export interface SignedMetering {
  /** `absent`: the record brought none. */
  readonly verdict: 'valid' | 'invalid' | 'unverifiable' | 'absent';
  /** In words, of what is not valid. */
  readonly reason: string | null;
  /**
   * Whose key it is: somebody registered it for the station; it is the same as when it was first used; only this record
   * brings it, which proves that nothing was changed, not who signed.
   */
  readonly origin: 'registered-key' | 'first-use' | 'record-only' | null;
  /** kWh as signed, decimal text; proven only by `valid`. */
  readonly energyKwh: string | null;
}

export interface CdrAcceptedData {
  readonly sessionId: string;
  readonly providerId: string;
  readonly contractRef: string;
  readonly operatorId: string | null;
  readonly evseId: string;
  readonly partnerProductId: string | null;
  /** Date-times as the CPO wrote them, offset included (rule 4 of the house). */
  readonly sessionStart: string;
  readonly sessionEnd: string;
  readonly chargingStart: string | null;
  readonly chargingEnd: string | null;
  /** kWh, decimal text. */
  readonly energyKwh: string;
  /** Codes of what was noticed and did not forbid billing. */
  readonly findings: readonly string[];
  readonly origin: 'pushed' | 'pulled';
  readonly receivedAt: string;
  /** Absent in events of before. */
  readonly signedMetering?: SignedMetering;
}

export const CdrAcceptedV1 = defineEvent({
  type: 'CdrAccepted',
  topic: 'emp.cdr.v1',
  about: 'The record is complete and plausible: it may be billed.',
  key: (data: CdrAcceptedData) => data.sessionId,
  samples: [{
    sessionId, providerId: 'DE-EMP', contractRef: 'con-0001', operatorId: 'DE*SIM', evseId: 'DE*SIM*E0001*1',
    partnerProductId: 'DC', sessionStart: '2026-05-01T09:58:00+02:00', sessionEnd: '2026-05-01T11:05:00+02:00',
    chargingStart: '2026-05-01T10:00:00+02:00', chargingEnd: '2026-05-01T11:00:00+02:00', energyKwh: '11.000',
    findings: [], origin: 'pushed', receivedAt: '2026-05-01T09:05:01.000Z',
  } as CdrAcceptedData, {
    sessionId, providerId: 'DE-EMP', contractRef: 'con-0001', operatorId: null, evseId: 'DE*SIM*E0001*1',
    partnerProductId: null, sessionStart: '2026-05-01T09:58:00+02:00', sessionEnd: '2026-05-01T11:05:00+02:00',
    chargingStart: null, chargingEnd: null, energyKwh: '11.000', findings: ['meter-key-first-use'], origin: 'pulled',
    receivedAt: '2026-05-01T09:05:01.000Z',
    signedMetering: { verdict: 'valid', reason: null, origin: 'record-only', energyKwh: '11.000' },
  } as CdrAcceptedData],
});

export interface CdrQuarantinedData {
  readonly sessionId: string;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
  readonly origin: 'pushed' | 'pulled';
  readonly receivedAt: string;
}

export const CdrQuarantinedV1 = defineEvent({
  type: 'CdrQuarantined',
  topic: 'emp.cdr.v1',
  about: 'The record waits for a person or for a missing fact; it is kept, not billed.',
  key: (data: CdrQuarantinedData) => data.sessionId,
  samples: [{
    sessionId, reasons: [{ code: 'contract-unknown', message: 'no contract of ours has this identification' }],
    origin: 'pulled', receivedAt: '2026-05-01T09:05:01.000Z',
  } as CdrQuarantinedData],
});

export interface CdrConflictedData {
  readonly sessionId: string;
  /** JSON pointers of the members that differ from the first record. */
  readonly differingMembers: readonly string[];
  readonly receivedAt: string;
}

export const CdrConflictedV1 = defineEvent({
  type: 'CdrConflicted',
  topic: 'emp.cdr.v1',
  about: 'A second record with other content came for a session; the first stays billable, both are kept.',
  key: (data: CdrConflictedData) => data.sessionId,
  samples: [{ sessionId, differingMembers: ['/ConsumedEnergy'], receivedAt: '2026-05-01T12:00:00.000Z' } as CdrConflictedData],
});
