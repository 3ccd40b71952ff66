import type { Transaction } from '@emp/database';
import type { PriceFacts } from '@emp/events';
import { operatorKey, productKey } from '@emp/oicp';

/**
 * Keeps which products an operator lists, for whichever provider; of one listed for several powers, the strongest. There
 * is no event for a product that is not listed any more: prices carry no end.
 */
export async function storeProducts(tx: Transaction, prices: readonly PriceFacts[]): Promise<readonly string[]> {
  const products = new Map(prices.flatMap(({ operatorId, productId, maximumPowerKw, validFrom }) => (productId === null
    ? []
    : [[`${operatorKey(operatorId)}/${productKey(productId)}`, {
      operator: operatorKey(operatorId), key: productKey(productId), productId, maximumPowerKw, validFrom,
    }] as const])));
  const rows = [...products].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
  if (rows.length === 0) return [];
  await tx.execute(
    `INSERT INTO product_fact AS known (operator_key, product_key, product_id, maximum_power_kw, listed_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::timestamptz[])
     ON CONFLICT (operator_key, product_key) DO UPDATE SET product_id = excluded.product_id, listed_at = excluded.listed_at,
       maximum_power_kw = CASE WHEN known.listed_at = excluded.listed_at
         THEN greatest(known.maximum_power_kw, excluded.maximum_power_kw) ELSE excluded.maximum_power_kw END
     WHERE known.listed_at <= excluded.listed_at`,
    [
      rows.map(({ operator }) => operator), rows.map(({ key }) => key), rows.map(({ productId }) => productId),
      rows.map(({ maximumPowerKw }) => maximumPowerKw), rows.map(({ validFrom }) => validFrom),
    ],
  );
  return [...new Set(rows.map(({ operator }) => operator))];
}
