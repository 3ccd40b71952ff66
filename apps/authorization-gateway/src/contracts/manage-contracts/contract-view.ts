import type { ContractRules } from '../../domain/contract-rules.ts';
import { rulesIn, type StoredRules } from '../rules/stored-rules.ts';
import { shown, type Showing } from './masked.ts';

/** A contract as people and other systems manage it. */
export interface ContractView {
  readonly contractRef: string;
  /** EvcoID; masked unless the caller has the scope `secrets`. */
  readonly contractId: string;
  readonly providerId: string;
  /** Our pseudonym of the customer, as events carry it. */
  readonly customerRef: string;
  /** The customer as the contract was registered with; masked as the contractId is. */
  readonly customer: string;
  readonly tariffPlanId: string;
  readonly status: 'active' | 'blocked';
  readonly validFrom: string;
  /** Exclusive; `null` = open end. */
  readonly validUntil: string | null;
  readonly rules: Pick<ContractRules, 'operators' | 'countries' | 'sessionLimit' | 'vehicleCertificate'>;
  readonly hasPin: boolean;
  readonly cards: number;
  readonly registeredAt: string;
  readonly changedAt: string;
}

export interface ContractRow {
  readonly contract_ref: string;
  readonly sealed_evco_id: string;
  readonly provider_id: string;
  readonly customer_ref: string;
  readonly sealed_customer: string;
  readonly tariff_plan_id: string;
  readonly status: 'active' | 'blocked';
  readonly valid_from: Date;
  readonly valid_until: Date | null;
  readonly rules: StoredRules | null;
  readonly has_pin: boolean;
  readonly cards: number;
  readonly registered_at: Date;
  readonly changed_at: Date;
}

export function contractView(row: ContractRow, open: (sealed: string) => string, showing: Showing): ContractView {
  const { operators, countries, sessionLimit, vehicleCertificate } = rulesIn(row.rules ?? {});
  return {
    contractRef: row.contract_ref,
    contractId: shown(open(row.sealed_evco_id), showing),
    providerId: row.provider_id,
    customerRef: row.customer_ref,
    customer: shown(open(row.sealed_customer), showing),
    tariffPlanId: row.tariff_plan_id,
    status: row.status,
    validFrom: row.valid_from.toISOString(),
    validUntil: row.valid_until?.toISOString() ?? null,
    rules: { operators, countries, sessionLimit, vehicleCertificate },
    hasPin: row.has_pin,
    cards: row.cards,
    registeredAt: row.registered_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
  };
}
