import {
  CdrAcceptedV1, CdrCorrectedV1, CdrRejectedV1, newEvent, type CdrAcceptedData, type EmpEvent,
} from '@emp/events';
import { Decimal } from '@emp/money';
import { acceptedEvent, signedMeteringOf } from '../cdrs/cdr-events.ts';
import type { Announcement } from '../domain/case.ts';
import type { JudgedRecord } from './judge-again.ts';

export type BilledRecord = Pick<JudgedRecord, 'record' | 'facts' | 'contractRef' | 'findings' | 'metering'>;

/** What others are, or would be, told of a record that may be billed. */
export function billedData(
  { record, facts, contractRef, findings, metering }: Pick<JudgedRecord,
  'record' | 'facts' | 'contractRef' | 'findings' | 'metering'>, now: Date,
): CdrAcceptedData {
  const { identity: { sessionId }, received } = record.read;
  return acceptedEvent(
    { sessionId, facts, contractRef, findings, received, signedMetering: signedMeteringOf(metering) }, now,
  ).data as CdrAcceptedData;
}

/** What others act upon; how and when a record came is no change of it. */
const TOLD = [
  'providerId', 'contractRef', 'operatorId', 'evseId', 'partnerProductId', 'sessionStart', 'sessionEnd',
  'chargingStart', 'chargingEnd',
] as const satisfies readonly (keyof CdrAcceptedData)[];

/** Members in which the two differ; energy by value, whatever the digits. */
export function changedMembers(before: CdrAcceptedData, after: CdrAcceptedData): readonly string[] {
  const energy = Decimal.parse(before.energyKwh).equals(Decimal.parse(after.energyKwh)) ? [] : ['energyKwh'];
  return [...TOLD.filter((member) => before[member] !== after[member]), ...energy];
}

/** The event of an announcement, if it has one. */
export function caseEvents(
  announcement: Announcement,
  about: {
    readonly sessionId: string; readonly reason: string; readonly data: CdrAcceptedData | null;
    readonly changed: readonly string[];
  },
  time: Date,
): readonly EmpEvent[] {
  const { sessionId, reason, data, changed } = about;
  switch (announcement.kind) {
    case 'nothing':
      return [];
    case 'rejected': {
      const { correction } = announcement;
      return [newEvent(CdrRejectedV1, { sessionId, reason, rejectedAt: time.toISOString(), correction }, { time })];
    }
    case 'accepted':
      return data ? [newEvent(CdrAcceptedV1, data, { time })] : [];
    case 'corrected': {
      const { correction } = announcement;
      const correctedAt = time.toISOString();
      return data ? [newEvent(CdrCorrectedV1, { ...data, correctedAt, reason, changed, correction }, { time })] : [];
    }
  }
}
