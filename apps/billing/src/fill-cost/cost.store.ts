import type { Transaction } from '@emp/database';
import type { AcceptedRecord } from '../domain/accepted-record.ts';
import type { RatedCharge } from '../domain/rate-charge.ts';

export interface ChargeWithoutCost {
  readonly chargeId: string;
  readonly record: AcceptedRecord;
}

export interface FoundCost extends ChargeWithoutCost {
  readonly cost: RatedCharge['cost'];
}

/** Locks rated charges without cost whose operator has listed a price since it was last looked for. */
export async function chargesWithNewPrices(tx: Transaction, limit: number): Promise<readonly ChargeWithoutCost[]> {
  return tx.query<ChargeWithoutCost>(
    `SELECT charge.id AS "chargeId", charge.record
     FROM (SELECT operator_key, max(revision) AS revision FROM operator_price GROUP BY operator_key) AS price
     JOIN charge ON charge.cost_operator_key = price.operator_key AND charge.cost_prices_seen < price.revision
       AND charge.state = 'rated' AND charge.cost_net IS NULL
     ORDER BY charge.id LIMIT $1 FOR UPDATE OF charge`, [limit]);
}

/** Gives charges the cost that was found; of the others, remembers that these prices do not tell it. */
export async function storeCosts(tx: Transaction, found: readonly FoundCost[]): Promise<void> {
  const rows = found.map(({ chargeId, cost }) => ({
    id: chargeId, cost_breakdown: cost,
    ...('unknown' in cost ? {} : { cost_currency: cost.currency, cost_net: cost.net }),
  }));
  await tx.execute(
    `UPDATE charge SET cost_currency = found.cost_currency, cost_net = found.cost_net,
       cost_breakdown = found.cost_breakdown,
       cost_prices_seen = (SELECT max(revision) FROM operator_price WHERE operator_key = charge.cost_operator_key)
     FROM jsonb_to_recordset($1::jsonb) AS found (id text, cost_currency text, cost_net numeric, cost_breakdown jsonb)
     WHERE charge.id = found.id AND charge.cost_net IS NULL`, [JSON.stringify(rows)]);
}
