import { parseOffsetDateTime, refused, granted, type Decision, type OffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import type { ChargedSession } from '@emp/tariff';

/** The facts of a record that may be billed, as cdr-ingest tells them. */
export interface AcceptedRecord {
  readonly sessionId: string;
  readonly providerId: string;
  readonly contractRef: string;
  readonly operatorId: string | null;
  readonly evseId: string;
  readonly partnerProductId: string | null;
  readonly sessionStart: string;
  readonly sessionEnd: string;
  readonly chargingStart: string | null;
  readonly chargingEnd: string | null;
  readonly energyKwh: string;
}

/** The session of a record. cdr-ingest accepted its texts, so a refusal here is a fault of ours. */
export function sessionOf(record: AcceptedRecord): Decision<ChargedSession, 'not-a-date-time' | 'not-a-decimal'> {
  const energyKwh = Decimal.tryParse(record.energyKwh);
  if (!energyKwh) return refused('not-a-decimal', `energyKwh "${record.energyKwh.slice(0, 40)}" is not a decimal`);
  const instants: (OffsetDateTime | null)[] = [];
  for (const text of [record.sessionStart, record.sessionEnd, record.chargingStart, record.chargingEnd]) {
    const read = text === null ? null : parseOffsetDateTime(text);
    if (read && !read.ok) return read;
    instants.push(read && read.value);
  }
  const [sessionStart, sessionEnd, chargingStart = null, chargingEnd = null] = instants;
  if (!sessionStart || !sessionEnd) return refused('not-a-date-time', 'the record has no start or no end');
  return granted({ sessionStart, sessionEnd, chargingStart, chargingEnd, energyKwh });
}
