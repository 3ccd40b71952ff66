import type { Queryable } from '@emp/database';
import { Injectable } from '@nestjs/common';
import type { Evse } from '../domain/evse.ts';
import type { RecordedEvse } from './recorded-evse.ts';

/** An id that this pull had seen before, and what was seen then. */
export interface SeenBefore {
  readonly evseKey: string;
  readonly operatorId: string;
  readonly contentHash: string;
}

export interface Upserted {
  /** Keys of those whose content is new or changed. */
  readonly changed: ReadonlySet<string>;
  /** How many of them are new. */
  readonly added: number;
}

export interface Gone {
  readonly evseId: string;
  readonly evseKey: string;
}

const SEE = {
  name: 'evse-see',
  text: `INSERT INTO evse_seen (run_id, evse_key, evse_id, operator_id, content_hash)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[])
         ON CONFLICT DO NOTHING
         RETURNING evse_key AS "evseKey"`,
};

/** The keys among them that are not yet stored like this. */
const DIFFERING = {
  name: 'evse-differing',
  text: `SELECT pulled.evse_key AS "evseKey"
         FROM unnest($1::text[], $2::text[], $3::text[]) AS pulled (evse_key, content_hash, findings_hash)
         LEFT JOIN evse AS known USING (evse_key)
         WHERE known.evse_key IS NULL OR known.content_hash <> pulled.content_hash
            OR known.findings_hash <> pulled.findings_hash OR known.removed_at IS NOT NULL`,
};

/** `recorded_at` moves only with the content: new findings about the same record are no change of it. */
const UPSERT = {
  name: 'evse-upsert',
  text: `INSERT INTO evse AS known (
           evse_key, evse_id, operator_id, operator_key, operator_name, country, time_zone, latitude, longitude,
           position_verdict, maximum_power_kw, power_type, calibration_law, hubject_compatible,
           record, findings, content_hash, findings_hash, first_recorded_at, recorded_at)
         SELECT *, $19::timestamptz, $19::timestamptz FROM unnest(
           $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
           $10::text[], $11::numeric[], $12::text[], $13::text[], $14::boolean[], $15::jsonb[], $16::jsonb[],
           $17::text[], $18::text[])
         ON CONFLICT (evse_key) DO UPDATE SET
           evse_id = excluded.evse_id, operator_id = excluded.operator_id, operator_key = excluded.operator_key,
           operator_name = excluded.operator_name, country = excluded.country, time_zone = excluded.time_zone,
           latitude = excluded.latitude, longitude = excluded.longitude, position_verdict = excluded.position_verdict,
           maximum_power_kw = excluded.maximum_power_kw, power_type = excluded.power_type,
           calibration_law = excluded.calibration_law, hubject_compatible = excluded.hubject_compatible,
           record = excluded.record, findings = excluded.findings, content_hash = excluded.content_hash,
           findings_hash = excluded.findings_hash,
           recorded_at = CASE WHEN known.content_hash = excluded.content_hash AND known.removed_at IS NULL
                              THEN known.recorded_at ELSE excluded.recorded_at END,
           removed_at = NULL
         RETURNING evse_key AS "evseKey", recorded_at = $19 AS changed, first_recorded_at = $19 AS "isNew"`,
};

@Injectable()
export class EvseStore {
  /** Forgets what earlier pulls had seen. The caller holds the lock of the pull. */
  async forgetSeen(db: Queryable): Promise<void> {
    await db.execute('TRUNCATE evse_seen');
  }

  /** Marks ids as seen in this pull; the keys of those that had not been seen before. */
  async see(tx: Queryable, runId: string, evses: readonly RecordedEvse[]): Promise<ReadonlySet<string>> {
    const rows = await tx.prepared<{ evseKey: string }>(SEE, [
      runId,
      evses.map(({ reading }) => reading.evse.evseKey),
      evses.map(({ reading }) => reading.evse.evseId),
      evses.map(({ reading }) => reading.evse.operatorId),
      evses.map(({ contentHash }) => contentHash),
    ]);
    return new Set(rows.map(({ evseKey }) => evseKey));
  }

  seenBefore(tx: Queryable, runId: string, evseKeys: readonly string[]): Promise<SeenBefore[]> {
    return tx.query<SeenBefore>(
      `SELECT evse_key AS "evseKey", operator_id AS "operatorId", content_hash AS "contentHash"
       FROM evse_seen WHERE run_id = $1 AND evse_key = ANY($2)`, [runId, evseKeys]);
  }

  /** Inserts and updates what differs. */
  async upsert(tx: Queryable, evses: readonly RecordedEvse[], now: Date): Promise<Upserted> {
    const differing = await this.#differing(tx, evses);
    if (differing.length === 0) return { changed: new Set(), added: 0 };
    const column = <T>(pick: (evse: Evse) => T): T[] => differing.map(({ reading }) => pick(reading.evse));
    const rows = await tx.prepared<{ evseKey: string; changed: boolean; isNew: boolean }>(UPSERT, [
      column(({ evseKey }) => evseKey), column(({ evseId }) => evseId), column(({ operatorId }) => operatorId),
      differing.map(({ reading }) => reading.operatorKey), column(({ operatorName }) => operatorName),
      column(({ country }) => country), column(({ timeZone }) => timeZone),
      column(({ latitude }) => latitude), column(({ longitude }) => longitude),
      differing.map(({ reading }) => reading.positionVerdict), column(({ maximumPowerKw }) => maximumPowerKw),
      column(({ powerType }) => powerType), column(({ calibrationLaw }) => calibrationLaw),
      column(({ hubjectCompatible }) => hubjectCompatible),
      differing.map(({ recordText }) => recordText), differing.map(({ findingsText }) => findingsText),
      differing.map(({ contentHash }) => contentHash), differing.map(({ findingsHash }) => findingsHash), now,
    ]);
    const changed = rows.filter((row) => row.changed);
    const added = changed.filter(({ isNew }) => isNew).length;
    return { changed: new Set(changed.map(({ evseKey }) => evseKey)), added };
  }

  /** Most of a pull is as it was the day before: its records need not travel. */
  async #differing(tx: Queryable, evses: readonly RecordedEvse[]): Promise<RecordedEvse[]> {
    if (evses.length === 0) return [];
    const rows = await tx.prepared<{ evseKey: string }>(DIFFERING, [
      evses.map(({ reading }) => reading.evse.evseKey),
      evses.map(({ contentHash }) => contentHash),
      evses.map(({ findingsHash }) => findingsHash),
    ]);
    const keys = new Set(rows.map(({ evseKey }) => evseKey));
    return evses.filter(({ reading }) => keys.has(reading.evse.evseKey));
  }

  async countSeen(db: Queryable, runId: string): Promise<number> {
    const [row] = await db.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM evse_seen WHERE run_id = $1', [runId]
    );
    return row?.count ?? 0;
  }

  /** EVSEs that are listed here, and those of them that this pull did not see. */
  async countUnseen(db: Queryable, runId: string): Promise<{ readonly listed: number; readonly unseen: number }> {
    const [row] = await db.query<{ listed: number; unseen: number }>(
      `SELECT count(*)::int AS listed, (count(*) FILTER (WHERE seen.evse_key IS NULL))::int AS unseen
       FROM evse LEFT JOIN evse_seen AS seen ON seen.run_id = $1 AND seen.evse_key = evse.evse_key
       WHERE evse.removed_at IS NULL`, [runId]);
    return row ?? { listed: 0, unseen: 0 };
  }

  /** Marks at most `most` unseen EVSEs as removed. */
  removeUnseen(tx: Queryable, runId: string, removal: { readonly most: number; readonly now: Date }): Promise<Gone[]> {
    return tx.query<Gone>(
      `UPDATE evse SET removed_at = $3
       WHERE evse_key IN (
         SELECT evse_key FROM evse
         WHERE removed_at IS NULL
           AND NOT EXISTS (SELECT FROM evse_seen WHERE run_id = $1 AND evse_seen.evse_key = evse.evse_key)
         LIMIT $2)
       RETURNING evse_id AS "evseId", evse_key AS "evseKey"`, [runId, removal.most, removal.now]);
  }
}
