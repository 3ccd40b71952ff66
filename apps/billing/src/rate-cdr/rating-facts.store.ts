import type { Queryable } from '@emp/database';
import { EmpError } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { evseKey, operatorKey, operatorPrefixOf } from '@emp/oicp';
import { readTariff } from '@emp/tariff';
import type { AcceptedRecord } from '../domain/accepted-record.ts';
import type { ListedPrice } from '../domain/purchase-cost.ts';
import type { EvseFacts, RatingFacts } from '../domain/rate-charge.ts';
import type { PlanOfContract, PlanVersion } from '../domain/tariff-plan.ts';
import type { VatRate } from '../domain/vat-rate.ts';

/** Everything that rating a batch needs, in five queries whatever its size. Returns the facts of each record. */
export async function readRatingFacts(
  tx: Queryable, records: readonly AcceptedRecord[],
): Promise<(record: AcceptedRecord) => RatingFacts> {
  const plans = await plansOf(tx, unique(records.map((record) => record.contractRef)));
  const versions = await versionsOf(tx, unique(plans.map((plan) => plan.planId)));
  const evses = await evsesOf(tx, unique(records.map((record) => evseKey(record.evseId))));
  const operators = [...records.map(operatorOf), ...[...evses.values()].map((evse) => evse.operatorKey)];
  const prices = await pricesOf(tx, unique(operators.filter((key) => key !== null)));
  const vatRates = await allVatRates(tx);
  const plansByContract = groupedBy(plans, (plan) => plan.contractRef);
  const pricesByOperator = groupedBy(prices, (price) => price.operatorKey);
  return (record) => {
    const evse = evses.get(evseKey(record.evseId)) ?? null;
    const operator = operatorOf(record);
    return {
      plans: plansByContract.get(record.contractRef) ?? [], versions, evse, operatorKey: operator, vatRates,
      prices: pricesByOperator.get(evse?.operatorKey ?? operator ?? '') ?? [],
    };
  };
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

const unique = (keys: readonly string[]): readonly string[] => [...new Set(keys)];

/** The operator as the record says, or as the EVSE's id begins. */
function operatorOf(record: AcceptedRecord): string | null {
  const operator = record.operatorId ?? operatorPrefixOf(record.evseId);
  return operator === undefined ? null : operatorKey(operator);
}

async function plansOf(tx: Queryable, contractRefs: readonly string[]): Promise<readonly PlanOfContract[]> {
  const rows = await tx.query<{ contract_ref: string; since: Date; tariff_plan_id: string }>(
    'SELECT contract_ref, since, tariff_plan_id FROM contract_plan WHERE contract_ref = ANY($1)', [contractRefs]);
  return rows.map((row) => ({ contractRef: row.contract_ref, sinceMillis: row.since.getTime(), planId: row.tariff_plan_id }));
}

async function versionsOf(tx: Queryable, planIds: readonly string[]): Promise<readonly PlanVersion[]> {
  const rows = await tx.query<{ plan_id: string; version: number; valid_from: Date; tariff: unknown }>(
    'SELECT plan_id, version, valid_from, tariff FROM tariff_version WHERE plan_id = ANY($1)', [planIds]);
  return rows.map((row) => {
    const reading = readTariff(row.tariff);
    if (!reading.ok) {
      throw new EmpError('stored-tariff-unreadable', `version ${row.version} of tariff plan ${row.plan_id} cannot be read any more: ` +
        reading.problems.map(({ pointer, message }) => `${pointer} ${message}`).join('; '), { retry: 'useless' });
    }
    return { planId: row.plan_id, version: row.version, validFromMillis: row.valid_from.getTime(), tariff: reading.tariff };
  });
}

async function evsesOf(tx: Queryable, keys: readonly string[]): Promise<ReadonlyMap<string, EvseFacts>> {
  const rows = await tx.query<{
    evse_key: string; operator_id: string; country: string | null; time_zone: string | null; maximum_power_kw: string | null;
  }>('SELECT evse_key, operator_id, country, time_zone, maximum_power_kw FROM evse WHERE evse_key = ANY($1)', [keys]);
  return new Map(rows.map((row) => [row.evse_key, {
    operatorKey: operatorKey(row.operator_id), country: row.country, timeZone: row.time_zone,
    maximumPowerKw: row.maximum_power_kw === null ? null : Decimal.parse(row.maximum_power_kw),
  }]));
}

interface PriceRow {
  readonly operator_key: string;
  readonly provider_id: string;
  readonly product_id: string;
  readonly valid_from: Date;
  readonly currency: string;
  readonly reference_unit: ListedPrice['referenceUnit'];
  readonly price_per_reference_unit: string;
  readonly additional_references: readonly { readonly reference: string; readonly unit: string; readonly price: string }[];
  readonly maximum_power_kw: string | null;
}

async function pricesOf(tx: Queryable, operatorKeys: readonly string[]): Promise<readonly ListedPrice[]> {
  const rows = await tx.query<PriceRow>('SELECT * FROM operator_price WHERE operator_key = ANY($1)', [operatorKeys]);
  return rows.map((row) => ({
    operatorKey: row.operator_key, providerId: row.provider_id, productId: row.product_id === '' ? null : row.product_id,
    validFromMillis: row.valid_from.getTime(), currency: row.currency, referenceUnit: row.reference_unit,
    pricePerReferenceUnit: Decimal.parse(row.price_per_reference_unit),
    additionalReferences: row.additional_references.map((fee) => ({ ...fee, price: Decimal.parse(fee.price) })),
    maximumPowerKw: row.maximum_power_kw === null ? null : Decimal.parse(row.maximum_power_kw),
  }));
}

async function allVatRates(tx: Queryable): Promise<readonly VatRate[]> {
  const rows = await tx.query<{ country: string; valid_from: string; valid_until: string | null; rate_percent: string }>(
    `SELECT country, valid_from, valid_until, rate_percent FROM vat_rate WHERE supply_kind = 'charging'`);
  return rows.map((row) => ({
    country: row.country, validFrom: row.valid_from, validUntil: row.valid_until, ratePercent: Decimal.parse(row.rate_percent),
  }));
}
