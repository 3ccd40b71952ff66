/**
 * What an export tells of a record, and the SQL expression of it, as text, and for JSON where that is no text (energy
 * stays one: a JSON number is read as a double). Never what identified the driver: only of which kind it was.
 */
export const EXPORT_COLUMNS: readonly (readonly [column: string, text: string, json?: string])[] = [
  ['sessionId', 'session_id'], ['version', 'version::text', 'version'], ['state', 'state'], ['providerId', 'provider_id'],
  ['operatorId', 'operator_id'], ['evseId', 'evse_id'], ['contractRef', 'contract_ref'], ['identification', 'identification'],
  ['partnerProductId', 'partner_product_id'], ['sessionStart', 'session_start'], ['sessionEnd', 'session_end'],
  ['chargingStart', 'charging_start'], ['chargingEnd', 'charging_end'], ['energyKwh', 'energy_kwh::text'],
  ['consumedEnergyKwh', 'consumed_energy_kwh::text'], ['meterStartKwh', 'meter_start_kwh::text'], ['meterEndKwh', 'meter_end_kwh::text'],
  ['cpoPartnerSessionId', 'cpo_partner_session_id'], ['empPartnerSessionId', 'emp_partner_session_id'],
  ['hubOperatorId', 'hub_operator_id'], ['origin', 'origin'], ['processId', 'process_id'],
  ['receivedAt', `to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`],
  ['decidedAt', `to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`],
  ['findings', `CASE WHEN findings = '[]' THEN '' ELSE array_to_string(ARRAY(
     SELECT DISTINCT finding ->> 'code' FROM jsonb_array_elements(findings) AS finding ORDER BY 1), ' ') END`,
  `ARRAY(SELECT DISTINCT finding ->> 'code' FROM jsonb_array_elements(findings) AS finding ORDER BY 1)`],
  ['verdict', `coalesce((SELECT verdict FROM cdr_metering WHERE cdr_metering.cdr_id = cdr.id), 'absent')`],
];

/** Columns of digits: a minus there is a minus. */
export const NUMBERS: ReadonlySet<string> = new Set(['version', 'energyKwh', 'consumedEnergyKwh', 'meterStartKwh', 'meterEndKwh']);

export type ExportedRow = readonly (string | null)[];
