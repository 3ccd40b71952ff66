import type { Database } from '@emp/database';
import { EmpError } from '@emp/kernel';
import { NO_RULES, type ContractRules } from '../../domain/contract-rules.ts';
import type { Contract } from '../../domain/contract.ts';
import { rulesIn, type StoredRules } from '../rules/stored-rules.ts';
import type { IndexedCard } from './card-index.ts';

export interface IndexPage {
  readonly contracts: readonly Contract[];
  readonly cards: readonly IndexedCard[];
}

/** Blocks of a table that are read at once: 1 MB, some thousands of rows. */
const BLOCKS = 128;
const TAB = '\t';

/**
 * Pages as one text each, as COPY would give them: a row object per card costs more than all the rest of loading. They
 * go by place on the disk, not by key: the table is read once from one end to the other. What many contracts share stands
 * at the end of their line, to be looked at once. References hold no tabs or line ends; the rest is quoted as JSON.
 */
const CONTRACT_PAGE = {
  name: 'card-index-contracts',
  text: `
    SELECT string_agg(concat_ws(E'\\t', contract_ref, (date_part('epoch', valid_from) * 1000)::int8,
      coalesce((date_part('epoch', valid_until) * 1000)::int8::text, ''),
      to_json(provider_id), to_json(tariff_plan_id), status, rules), E'\\n') AS rows
    FROM contract WHERE ctid >= $1::tid AND ctid < $2::tid`,
};

/** A card that is named after its fingerprint, as they all are, is not named again. */
const CARD_PAGE = {
  name: 'card-index-cards',
  text: `
    SELECT string_agg(concat_ws(E'\\t', fingerprint, contract_ref, status,
      coalesce((date_part('epoch', valid_until) * 1000)::int8::text, ''),
      CASE WHEN card_ref <> 'card-' || left(fingerprint, 20) THEN card_ref END), E'\\n') AS rows
    FROM card WHERE ctid >= $1::tid AND ctid < $2::tid`,
};

const PLACE = `SELECT pg_relation_filenode($1::regclass)::text AS file,
  (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int AS blocks`;

/**
 * Every contract and card. Rows that change meanwhile may be missed or come twice: whoever reads listens to changes
 * first, and reads again what is told.
 * @throws EmpError `table-rewritten` if a table moved to another file under our feet (VACUUM FULL): read again.
 */
export async function* readIndexPages(database: Database): AsyncGenerator<IndexPage> {
  const contractIn = contractReader();
  for await (const lines of linesOf(database, 'contract', CONTRACT_PAGE))
    yield { contracts: lines.map(contractIn), cards: [] };
  for await (const lines of linesOf(database, 'card', CARD_PAGE)) yield { contracts: [], cards: lines.map(cardIn) };
}

async function* linesOf(
  database: Database,
  table: string,
  statement: { readonly name: string; readonly text: string },
): AsyncGenerator<readonly string[]> {
  const place = (): Promise<{ file: string; blocks: number }[]> => database.query(PLACE, [table]);
  const [before] = await place();
  const last = before?.blocks ?? 0;
  /** The last page has no end: tables grow. */
  const pageFrom = async (block: number): Promise<string | null> => {
    const end = block + BLOCKS > last ? 4_294_967_295 : block + BLOCKS;
    const [page] = await database.prepared<{ rows: string | null }>(statement, [`(${block},0)`, `(${end},0)`]);
    return page?.rows ?? null;
  };
  let next: Promise<string | null> | undefined = pageFrom(0);
  for (let block = 0; next !== undefined; block += BLOCKS) {
    const rows: string | null = await next;
    // The database reads the next page while we take this one in.
    next = block + BLOCKS > last ? undefined : pageFrom(block + BLOCKS);
    next?.catch(() => undefined);
    if (rows !== null) yield rows.split('\n');
  }
  const [after] = await place();
  if (after?.file !== before?.file)
    throw new EmpError('table-rewritten', `table ${table} was rewritten while it was read`, { retry: 'helps' });
}

type Shared = Pick<Contract, 'providerId' | 'tariffPlanId' | 'status' | 'rules'>;

/** Reads lines of contracts; what they share is read once. */
function contractReader(): (line: string) => Contract {
  const known = new Map<string, Shared>();
  const rulesByText = new Map<string, ContractRules>();
  const sharedIn = (text: string): Shared => {
    const [provider = '', plan = '', status = '', rules] = text.split(TAB);
    let parsed = rules === undefined ? NO_RULES : rulesByText.get(rules);
    parsed ??= rulesIn(JSON.parse(rules ?? '{}') as StoredRules);
    if (rules !== undefined) rulesByText.set(rules, parsed);
    return {
      providerId: JSON.parse(provider) as string,
      tariffPlanId: JSON.parse(plan) as string,
      status: status === 'active' ? 'active' : 'blocked',
      rules: parsed,
    };
  };
  return (line) => {
    const from = line.indexOf(TAB);
    const until = line.indexOf(TAB, from + 1);
    const rest = line.indexOf(TAB, until + 1);
    const text = line.slice(rest + 1);
    let shared = known.get(text);
    if (shared === undefined) known.set(text, (shared = sharedIn(text)));
    return {
      contractRef: line.slice(0, from),
      validFrom: Number(line.slice(from + 1, until)),
      validUntil: until + 1 === rest ? null : Number(line.slice(until + 1, rest)),
      providerId: shared.providerId,
      tariffPlanId: shared.tariffPlanId,
      status: shared.status,
      rules: shared.rules,
    };
  };
}

function cardIn(line: string): IndexedCard {
  const [fingerprint = '', contractRef = '', status = '', until = '', cardRef] = line.split(TAB);
  return {
    cardRef: cardRef ?? `card-${fingerprint.slice(0, 20)}`,
    fingerprint,
    contractRef,
    status: status === 'active' ? 'active' : 'blocked',
    validUntil: until === '' ? null : Number(until),
  };
}
