import type { Database } from '@emp/database';

/** Fills the table of records with so many rows that look like real ones: 200 operators, 3000 EVSEs, one a minute. */
export async function generateCdrs(database: Database, count: number, after = 0): Promise<void> {
  await database.execute(
    `INSERT INTO cdr (id, session_key, version, session_id, state, readable, findings, sealed_record, value_hash, byte_hash, origin,
       process_id, received_at, recorded_at, decided_at, provider_id, operator_id, contract_ref, matched_by, identification,
       identification_fingerprint, evse_id, evse_key, partner_product_id, session_start, session_start_at, session_end, session_end_at,
       charging_start, charging_end, consumed_energy_kwh, meter_start_kwh, meter_end_kwh, energy_kwh, cpo_partner_session_id)
     SELECT '0196a1b2-0000-7000-8000-' || lpad(to_hex(n), 12, '0'),
            'session-' || n, 1, 'session-' || n, CASE WHEN n % 997 = 0 THEN 'quarantined' ELSE 'accepted' END, true,
            CASE WHEN n % 997 = 0 THEN '[{"code": "energy-identity", "severity": "error"}]'::jsonb
                 WHEN n % 10 = 0 THEN '[{"code": "number-as-text", "severity": "note"}]'::jsonb ELSE '[]'::jsonb END,
            'k1.sealed', 'hash-' || n, 'bytes-' || n, CASE WHEN n % 20 = 0 THEN 'pulled' ELSE 'pushed' END, 'process-' || n,
            at, at, at, 'DE-EMP', 'DE*O' || n % 200, 'con-' || n % 5000, 'session', 'rfid', 'fingerprint-' || n % 5000,
            'DE*SIM*E' || n % 3000 || '*1', 'DESIME' || n % 3000 || '1', 'DC', to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), at,
            to_char(at + interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), at + interval '1 hour',
            to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 11.5, 100, 111.5, 11.5, 'cpo-' || n
     FROM (SELECT n, timestamptz '2026-01-01Z' + n * interval '1 minute' AS at FROM generate_series($2::bigint + 1, $2::bigint + $1::bigint) AS n) AS generated`,
    [count, after],
  );
  await database.execute('ANALYZE cdr');
}
