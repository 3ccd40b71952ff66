import { Module, type DynamicModule } from '@nestjs/common';
import { ChargesController } from './charges/charges.controller.ts';
import type { BillingConfig } from './config.ts';
import { CorrectCharges } from './correct-charge/correct-charges.ts';
import { FillCostJob } from './fill-cost/fill-cost.job.ts';
import { InvoiceDraftsController } from './invoice-drafts/invoice-drafts.controller.ts';
import { ChargeDesk } from './rate-cdr/charge-desk.ts';
import { RateCdrConsumer } from './rate-cdr/rate-cdr.consumer.ts';
import { RATE_WAITING_EVERY_S, RateWaitingJob } from './rate-cdr/rate-waiting.job.ts';
import { RatingMetrics } from './rate-cdr/rating.metrics.ts';
import { RecordContractsConsumer } from './record-contracts/record-contracts.consumer.ts';
import { RecordEvsesConsumer } from './record-evses/record-evses.consumer.ts';
import { RecordPricesConsumer } from './record-prices/record-prices.consumer.ts';
import { SummaryController } from './summary/summary.controller.ts';
import { PutTariffPlan } from './tariff-plans/put-tariff-plan.ts';
import { TariffPlansController } from './tariff-plans/tariff-plans.controller.ts';

@Module({})
export class AppModule {
  static with(config: BillingConfig): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        RateCdrConsumer, RecordContractsConsumer, RecordEvsesConsumer, RecordPricesConsumer,
        TariffPlansController, ChargesController, InvoiceDraftsController, SummaryController,
      ],
      providers: [
        ChargeDesk, CorrectCharges, RatingMetrics, RateWaitingJob, FillCostJob, PutTariffPlan,
        { provide: RATE_WAITING_EVERY_S, useValue: config.RATE_WAITING_EVERY_S },
      ],
    };
  }
}
