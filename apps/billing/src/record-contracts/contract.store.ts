import type { Transaction } from '@emp/database';
import type { ContractFacts } from '@emp/events';

export interface RecordedContract {
  readonly facts: ContractFacts;
  /** When the event happened. */
  readonly time: string;
}

/** Keeps the latest facts of each contract, and which tariff plan it had when. */
export async function recordContracts(tx: Transaction, contracts: readonly RecordedContract[]): Promise<void> {
  const latest = [...new Map(contracts.map((contract) => [contract.facts.contractRef, contract])).values()];
  await tx.execute(
    `INSERT INTO contract AS known (contract_ref, provider_id, customer_ref, tariff_plan_id, status, valid_from, valid_until, recorded_at)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS new (contract_ref text, provider_id text, customer_ref text, tariff_plan_id text,
       status text, valid_from timestamptz, valid_until timestamptz, recorded_at timestamptz) ORDER BY contract_ref
     ON CONFLICT (contract_ref) DO UPDATE SET provider_id = excluded.provider_id, customer_ref = excluded.customer_ref,
       tariff_plan_id = excluded.tariff_plan_id, status = excluded.status, valid_from = excluded.valid_from,
       valid_until = excluded.valid_until, recorded_at = excluded.recorded_at
     WHERE known.recorded_at <= excluded.recorded_at`,
    [JSON.stringify(latest.map(({ facts, time }) => ({
      contract_ref: facts.contractRef, provider_id: facts.providerId, customer_ref: facts.customerRef, tariff_plan_id: facts.tariffPlanId,
      status: facts.status, valid_from: facts.validFrom, valid_until: facts.validUntil, recorded_at: time,
    })))]);
  const atMoments = new Map<string, { contract_ref: string; since: string; tariff_plan_id: string; valid_from: string | null }>();
  const seen = new Set<string>();
  for (const { facts, time } of contracts) {
    const valid_from = seen.has(facts.contractRef) ? null : facts.validFrom;
    seen.add(facts.contractRef);
    atMoments.set(`${time} ${facts.contractRef}`, { contract_ref: facts.contractRef, since: time, tariff_plan_id: facts.tariffPlanId, valid_from });
  }
  // The plan that a contract came to us with has been its plan since it is valid.
  await tx.execute(
    `INSERT INTO contract_plan (contract_ref, since, tariff_plan_id)
     SELECT contract_ref,
       CASE WHEN EXISTS (SELECT FROM contract_plan AS known WHERE known.contract_ref = new.contract_ref) THEN since
         ELSE least(since, valid_from) END,
       tariff_plan_id
     FROM jsonb_to_recordset($1::jsonb) AS new (contract_ref text, since timestamptz, tariff_plan_id text, valid_from timestamptz)
     ORDER BY contract_ref, since
     ON CONFLICT (contract_ref, since) DO UPDATE SET tariff_plan_id = excluded.tariff_plan_id`,
    [JSON.stringify([...atMoments.values()])]);
}
