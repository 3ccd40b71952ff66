import type { Database } from '@emp/database';
import { NO_RULES } from '../../domain/contract-rules.ts';
import type { Contract } from '../../domain/contract.ts';
import { rulesIn, type StoredRules } from '../rules/stored-rules.ts';
import type { IndexedCard } from './card-index.ts';
import type { IndexPage } from './index-pages.ts';

/** NOTIFY channel of the gateway's own database; the payload is a contractRef. */
export const CARDS_CHANGED = 'gateway_cards_changed';

const CONTRACT =
  'SELECT contract_ref, provider_id, tariff_plan_id, status, valid_from, valid_until, rules FROM contract';
const CARD = 'SELECT card_ref, fingerprint, contract_ref, status, valid_until FROM card';

interface ContractRow {
  readonly contract_ref: string;
  readonly provider_id: string;
  readonly tariff_plan_id: string;
  readonly status: 'active' | 'blocked';
  readonly valid_from: Date;
  readonly valid_until: Date | null;
  readonly rules: StoredRules | null;
}

interface CardRow {
  readonly card_ref: string;
  readonly fingerprint: string;
  readonly contract_ref: string;
  readonly status: 'active' | 'blocked';
  readonly valid_until: Date | null;
}

/** Some contracts with their cards, as they are now. */
export async function readIndexOf(database: Database, contractRefs: readonly string[]): Promise<IndexPage> {
  const [contracts, cards] = await Promise.all([
    database.query<ContractRow>(`${CONTRACT} WHERE contract_ref = ANY($1)`, [contractRefs]),
    database.query<CardRow>(`${CARD} WHERE contract_ref = ANY($1)`, [contractRefs]),
  ]);
  return { contracts: contracts.map(contractOf), cards: cards.map(cardOf) };
}

function contractOf(row: ContractRow): Contract {
  return {
    contractRef: row.contract_ref,
    providerId: row.provider_id,
    tariffPlanId: row.tariff_plan_id,
    status: row.status,
    validFrom: row.valid_from.getTime(),
    validUntil: row.valid_until?.getTime() ?? null,
    rules: row.rules === null ? NO_RULES : rulesIn(row.rules),
  };
}

function cardOf(row: CardRow): IndexedCard {
  return {
    cardRef: row.card_ref,
    fingerprint: row.fingerprint,
    contractRef: row.contract_ref,
    status: row.status === 'active' ? 'active' : 'blocked',
    validUntil: row.valid_until?.getTime() ?? null,
  };
}
