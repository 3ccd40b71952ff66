import type { Transaction } from '@emp/database';
import type { CdrReceivedData } from '@emp/events';
import { parseOffsetDateTime, type OffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import type { CdrFacts, IdentificationKind } from '../domain/cdr-facts.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';

/** A record in quarantine, as it is stored: its facts may have been corrected since it came. */
export interface QuarantinedCdr {
  readonly id: string;
  readonly sessionKey: string;
  readonly sessionId: string;
  readonly facts: CdrFacts;
  readonly fingerprint: string | null;
  readonly contractRef: string | null;
  readonly matchedBy: 'session' | 'identification' | 'person' | null;
  readonly findings: readonly CdrFinding[];
  readonly received: Pick<CdrReceivedData, 'providerId' | 'operatorId' | 'origin' | 'receivedAt'>;
  /** Only of a record with signed values. */
  readonly sealedRecord: string | null;
}

/** Which records in quarantine: by what has come, or named. */
export type QuarantineFilter =
  | { readonly by: 'session-key' | 'id' | 'evse-key' | 'fingerprint' | 'meter-id'; readonly keys: readonly string[] }
  /** Whose product was not listed. */
  | { readonly by: 'operator-key'; readonly keys: readonly string[] };

const CONDITIONS: Readonly<Record<QuarantineFilter['by'], string>> = {
  'session-key': 'session_key = ANY($1::text[])',
  'id': 'id = ANY($1::text[])',
  'evse-key': 'evse_key = ANY($1::text[])',
  'fingerprint': 'identification_fingerprint = ANY($1::text[]) AND contract_ref IS NULL',
  'meter-id': 'id IN (SELECT cdr_id FROM cdr_metering WHERE meter_id = ANY($1::text[]))',
  'operator-key': `evse_key IN (SELECT evse_key FROM evse_fact WHERE operator_key = ANY($1::text[]))
    AND findings @> '[{"code": "product-not-listed"}]'`,
};

/** The ids of readable records in quarantine, in order. */
export async function quarantinedIds(tx: Transaction, { by, keys }: QuarantineFilter): Promise<readonly string[]> {
  if (keys.length === 0) return [];
  const text = `SELECT id FROM cdr WHERE state = 'quarantined' AND readable AND ${CONDITIONS[by]} ORDER BY id`;
  const rows = await tx.prepared<{ id: string }>({ name: `quarantined-by-${by}`, text }, [keys]);
  return rows.map(({ id }) => id);
}

interface Row {
  readonly id: string;
  readonly session_key: string;
  readonly session_id: string;
  readonly contract_ref: string | null;
  readonly matched_by: QuarantinedCdr['matchedBy'];
  readonly findings: readonly CdrFinding[];
  readonly provider_id: string;
  readonly operator_id: string | null;
  readonly origin: 'pushed' | 'pulled';
  readonly received_at: Date;
  readonly evse_id: string | null;
  readonly partner_product_id: string | null;
  readonly session_start: string | null;
  readonly session_end: string | null;
  readonly charging_start: string | null;
  readonly charging_end: string | null;
  readonly consumed_energy_kwh: string | null;
  readonly meter_start_kwh: string | null;
  readonly meter_end_kwh: string | null;
  readonly meter_in_between_kwh: readonly string[];
  readonly identification: IdentificationKind;
  readonly identification_fingerprint: string | null;
  readonly sealed_record: string | null;
}

/** Locks records that are still in quarantine. */
export async function lockQuarantined(tx: Transaction, ids: readonly string[]): Promise<readonly QuarantinedCdr[]> {
  const rows = await tx.query<Row>(
    `SELECT id, session_key, session_id, contract_ref, matched_by, findings, provider_id, operator_id, origin, received_at,
            evse_id, partner_product_id, session_start, session_end, charging_start, charging_end, consumed_energy_kwh,
            meter_start_kwh, meter_end_kwh, meter_in_between_kwh, identification, identification_fingerprint,
            CASE WHEN signed_values > 0 THEN sealed_record END AS sealed_record
     FROM cdr WHERE id = ANY($1::text[]) AND state = 'quarantined' AND readable ORDER BY id FOR UPDATE`, [ids],
  );
  return rows.map((row) => ({
    id: row.id, sessionKey: row.session_key, sessionId: row.session_id, contractRef: row.contract_ref, matchedBy: row.matched_by,
    findings: row.findings, fingerprint: row.identification_fingerprint, sealedRecord: row.sealed_record, facts: factsOf(row),
    received: {
      providerId: row.provider_id, operatorId: row.operator_id, origin: row.origin, receivedAt: row.received_at.toISOString(),
    },
  }));
}

function factsOf(row: Row): CdrFacts {
  return {
    evseId: row.evse_id, partnerProductId: row.partner_product_id, identification: row.identification,
    sessionStart: instantOf(row.session_start), sessionEnd: instantOf(row.session_end),
    chargingStart: instantOf(row.charging_start), chargingEnd: instantOf(row.charging_end),
    consumedEnergyKwh: decimalOf(row.consumed_energy_kwh),
    meterStartKwh: decimalOf(row.meter_start_kwh), meterEndKwh: decimalOf(row.meter_end_kwh),
    meterInBetweenKwh: row.meter_in_between_kwh.flatMap((text) => Decimal.tryParse(text) ?? []),
  };
}

function instantOf(text: string | null): OffsetDateTime | null {
  const read = text === null ? null : parseOffsetDateTime(text);
  return read?.ok === true ? read.value : null;
}

function decimalOf(text: string | null): Decimal | null {
  return text === null ? null : Decimal.parse(text);
}
