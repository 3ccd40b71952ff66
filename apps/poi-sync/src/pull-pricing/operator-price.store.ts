import type { Queryable } from '@emp/database';
import { Injectable } from '@nestjs/common';
import type { ListedPrice } from '../domain/operator-price.ts';

export interface RecordedPrice {
  readonly price: ListedPrice;
  readonly contentHash: string;
}

@Injectable()
export class OperatorPriceStore {
  /** Operators of the listed EVSEs, by key, after the given one. */
  operators(
    db: Queryable, page: { readonly after: string; readonly limit: number }
  ): Promise<{ operatorKey: string; operatorId: string }[]> {
    return db.query(
      `SELECT operator_key AS "operatorKey", min(operator_id) AS "operatorId" FROM evse
       WHERE removed_at IS NULL AND operator_key > $1 GROUP BY operator_key ORDER BY operator_key LIMIT $2`,
      [page.after, page.limit],
    );
  }

  /** Inserts and updates; the prices that are new or changed. */
  async upsert(tx: Queryable, prices: readonly RecordedPrice[], now: Date): Promise<RecordedPrice[]> {
    if (prices.length === 0) return [];
    const column = <T>(pick: (price: ListedPrice) => T): T[] => prices.map(({ price }) => pick(price));
    const rows = await tx.query<{ operatorId: string; providerId: string; productId: string }>(
      `INSERT INTO operator_price AS known (
         operator_id, provider_id, product_id, currency, reference_unit, price_per_reference_unit, maximum_power_kw,
         additional_references, availability, content_hash, valid_from)
       SELECT *, $11::timestamptz FROM unnest(
         $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[],
         $8::jsonb[], $9::jsonb[], $10::text[])
       ON CONFLICT (operator_id, provider_id, product_id) DO UPDATE SET
         currency = excluded.currency, reference_unit = excluded.reference_unit,
         price_per_reference_unit = excluded.price_per_reference_unit, maximum_power_kw = excluded.maximum_power_kw,
         additional_references = excluded.additional_references, availability = excluded.availability,
         content_hash = excluded.content_hash, valid_from = excluded.valid_from
       WHERE known.content_hash <> excluded.content_hash
       RETURNING operator_id AS "operatorId", provider_id AS "providerId", product_id AS "productId"`,
      [
        column(({ operatorId }) => operatorId), column(({ providerId }) => providerId),
        column(({ productId }) => productId ?? ''),
        column(({ currency }) => currency), column(({ referenceUnit }) => referenceUnit),
        column(({ pricePerReferenceUnit }) => pricePerReferenceUnit), column(({ maximumPowerKw }) => maximumPowerKw),
        column(({ additionalReferences }) => JSON.stringify(additionalReferences)),
        column(({ availability }) => JSON.stringify(availability)),
        prices.map(({ contentHash }) => contentHash), now,
      ],
    );
    const changed = new Set(rows.map(keyOf));
    return prices.filter(({ price }) => changed.has(keyOf({ ...price, productId: price.productId ?? '' })));
  }
}

const keyOf = (row: { readonly operatorId: string; readonly providerId: string; readonly productId: string }): string =>
  JSON.stringify([row.operatorId, row.providerId, row.productId]);
