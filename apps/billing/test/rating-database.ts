import type { Database, Transaction } from '@emp/database';
import type { EmpEvent } from '@emp/events';
import { Outbox, type BatchContext } from '@emp/messaging';
import { migrationsDirectory } from '@emp/prisma-billing';
import { createLog, openMetrics } from '@emp/service-kit';
import { FakeClock, testDatabase } from '@emp/testing';
import { CorrectCharges } from '../src/correct-charge/correct-charges.ts';
import { FillCostJob } from '../src/fill-cost/fill-cost.job.ts';
import { ChargeDesk } from '../src/rate-cdr/charge-desk.ts';
import { RateCdrConsumer } from '../src/rate-cdr/rate-cdr.consumer.ts';
import { RateWaitingJob } from '../src/rate-cdr/rate-waiting.job.ts';
import { RatingMetrics } from '../src/rate-cdr/rating.metrics.ts';
import { RecordContractsConsumer } from '../src/record-contracts/record-contracts.consumer.ts';
import { RecordEvsesConsumer } from '../src/record-evses/record-evses.consumer.ts';
import { RecordPricesConsumer } from '../src/record-prices/record-prices.consumer.ts';
import { PutTariffPlan } from '../src/tariff-plans/put-tariff-plan.ts';

/** The service without broker and HTTP: its consumers called in a transaction, on a real database. */
export async function ratingDatabase() {
  const { database, close } = await testDatabase({ migrations: migrationsDirectory });
  const clock = new FakeClock();
  const log = createLog('billing', 'silent');
  const metrics = openMetrics('billing');
  const outbox = new Outbox({ source: 'billing' });
  const ratingMetrics = new RatingMetrics(metrics.meter, database);
  const desk = new ChargeDesk(outbox, clock, log, ratingMetrics);
  const corrections = new CorrectCharges(desk, outbox, clock, log, ratingMetrics);
  const rateWaiting = new RateWaitingJob(database, desk, log, metrics.meter, 3600);
  const fillCost = new FillCostJob(database, outbox, clock, log, metrics.meter, 3600);
  const plans = new PutTariffPlan(database, clock, log, rateWaiting);
  const consumers = {
    'emp.cdr.v1': new RateCdrConsumer(desk, corrections), 'emp.contract.v1': new RecordContractsConsumer(desk),
    'emp.evse.v1': new RecordEvsesConsumer(desk), 'emp.price.v1': new RecordPricesConsumer(fillCost),
  };
  /** Hands events of one topic to their consumer, in one transaction. `before` commits, to hold the transaction open. */
  const handle = (events: readonly EmpEvent[], beforeCommit: () => Promise<void> = async () => undefined): Promise<void> =>
    database.transaction(async (tx) => {
      const topic = events[0]?.topic as keyof typeof consumers;
      await consumers[topic].handle(events, contextOf(tx));
      await beforeCommit();
    });
  return {
    database, clock, desk, plans, rateWaiting, fillCost, metrics, handle,
    close: async () => {
      await rateWaiting.onModuleDestroy();
      await fillCost.onModuleDestroy();
      await metrics.close();
      await close();
    },
  };
}

const contextOf = (tx: Transaction): BatchContext =>
  ({ tx, group: 'test', afterCommit: (run) => tx.afterCommit(run) });

/** What is in the outbox: its type with its data. */
export async function publishedEvents(database: Database): Promise<readonly { type: string; data: Record<string, unknown> }[]> {
  const rows = await database.query<{ type: string; payload: string }>(
    `SELECT headers ->> 'ce_type' AS type, payload FROM outbox WHERE topic = 'emp.billing.v1' ORDER BY id`);
  return rows.map(({ type, payload }) => ({ type, data: JSON.parse(payload) as Record<string, unknown> }));
}

/** What is in the outbox, as data. */
export async function publishedCharges(database: Database): Promise<readonly Record<string, unknown>[]> {
  const rows = await database.query<{ payload: string }>(`SELECT payload FROM outbox WHERE topic = 'emp.billing.v1' ORDER BY id`);
  return rows.map((row) => JSON.parse(row.payload) as Record<string, unknown>);
}
