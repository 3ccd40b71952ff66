import type { Transaction } from '@emp/database';
import type { CdrReceivedData } from '@emp/events';
import { parseOffsetDateTime, type OffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import type { CdrFacts, IdentificationKind } from '../domain/cdr-facts.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';

/** A quarantined record that lacked a contract, with the contract that has come. */
export interface WaitingCdr {
  readonly id: string;
  readonly sessionId: string;
  readonly contractRef: string;
  readonly facts: CdrFacts;
  readonly findings: readonly CdrFinding[];
  readonly received: Pick<CdrReceivedData, 'providerId' | 'operatorId' | 'origin' | 'receivedAt'>;
}

interface Row {
  readonly id: string;
  readonly session_id: string;
  readonly contract_ref: string;
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
  readonly identification: IdentificationKind;
}

const COLUMNS = `cdr.id, cdr.session_id, cdr.findings, cdr.provider_id, cdr.operator_id, cdr.origin, cdr.received_at,
  cdr.evse_id, cdr.partner_product_id, cdr.session_start, cdr.session_end, cdr.charging_start, cdr.charging_end,
  cdr.consumed_energy_kwh, cdr.meter_start_kwh, cdr.meter_end_kwh, cdr.identification`;

const WAITING = `cdr.state = 'quarantined' AND cdr.readable AND cdr.contract_ref IS NULL`;

/** Locks the records that wait for one of these fingerprints, if it has a contract now. */
export async function waitingByFingerprint(tx: Transaction, fingerprints: readonly string[]): Promise<readonly WaitingCdr[]> {
  const rows = await tx.query<Row>(
    `SELECT ${COLUMNS}, known.contract_ref
     FROM cdr JOIN contract_identification AS known ON known.fingerprint = cdr.identification_fingerprint
     WHERE cdr.identification_fingerprint = ANY($1::text[]) AND ${WAITING}
     ORDER BY cdr.id FOR UPDATE OF cdr`,
    [fingerprints],
  );
  return rows.map(waitingOf);
}

/** Locks the records of these rows that still wait, each with the contract that was told for it. */
export async function waitingById(tx: Transaction, contracts: ReadonlyMap<string, string>): Promise<readonly WaitingCdr[]> {
  const rows = await tx.query<Row>(
    `SELECT ${COLUMNS}, told.contract_ref
     FROM cdr JOIN unnest($1::text[], $2::text[]) AS told (id, contract_ref) USING (id)
     WHERE ${WAITING} ORDER BY cdr.id FOR UPDATE OF cdr`,
    [[...contracts.keys()], [...contracts.values()]],
  );
  return rows.map(waitingOf);
}

function waitingOf(row: Row): WaitingCdr {
  return {
    id: row.id, sessionId: row.session_id, contractRef: row.contract_ref, findings: row.findings,
    received: {
      providerId: row.provider_id, operatorId: row.operator_id, origin: row.origin,
      receivedAt: row.received_at.toISOString(),
    },
    facts: {
      evseId: row.evse_id, partnerProductId: row.partner_product_id, identification: row.identification,
      sessionStart: instantOf(row.session_start), sessionEnd: instantOf(row.session_end),
      chargingStart: instantOf(row.charging_start), chargingEnd: instantOf(row.charging_end),
      consumedEnergyKwh: decimalOf(row.consumed_energy_kwh),
      meterStartKwh: decimalOf(row.meter_start_kwh), meterEndKwh: decimalOf(row.meter_end_kwh),
    },
  };
}

function instantOf(text: string | null): OffsetDateTime | null {
  const read = text === null ? null : parseOffsetDateTime(text);
  return read?.ok === true ? read.value : null;
}

function decimalOf(text: string | null): Decimal | null {
  return text === null ? null : Decimal.parse(text);
}
