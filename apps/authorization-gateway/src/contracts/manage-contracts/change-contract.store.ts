import type { Transaction } from '@emp/database';

/** A contract's facts as they are stored, locked until the transaction ends. */
export interface StoredContract {
  readonly contractRef: string;
  readonly evcoFingerprint: string;
  readonly providerId: string;
  readonly customerRef: string;
  readonly tariffPlanId: string;
  readonly status: 'active' | 'blocked';
  readonly validFrom: Date;
  readonly validUntil: Date | null;
}

const LOCK = `
  SELECT contract_ref AS "contractRef", evco_fingerprint AS "evcoFingerprint", provider_id AS "providerId",
    customer_ref AS "customerRef", tariff_plan_id AS "tariffPlanId", status, valid_from AS "validFrom",
    valid_until AS "validUntil"
  FROM contract WHERE contract_ref = $1 FOR NO KEY UPDATE`;

const SAVE = `
  UPDATE contract SET tariff_plan_id = $2, status = $3, valid_from = $4, valid_until = $5, changed_at = $6
  WHERE contract_ref = $1 AND (tariff_plan_id, status, valid_from, valid_until) IS DISTINCT FROM ($2, $3, $4, $5)`;

export async function lockContract(tx: Transaction, contractRef: string): Promise<StoredContract | undefined> {
  return (await tx.query<StoredContract>(LOCK, [contractRef]))[0];
}

/** Whether anything changed. */
export async function saveContract(tx: Transaction, contract: StoredContract, now: Date): Promise<boolean> {
  const { contractRef, tariffPlanId, status, validFrom, validUntil } = contract;
  return (await tx.execute(SAVE, [contractRef, tariffPlanId, status, validFrom, validUntil, now])) > 0;
}
