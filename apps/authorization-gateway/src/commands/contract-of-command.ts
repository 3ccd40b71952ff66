import type { Database } from '@emp/database';
import { parseEvcoId } from '@emp/oicp';
import { DATABASE, Problem } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { Pseudonyms } from '../contracts/pseudonyms.ts';
import { rulesIn, type StoredRules } from '../contracts/rules/stored-rules.ts';
import type { Contract } from '../domain/contract.ts';

interface ContractRow {
  readonly contract_ref: string;
  readonly provider_id: string;
  readonly tariff_plan_id: string;
  readonly sealed_evco_id: string;
  readonly status: 'active' | 'blocked';
  readonly valid_from: Date;
  readonly valid_until: Date | null;
  readonly rules: StoredRules | null;
}

const CONTRACT = `
  SELECT contract_ref, provider_id, tariff_plan_id, sealed_evco_id, status, valid_from, valid_until, rules
  FROM contract WHERE contract_ref = $1`;

export interface ContractToCharge {
  readonly contract: Contract;
  readonly sealedEvcoId: string;
}

/** The contract a command is for, as it is in the database now: what was blocked a moment ago is blocked. */
@Injectable()
export class ContractOfCommand {
  constructor(private readonly pseudonyms: Pseudonyms, @Inject(DATABASE) private readonly database: Database) {}

  /** @throws Problem 400 if not exactly one of the two names it, 404 if we have none of that name */
  async find(named: { readonly contractRef?: string; readonly contractId?: string }): Promise<ContractToCharge> {
    const [row] = await this.database.query<ContractRow>(CONTRACT, [this.#refOf(named)]);
    if (!row) throw new Problem(404, 'contract-unknown', 'we have no such contract');
    const contract = {
      contractRef: row.contract_ref,
      providerId: row.provider_id,
      tariffPlanId: row.tariff_plan_id,
      status: row.status,
      validFrom: row.valid_from.getTime(),
      validUntil: row.valid_until?.getTime() ?? null,
      rules: rulesIn(row.rules ?? {}),
    };
    return { contract, sealedEvcoId: row.sealed_evco_id };
  }

  #refOf({ contractRef, contractId }: { readonly contractRef?: string; readonly contractId?: string }): string {
    if ((contractRef === undefined) === (contractId === undefined)) {
      throw new Problem(400, 'request-invalid', 'name the contract: either contractRef or contractId');
    }
    if (contractRef !== undefined) return contractRef;
    const evcoId = parseEvcoId(contractId ?? '');
    if (!evcoId.ok) throw new Problem(400, 'request-invalid', '/contractId is no contract id (EvcoID)');
    return this.pseudonyms.contractRef(this.pseudonyms.contractFingerprint(evcoId.value));
  }
}
