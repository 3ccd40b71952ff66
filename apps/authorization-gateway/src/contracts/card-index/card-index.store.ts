import type { Database } from '@emp/database';
import type { Contract } from '../../domain/contract.ts';
import type { IndexedCard } from './card-index.ts';

/** NOTIFY channel of the gateway's own database; the payload is a contractRef. */
export const CARDS_CHANGED = 'gateway_cards_changed';

const PAGE = 10_000;

const CONTRACT = 'SELECT contract_ref, provider_id, tariff_plan_id, status, valid_from, valid_until FROM contract';
const CARD = 'SELECT card_ref, fingerprint, contract_ref, status, valid_until FROM card';

interface ContractRow {
  readonly contract_ref: string;
  readonly provider_id: string;
  readonly tariff_plan_id: string;
  readonly status: 'active' | 'blocked';
  readonly valid_from: Date;
  readonly valid_until: Date | null;
}

interface CardRow {
  readonly card_ref: string;
  readonly fingerprint: string;
  readonly contract_ref: string;
  readonly status: 'active' | 'blocked';
  readonly valid_until: Date | null;
}

interface IndexPage {
  readonly contracts: readonly Contract[];
  readonly cards: readonly IndexedCard[];
}

/** Every contract and card, in pages by primary key. */
export async function* readIndexPages(database: Database): AsyncGenerator<IndexPage> {
  // A million contracts name a handful of providers and plans: each text is kept once.
  const shared = new Map<string, string>();
  for (let after: string | undefined = ''; after !== undefined;) {
    const rows: ContractRow[] = await database.query(
      `${CONTRACT} WHERE contract_ref > $1 ORDER BY contract_ref LIMIT ${PAGE}`,
      [after],
    );
    yield { contracts: rows.map((row) => contractOf(row, shared)), cards: [] };
    after = rows.length < PAGE ? undefined : rows.at(-1)?.contract_ref;
  }
  for (let after: string | undefined = ''; after !== undefined;) {
    const rows: CardRow[] = await database.query(`${CARD} WHERE card_ref > $1 ORDER BY card_ref LIMIT ${PAGE}`, [
      after,
    ]);
    yield { contracts: [], cards: rows.map(cardOf) };
    after = rows.length < PAGE ? undefined : rows.at(-1)?.card_ref;
  }
}

/** Some contracts with their cards, as they are now. */
export async function readIndexOf(database: Database, contractRefs: readonly string[]): Promise<IndexPage> {
  const [contracts, cards] = await Promise.all([
    database.query<ContractRow>(`${CONTRACT} WHERE contract_ref = ANY($1)`, [contractRefs]),
    database.query<CardRow>(`${CARD} WHERE contract_ref = ANY($1)`, [contractRefs]),
  ]);
  return { contracts: contracts.map((row) => contractOf(row)), cards: cards.map(cardOf) };
}

function contractOf(row: ContractRow, shared?: Map<string, string>): Contract {
  return {
    contractRef: row.contract_ref,
    providerId: once(row.provider_id, shared),
    tariffPlanId: once(row.tariff_plan_id, shared),
    status: once(row.status, shared),
    validFrom: row.valid_from.getTime(),
    validUntil: row.valid_until?.getTime() ?? null,
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

function once<Text extends string>(text: Text, shared: Map<string, string> | undefined): Text {
  const known = shared?.get(text);
  if (known !== undefined) return known as Text;
  shared?.set(text, text);
  return text;
}
