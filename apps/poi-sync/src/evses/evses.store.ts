import type { Database } from '@emp/database';
import { DATABASE } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';

/** An EVSE as a list shows it. */
export interface ListedEvse {
  readonly evseId: string;
  readonly evseKey: string;
  readonly operatorId: string;
  readonly operatorName: string | null;
  readonly country: string | null;
  readonly timeZone: string | null;
  readonly latitude: string | null;
  readonly longitude: string | null;
  readonly positionVerdict: string;
  readonly maximumPowerKw: string | null;
  readonly powerType: string | null;
  readonly calibrationLaw: string | null;
  readonly hubjectCompatible: boolean | null;
  readonly status: string;
  readonly statusChangedAt: Date | null;
  readonly recordedAt: Date;
}

/** With everything we know of it. */
export interface EvseDetail extends ListedEvse {
  readonly firstRecordedAt: Date;
  readonly removedAt: Date | null;
  /** Code → JSON pointers into the record. */
  readonly findings: Readonly<Record<string, readonly string[]>>;
  readonly record: Readonly<Record<string, unknown>>;
}

export interface EvseFilter {
  readonly operatorKey: string | null;
  readonly country: string | null;
  /** Key of the last EVSE of the page before. */
  readonly after: string;
  readonly limit: number;
}

const LISTED = `evse.evse_id AS "evseId", evse.evse_key AS "evseKey", operator_id AS "operatorId",
  operator_name AS "operatorName", country, time_zone AS "timeZone", latitude, longitude,
  position_verdict AS "positionVerdict",
  maximum_power_kw AS "maximumPowerKw", power_type AS "powerType", calibration_law AS "calibrationLaw",
  hubject_compatible AS "hubjectCompatible", coalesce(status, 'Unknown') AS status, changed_at AS "statusChangedAt",
  recorded_at AS "recordedAt"`;

@Injectable()
export class EvsesStore {
  readonly #database: Database;

  constructor(@Inject(DATABASE) database: Database) {
    this.#database = database;
  }

  async find(evseKey: string): Promise<EvseDetail | null> {
    const [evse] = await this.#database.query<EvseDetail>(
      `SELECT ${LISTED}, first_recorded_at AS "firstRecordedAt", removed_at AS "removedAt", findings, record
       FROM evse LEFT JOIN evse_status USING (evse_key) WHERE evse.evse_key = $1`, [evseKey]);
    return evse ?? null;
  }

  /** Listed EVSEs in the order of their keys. */
  list({ operatorKey, country, after, limit }: EvseFilter): Promise<ListedEvse[]> {
    const conditions = ['removed_at IS NULL', 'evse.evse_key > $1'];
    const values: unknown[] = [after, limit];
    if (operatorKey !== null) conditions.push(`operator_key = $${values.push(operatorKey)}`);
    if (country !== null) conditions.push(`country = $${values.push(country)}`);
    return this.#database.query<ListedEvse>(
      `SELECT ${LISTED} FROM evse LEFT JOIN evse_status USING (evse_key)
       WHERE ${conditions.join(' AND ')} ORDER BY evse.evse_key LIMIT $2`, values);
  }
}
