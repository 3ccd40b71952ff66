import type { Database } from '@emp/database';
import { NO_RULES } from '../../domain/contract-rules.ts';
import type { Contract } from '../../domain/contract.ts';
import { rulesIn, type StoredRules } from '../rules/stored-rules.ts';
import type { IndexedCard } from './card-index.ts';

/** NOTIFY channel of the gateway's own database; the payload is a contractRef. */
export const CARDS_CHANGED = 'gateway_cards_changed';

const PAGE = 10_000;

const CONTRACT = 'SELECT contract_ref, provider_id, tariff_plan_id, status, valid_from, valid_until, rules FROM contract';
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

interface IndexPage {
  readonly contracts: readonly Contract[];
  readonly cards: readonly IndexedCard[];
}

const BETWEEN = '\t';

/**
 * Pages as one text each, as COPY would give them: a row object per card costs more than all the rest of loading.
 * Statuses and references hold no tabs or line ends; ids of providers and plans are quoted as JSON.
 */
const CONTRACT_PAGE = {
  name: 'card-index-contracts',
  text: `
    SELECT max(contract_ref) AS last, count(*)::int AS count, string_agg(concat_ws(E'\t', contract_ref,
      to_json(provider_id), to_json(tariff_plan_id), status, (extract(epoch FROM valid_from) * 1000)::int8,
      coalesce((extract(epoch FROM valid_until) * 1000)::int8::text, ''), rules), E'\n') AS rows
    FROM (SELECT * FROM contract WHERE contract_ref > $1 ORDER BY contract_ref LIMIT ${PAGE}) AS page`,
};

const CARD_PAGE = {
  name: 'card-index-cards',
  text: `
    SELECT max(card_ref) AS last, count(*)::int AS count, string_agg(concat_ws(E'\t', card_ref, fingerprint,
      contract_ref, status, coalesce((extract(epoch FROM valid_until) * 1000)::int8::text, '')), E'\n') AS rows
    FROM (SELECT * FROM card WHERE card_ref > $1 ORDER BY card_ref LIMIT ${PAGE}) AS page`,
};

/** Every contract and card, in pages by primary key. */
export async function* readIndexPages(database: Database): AsyncGenerator<IndexPage> {
  for await (const lines of pagesOf(database, CONTRACT_PAGE)) yield { contracts: lines.map(contractIn), cards: [] };
  for await (const lines of pagesOf(database, CARD_PAGE)) yield { contracts: [], cards: lines.map(cardIn) };
}

interface TextPage {
  readonly last: string;
  readonly count: number;
  readonly rows: string | null;
}

async function* pagesOf(
  database: Database,
  statement: { readonly name: string; readonly text: string },
): AsyncGenerator<readonly string[]> {
  const pageAfter = (after: string): Promise<TextPage[]> => database.prepared<TextPage>(statement, [after]);
  let next: Promise<TextPage[]> | undefined = pageAfter('');
  while (next !== undefined) {
    const page: TextPage | undefined = (await next)[0];
    // The database reads the next page while we take this one in.
    next = page?.count === PAGE ? pageAfter(page.last) : undefined;
    next?.catch(() => undefined);
    if (page && page.rows !== null) yield page.rows.split('\n');
  }
}

function contractIn(line: string): Contract {
  const [contractRef = '', provider = '', plan = '', status = '', from = '', until = '', rules] =
    line.split(BETWEEN);
  return {
    contractRef,
    providerId: unquoted(provider),
    tariffPlanId: unquoted(plan),
    status: status === 'active' ? 'active' : 'blocked',
    validFrom: Number(from),
    validUntil: until === '' ? null : Number(until),
    rules: rules === undefined ? NO_RULES : rulesIn(JSON.parse(rules) as StoredRules),
  };
}

function cardIn(line: string): IndexedCard {
  const [cardRef = '', fingerprint = '', contractRef = '', status = '', until = ''] = line.split(BETWEEN);
  return {
    cardRef,
    fingerprint,
    contractRef,
    status: status === 'active' ? 'active' : 'blocked',
    validUntil: until === '' ? null : Number(until),
  };
}

const unquoted = (json: string): string => (json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1));

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
