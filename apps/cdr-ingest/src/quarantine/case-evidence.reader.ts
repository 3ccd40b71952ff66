import type { Queryable } from '@emp/database';

/** What is known around a record, to judge it by. `null` = nothing. */
export interface CaseEvidence {
  /** The contract that the record's identification belongs to now. */
  readonly identificationContractRef: string | null;
  /** The session as we authorized it. */
  readonly session: object | null;
  /** The EVSE as poi-sync lists it. */
  readonly evse: object | null;
  /** What the record's signed values prove. */
  readonly signedMetering: object | null;
}

export interface CaseSubject {
  /** Of the session. */
  readonly key: string;
  readonly cdrId: string;
  readonly fingerprint: string | null;
  readonly evseKey: string | null;
}

export async function readEvidence(
  database: Queryable, { key, cdrId, fingerprint, evseKey }: CaseSubject,
): Promise<CaseEvidence> {
  const [row] = await database.query<CaseEvidence>(
    `SELECT
       (SELECT contract_ref FROM contract_identification WHERE fingerprint = $1) AS "identificationContractRef",
       (SELECT jsonb_build_object('contractRef', contract_ref, 'operatorId', operator_id, 'evseId', evse_id,
          'identification', identification, 'authorizedAt', authorized_at)
        FROM authorized_session WHERE session_key = $2) AS session,
       (SELECT jsonb_build_object('operatorId', operator_id, 'country', country, 'timeZone', time_zone,
          'maximumPowerKw', maximum_power_kw::text, 'powerType', power_type, 'calibrationLaw', calibration_law,
          'removedAt', removed_at)
        FROM evse_fact WHERE evse_key = $3) AS evse,
       (SELECT jsonb_build_object('verdict', verdict, 'code', code, 'reason', reason, 'origin', origin,
          'questions', questions,
          'energyKwh', energy_kwh::text, 'begin', signed_begin, 'end', signed_end, 'meterId', meter_id)
        FROM cdr_metering WHERE cdr_id = $4) AS "signedMetering"`, [fingerprint, key, evseKey, cdrId]);
  return row ?? { identificationContractRef: null, session: null, evse: null, signedMetering: null };
}
