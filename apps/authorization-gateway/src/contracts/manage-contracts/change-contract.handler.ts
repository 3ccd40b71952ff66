import type { Database } from '@emp/database';
import { ContractRegisteredV1, newEvent } from '@emp/events';
import type { Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, DATABASE, LOG, OUTBOX, Problem, type CallerIdentity, type Log } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { AnswerKeeper } from '../../idempotency/idempotent.ts';
import { CardIndexKeeper } from '../card-index/card-index-keeper.ts';
import { END_NOT_AFTER_BEGIN } from '../register-contracts/contract-members.ts';
import { announceChange } from '../register-contracts/register-contracts.store.ts';
import { TermsRegistrar } from '../rules/terms-registrar.ts';
import { lockContract, saveContract, type StoredContract } from './change-contract.store.ts';
import type { ContractWish } from './contract-wish.ts';
import { ContractsReader, type ContractDetail } from './contracts.reader.ts';

/** Changes what was agreed with a contract; every replica decides by it within a second, this one at once. */
@Injectable()
export class ChangeContractHandler {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    private readonly reader: ContractsReader,
    private readonly terms: TermsRegistrar,
    private readonly keeper: CardIndexKeeper,
  ) {}

  /** @throws Problem 404 `contract-unknown`, 400 if it would end before it begins. */
  async change(
    contractRef: string,
    wish: ContractWish,
    caller: CallerIdentity,
    kept: AnswerKeeper,
  ): Promise<ContractDetail> {
    const { status, tariffPlanId, validFrom, validUntil, ...terms } = wish;
    const now = this.clock.now();
    const prepared = await this.terms.prepare([{ contractRef, terms }]);
    const answer = await this.database.transaction(async (tx) => {
      const before = await lockContract(tx, contractRef);
      if (!before) throw contractUnknown();
      const after = { ...before, ...given({ status, tariffPlanId, validFrom, validUntil }) };
      endAfterBegin(after);
      const changed = await saveContract(tx, after, now);
      const otherTerms = await this.terms.register(tx, prepared, now);
      if (changed || otherTerms.size > 0) {
        await this.outbox.append(tx, newEvent(ContractRegisteredV1, factsOf(after), { time: now }));
        await announceChange(tx, [contractRef]);
      }
      const answer = await this.reader.one(tx, contractRef, caller.has('secrets') ? 'clear' : 'masked');
      if (!answer) throw contractUnknown();
      await kept.keep(tx, answer);
      return answer;
    });
    await this.keeper.refreshed([contractRef]);
    this.log.info(
      { contractRef, caller: caller.name, members: Object.keys(wish), status: answer.status },
      'contract changed',
    );
    return answer;
  }
}

export const contractUnknown = (): Problem =>
  new Problem(
    404,
    'contract-unknown',
    'no contract has this reference; POST /v1/contracts/lookup finds it by its contractId',
  );

function endAfterBegin({ validFrom, validUntil }: StoredContract): void {
  if (validUntil === null || validUntil > validFrom) return;
  const detail = END_NOT_AFTER_BEGIN;
  throw new Problem(400, 'request-invalid', detail, { findings: [{ pointer: '/validUntil', detail }] });
}

const given = <T extends object>(wish: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined)) as never;

const factsOf = ({
  validFrom,
  validUntil,
  ...facts
}: StoredContract): Parameters<typeof ContractRegisteredV1.key>[0] => ({
  ...facts,
  validFrom: validFrom.toISOString(),
  validUntil: validUntil?.toISOString() ?? null,
});
