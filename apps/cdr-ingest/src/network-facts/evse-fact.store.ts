import type { Transaction } from '@emp/database';
import type { EvseFacts, EvseRemovedData } from '@emp/events';
import { operatorKey } from '@emp/oicp';

export interface ToldEvse {
  readonly facts: EvseFacts;
  readonly time: string;
}

const STORE = {
  name: 'evse-fact-store',
  text: `INSERT INTO evse_fact AS known
           (evse_key, operator_id, operator_key, country, time_zone, maximum_power_kw, power_type, calibration_law, recorded_at)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::text[], $8::text[],
           $9::timestamptz[])
         ON CONFLICT (evse_key) DO UPDATE SET
           operator_id = excluded.operator_id, operator_key = excluded.operator_key, country = excluded.country,
           time_zone = excluded.time_zone, maximum_power_kw = excluded.maximum_power_kw, power_type = excluded.power_type,
           calibration_law = excluded.calibration_law, recorded_at = excluded.recorded_at, removed_at = NULL
         WHERE known.recorded_at <= excluded.recorded_at`,
};

/** Keeps the latest facts of each EVSE, in one statement and in the order of their keys. */
export async function storeEvses(tx: Transaction, told: readonly ToldEvse[]): Promise<void> {
  const latest = [...new Map(told.map((evse) => [evse.facts.evseKey, evse])).values()]
    .sort((one, other) => (one.facts.evseKey < other.facts.evseKey ? -1 : 1));
  if (latest.length === 0) return;
  const column = <T>(of: (facts: EvseFacts) => T): T[] => latest.map(({ facts }) => of(facts));
  await tx.prepared(STORE, [
    column((facts) => facts.evseKey), column((facts) => facts.operatorId), column((facts) => operatorKey(facts.operatorId)),
    column((facts) => facts.country), column((facts) => facts.timeZone), column((facts) => facts.maximumPowerKw),
    column((facts) => facts.powerType), column((facts) => facts.calibrationLaw), latest.map(({ time }) => time),
  ]);
}

/** Marks EVSEs that are not listed any more; their facts stay, for records that are still on their way. */
export async function storeRemovals(tx: Transaction, removals: readonly EvseRemovedData[]): Promise<void> {
  if (removals.length === 0) return;
  await tx.execute(
    `UPDATE evse_fact SET removed_at = gone.removed_at FROM unnest($1::text[], $2::timestamptz[]) AS gone (evse_key, removed_at)
     WHERE evse_fact.evse_key = gone.evse_key AND evse_fact.recorded_at <= gone.removed_at`,
    [removals.map(({ evseKey }) => evseKey), removals.map(({ removedAt }) => removedAt)],
  );
}
