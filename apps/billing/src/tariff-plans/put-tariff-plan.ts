import type { Database } from '@emp/database';
import { EmpError, granted, type Clock, type Decision } from '@emp/kernel';
import { CLOCK, DATABASE, LOG, type Log } from '@emp/service-kit';
import { readTariff, tariffDocument, type Tariff } from '@emp/tariff';
import { Inject, Injectable } from '@nestjs/common';
import { nextVersion } from '../domain/next-version.ts';
import { changeFacts } from '../rate-cdr/billing-facts-lock.ts';
import { RateWaitingJob } from '../rate-cdr/rate-waiting.job.ts';
import { insertVersion, lockPlan } from './tariff-plan.store.ts';

export interface PutPlan {
  readonly id: string;
  readonly tariff: Tariff;
  /** `null` = from now on; for the first version: for all sessions. */
  readonly validFrom: Date | null;
}

export interface PlanPut {
  readonly outcome: 'created' | 'changed' | 'unchanged';
  readonly version: number;
  readonly validFrom: Date;
}

/** Gives a tariff plan new content as a new version; the same content again changes nothing. */
@Injectable()
export class PutTariffPlan {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(RateWaitingJob) private readonly rateWaiting: RateWaitingJob,
  ) {}

  async put({ id, tariff, validFrom }: PutPlan): Promise<Decision<PlanPut>> {
    const document = tariffDocument(tariff);
    const put = await this.database.transaction(async (tx): Promise<Decision<PlanPut>> => {
      await changeFacts(tx);
      const now = this.clock.now();
      const last = await lockPlan(tx, id, now);
      if (last && sameTariff(last.tariff, document)) {
        return granted({ outcome: 'unchanged', version: last.version, validFrom: last.valid_from });
      }
      const next = nextVersion(last && { version: last.version, validFrom: last.valid_from }, validFrom, now);
      if (next.ok) await insertVersion(tx, id, next.value, document, now);
      return next;
    });
    if (put.ok) this.log.info({ planId: id, version: put.value.version, outcome: put.value.outcome }, 'tariff plan put');
    if (put.ok && put.value.outcome !== 'unchanged') await this.rateWaiting.runNow();
    return put;
  }
}

/** By meaning: the order of members and the digits of prices do not matter. */
function sameTariff(stored: unknown, document: unknown): boolean {
  const reading = readTariff(stored);
  if (!reading.ok) throw new EmpError('stored-tariff-unreadable', 'the last version of the plan cannot be read any more', { retry: 'useless' });
  return JSON.stringify(tariffDocument(reading.tariff)) === JSON.stringify(document);
}
