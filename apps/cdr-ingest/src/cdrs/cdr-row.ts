import type { CdrReceivedData } from '@emp/events';
import type { OffsetDateTime } from '@emp/kernel';
import type { Decimal } from '@emp/money';
import { evseKey } from '@emp/oicp';
import type { ContentIdentity } from '../domain/assess-cdr.ts';
import type { CdrFacts } from '../domain/cdr-facts.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import type { MeteringOutcome } from '../domain/metering-outcome.ts';
import { storableJson } from './storable.ts';

/** Members of a record that are kept and shown, and that no check asks for yet. */
export interface RecordDetails {
  /** kWh, decimal texts. */
  readonly meterInBetweenKwh: readonly string[];
  readonly signedValues: number;
  readonly cpoPartnerSessionId: string | null;
  readonly empPartnerSessionId: string | null;
  readonly hubOperatorId: string | null;
  readonly hubProviderId: string | null;
}

export type CdrState = 'accepted' | 'quarantined' | 'conflict';

/** A row of table `cdr` that comes into being: one content for one session. */
export interface NewCdr {
  /** Of the event that brought it: in order of receipt. */
  readonly id: string;
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly version: number;
  readonly state: CdrState;
  readonly identity: ContentIdentity;
  readonly facts: CdrFacts | null;
  readonly details: RecordDetails | null;
  readonly fingerprint: string | null;
  readonly contractRef: string | null;
  readonly matchedBy: 'session' | 'identification' | null;
  readonly findings: readonly CdrFinding[];
  readonly differingMembers: readonly string[];
  readonly energyKwh: Decimal | null;
  readonly metering: MeteringOutcome;
  readonly received: CdrReceivedData;
  readonly recordedAt: Date;
}

type Value = string | number | boolean | null;

const textOf = (instant: OffsetDateTime | null | undefined): string | null => instant?.text ?? null;
const momentOf = (instant: OffsetDateTime | null | undefined): string | null =>
  instant ? new Date(instant.epochMillis).toISOString() : null;
const keyOf = (evseId: string | null | undefined): string | null => (evseId ? evseKey(evseId) : null);
const kWh = (energy: Decimal | null | undefined): string | null => energy?.toString() ?? null;

/** Column, its type, and where its value comes from: the one list that the insert is made of. */
export const CDR_COLUMNS: readonly (readonly [column: string, type: string, value: (cdr: NewCdr) => Value])[] = [
  ['id', 'text', (cdr) => cdr.id],
  ['session_key', 'text', (cdr) => cdr.sessionKey],
  ['version', 'integer', (cdr) => cdr.version],
  ['session_id', 'text', (cdr) => cdr.sessionId],
  ['state', 'text', (cdr) => cdr.state],
  ['readable', 'boolean', (cdr) => cdr.facts !== null],
  ['findings', 'jsonb', (cdr) => storableJson(cdr.findings)],
  ['differing_members', 'jsonb', (cdr) => storableJson(cdr.differingMembers)],
  ['sealed_record', 'text', (cdr) => cdr.received.sealedRecord],
  ['value_hash', 'text', (cdr) => cdr.identity.valueHash],
  ['byte_hash', 'text', (cdr) => cdr.identity.byteHash],
  ['origin', 'text', (cdr) => cdr.received.origin],
  ['page', 'text', (cdr) => cdr.received.page],
  ['process_id', 'text', (cdr) => cdr.received.processId],
  ['received_at', 'timestamptz', (cdr) => cdr.received.receivedAt],
  ['recorded_at', 'timestamptz', (cdr) => cdr.recordedAt.toISOString()],
  ['decided_at', 'timestamptz', (cdr) => cdr.recordedAt.toISOString()],
  ['provider_id', 'text', (cdr) => cdr.received.providerId],
  ['operator_id', 'text', (cdr) => cdr.received.operatorId],
  ['contract_ref', 'text', (cdr) => cdr.contractRef],
  ['matched_by', 'text', (cdr) => cdr.matchedBy],
  ['identification', 'text', (cdr) => cdr.facts?.identification ?? 'none'],
  ['identification_fingerprint', 'text', (cdr) => cdr.fingerprint],
  ['evse_id', 'text', (cdr) => cdr.facts?.evseId ?? null],
  ['evse_key', 'text', (cdr) => keyOf(cdr.facts?.evseId)],
  ['partner_product_id', 'text', (cdr) => cdr.facts?.partnerProductId ?? null],
  ['session_start', 'text', (cdr) => textOf(cdr.facts?.sessionStart)],
  ['session_start_at', 'timestamptz', (cdr) => momentOf(cdr.facts?.sessionStart)],
  ['session_end', 'text', (cdr) => textOf(cdr.facts?.sessionEnd)],
  ['session_end_at', 'timestamptz', (cdr) => momentOf(cdr.facts?.sessionEnd)],
  ['charging_start', 'text', (cdr) => textOf(cdr.facts?.chargingStart)],
  ['charging_start_at', 'timestamptz', (cdr) => momentOf(cdr.facts?.chargingStart)],
  ['charging_end', 'text', (cdr) => textOf(cdr.facts?.chargingEnd)],
  ['charging_end_at', 'timestamptz', (cdr) => momentOf(cdr.facts?.chargingEnd)],
  ['consumed_energy_kwh', 'numeric', (cdr) => kWh(cdr.facts?.consumedEnergyKwh)],
  ['meter_start_kwh', 'numeric', (cdr) => kWh(cdr.facts?.meterStartKwh)],
  ['meter_end_kwh', 'numeric', (cdr) => kWh(cdr.facts?.meterEndKwh)],
  ['meter_in_between_kwh', 'jsonb', (cdr) => storableJson(cdr.details?.meterInBetweenKwh ?? [])],
  ['energy_kwh', 'numeric', (cdr) => kWh(cdr.energyKwh)],
  ['signed_values', 'integer', (cdr) => cdr.details?.signedValues ?? 0],
  ['cpo_partner_session_id', 'text', (cdr) => cdr.details?.cpoPartnerSessionId ?? null],
  ['emp_partner_session_id', 'text', (cdr) => cdr.details?.empPartnerSessionId ?? null],
  ['hub_operator_id', 'text', (cdr) => cdr.details?.hubOperatorId ?? null],
  ['hub_provider_id', 'text', (cdr) => cdr.details?.hubProviderId ?? null],
];
