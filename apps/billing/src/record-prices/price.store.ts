import type { Transaction } from '@emp/database';
import type { PriceFacts } from '@emp/events';
import { operatorKey } from '@emp/oicp';

/** Keeps every price with the moment from which we knew it; an older one stays for sessions that began before. */
export async function recordPrices(tx: Transaction, prices: readonly PriceFacts[]): Promise<void> {
  const rows = prices.map((price) => ({
    operator_key: operatorKey(price.operatorId), provider_id: price.providerId, product_id: price.productId ?? '', valid_from: price.validFrom,
    currency: price.currency, reference_unit: price.referenceUnit, price_per_reference_unit: price.pricePerReferenceUnit,
    additional_references: price.additionalReferences, maximum_power_kw: price.maximumPowerKw,
  }));
  const byKey = new Map(rows.map((row) => [JSON.stringify([row.operator_key, row.provider_id, row.product_id, row.valid_from]), row]));
  await tx.execute(
    `INSERT INTO operator_price (operator_key, provider_id, product_id, valid_from, currency, reference_unit,
       price_per_reference_unit, additional_references, maximum_power_kw)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS new (operator_key text, provider_id text, product_id text, valid_from timestamptz,
       currency text, reference_unit text, price_per_reference_unit numeric, additional_references jsonb, maximum_power_kw numeric)
     ORDER BY operator_key, provider_id, product_id, valid_from
     ON CONFLICT (operator_key, provider_id, product_id, valid_from) DO UPDATE SET currency = excluded.currency,
       reference_unit = excluded.reference_unit, price_per_reference_unit = excluded.price_per_reference_unit,
       additional_references = excluded.additional_references, maximum_power_kw = excluded.maximum_power_kw,
       revision = nextval('operator_price_revision')`,
    [JSON.stringify([...byKey.values()])]);
}
