import type { Queryable } from '@emp/database';
import { Vault } from '@emp/vault';
import { Injectable } from '@nestjs/common';
import { encodeCursor } from '../../sessions/cursor.ts';
import { Providers } from '../../providers.ts';
import { Pseudonyms } from '../pseudonyms.ts';
import { contractView, type ContractRow, type ContractView } from './contract-view.ts';
import { pageStart, type ContractsRequest } from './list-request.ts';
import { shown, type Showing } from './masked.ts';

export interface ContractPage {
  readonly contracts: readonly ContractView[];
  readonly next: string | null;
}

export interface ContractDetail extends ContractView {
  readonly credit: {
    readonly amount: string;
    readonly consumed: string;
    readonly reservePerSession: string;
    readonly currency: string;
  } | null;
  /** Media beside the contract's own that may stop its sessions; masked as the contractId is. */
  readonly stopIdentifications: readonly { readonly kind: string; readonly medium: string }[];
}

const CONTRACT = `
  SELECT contract_ref, sealed_evco_id, provider_id, customer_ref, sealed_customer, tariff_plan_id, status, valid_from,
    valid_until, rules, hashed_pin IS NOT NULL AS has_pin, registered_at, changed_at,
    (SELECT count(*)::int FROM card WHERE card.contract_ref = contract.contract_ref) AS cards
  FROM contract`;

const CREDIT = `SELECT amount::text, consumed::text, reserve_per_session::text AS "reservePerSession", currency
  FROM contract_credit WHERE contract_ref = $1`;

const CUSTOMER_REF = /^cus-[0-9a-f]{20}$/;

/** Reads contracts, in a transaction or outside of one. */
@Injectable()
export class ContractsReader {
  constructor(
    private readonly vault: Vault,
    private readonly pseudonyms: Pseudonyms,
    private readonly providers: Providers,
  ) {}

  /** Newest first. */
  async page(from: Queryable, request: ContractsRequest, showing: Showing): Promise<ContractPage> {
    const values: unknown[] = [];
    const rules: string[] = [];
    const where = (rule: (place: string) => string, value: unknown): void => {
      if (value !== undefined) rules.push(rule(`$${values.push(value)}`));
    };
    where((place) => `status = ${place}`, request.status);
    where((place) => `provider_id = ${place}`, this.#providerId(request.providerId));
    where((place) => `customer_ref = ${place}`, this.#customerRef(request.customerRef));
    where((place) => `tariff_plan_id = ${place}`, request.tariffPlanId);
    const start = pageStart(request.cursor);
    if (start) {
      const [at, ref] = [`$${values.push(start.at)}`, `$${values.push(start.id)}`];
      rules.push(`(registered_at, contract_ref) < (${at}::timestamptz, ${ref})`);
    }
    const rows = await from.query<ContractRow>(
      `${CONTRACT} ${rules.length > 0 ? `WHERE ${rules.join(' AND ')}` : ''}
       ORDER BY registered_at DESC, contract_ref DESC LIMIT $${values.push(request.limit)}`,
      values,
    );
    const last = rows.length === request.limit ? rows.at(-1) : undefined;
    return {
      contracts: rows.map((row) => contractView(row, this.#open, showing)),
      next: last ? encodeCursor({ at: last.registered_at, id: last.contract_ref }) : null,
    };
  }

  async one(from: Queryable, contractRef: string, showing: Showing): Promise<ContractDetail | undefined> {
    const [row] = await from.query<ContractRow>(`${CONTRACT} WHERE contract_ref = $1`, [contractRef]);
    if (!row) return undefined;
    const [credit] = await from.query<NonNullable<ContractDetail['credit']>>(CREDIT, [contractRef]);
    const media = await from.query<{ kind: string; sealed: string }>(
      'SELECT kind, sealed FROM contract_stop_medium WHERE contract_ref = $1 ORDER BY fingerprint',
      [contractRef],
    );
    return {
      ...contractView(row, this.#open, showing),
      credit: credit ?? null,
      stopIdentifications: media.map(({ kind, sealed }) => ({ kind, medium: shown(this.#open(sealed), showing) })),
    };
  }

  readonly #open = (sealed: string): string => this.vault.open(sealed);

  #providerId(given: string | undefined): string | undefined {
    return given === undefined ? undefined : (this.providers.find(given)?.providerId ?? given);
  }

  #customerRef(given: string | undefined): string | undefined {
    return given === undefined || CUSTOMER_REF.test(given) ? given : this.pseudonyms.customerRef(given);
  }
}
