import type { Transaction } from '@emp/database';
import type { EvseFacts, EvseRemovedData } from '@emp/events';

export interface RecordedEvse {
  readonly facts: EvseFacts;
  readonly time: string;
}

/** Keeps the latest facts of each EVSE, in one statement. */
export async function recordEvses(tx: Transaction, evses: readonly RecordedEvse[]): Promise<void> {
  const latest = [...new Map(evses.map((evse) => [evse.facts.evseKey, evse])).values()];
  if (latest.length === 0) return;
  const column = <T>(of: (evse: RecordedEvse) => T): T[] => latest.map(of);
  await tx.execute(
    `INSERT INTO evse AS known (evse_key, evse_id, operator_id, country, time_zone, maximum_power_kw, recorded_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::timestamptz[])
       AS new (evse_key, evse_id, operator_id, country, time_zone, maximum_power_kw, recorded_at) ORDER BY evse_key
     ON CONFLICT (evse_key) DO UPDATE SET evse_id = excluded.evse_id, operator_id = excluded.operator_id, country = excluded.country,
       time_zone = excluded.time_zone, maximum_power_kw = excluded.maximum_power_kw, recorded_at = excluded.recorded_at, removed_at = NULL
     WHERE known.recorded_at <= excluded.recorded_at`,
    [column(({ facts }) => facts.evseKey), column(({ facts }) => facts.evseId), column(({ facts }) => facts.operatorId),
      column(({ facts }) => facts.country), column(({ facts }) => facts.timeZone), column(({ facts }) => facts.maximumPowerKw),
      column(({ time }) => time)]);
}

/** Marks EVSEs that are no longer listed; their facts stay, for sessions that are still on their way. */
export async function recordRemovals(tx: Transaction, removals: readonly EvseRemovedData[]): Promise<void> {
  if (removals.length === 0) return;
  await tx.execute(
    `UPDATE evse SET removed_at = gone.removed_at FROM unnest($1::text[], $2::timestamptz[]) AS gone (evse_key, removed_at)
     WHERE evse.evse_key = gone.evse_key AND evse.recorded_at <= gone.removed_at`,
    [removals.map((removal) => removal.evseKey), removals.map((removal) => removal.removedAt)]);
}
