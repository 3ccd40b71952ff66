import { ContractRegisteredV1, isEvent, type EmpEvent } from '@emp/events';
import { ConsumeEvents, type BatchContext } from '@emp/messaging';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeFacts } from '../rate-cdr/billing-facts-lock.ts';
import { ChargeDesk } from '../rate-cdr/charge-desk.ts';
import { recordContracts } from './contract.store.ts';

/** Contracts as the gateway tells of them; what waited for one of them is rated in the same transaction. */
@Controller()
export class RecordContractsConsumer {
  constructor(@Inject(ChargeDesk) private readonly desk: ChargeDesk) {}

  @ConsumeEvents({ group: 'billing.contracts', topics: ['emp.contract.v1'], rebuildable: true })
  async handle(@Payload() events: readonly EmpEvent[], @Ctx() { tx }: BatchContext): Promise<void> {
    const contracts = events.flatMap((event) =>
      (isEvent(ContractRegisteredV1, event) ? [{ facts: event.data, time: event.time }] : []));
    if (contracts.length === 0) return;
    await changeFacts(tx);
    await recordContracts(tx, contracts);
    await this.desk.retry(tx, { contractRefs: [...new Set(contracts.map(({ facts }) => facts.contractRef))] });
  }
}
