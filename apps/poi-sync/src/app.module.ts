import { openHbsClient, type HbsClientOptions } from '@emp/hbs-client';
import type { ServiceParts } from '@emp/service-kit';
import { Module, type DynamicModule } from '@nestjs/common';
import type { PoiSyncConfig } from './config.ts';
import { EvsesController } from './evses/evses.controller.ts';
import { EvsesStore } from './evses/evses.store.ts';
import { EvseStore } from './pull-evse-data/evse.store.ts';
import { PullEvseDataHandler } from './pull-evse-data/pull-evse-data.handler.ts';
import { EvseStatusStore } from './pull-evse-status/evse-status.store.ts';
import { PullEvseStatusHandler } from './pull-evse-status/pull-evse-status.handler.ts';
import { OperatorPriceStore } from './pull-pricing/operator-price.store.ts';
import { PullPricingHandler } from './pull-pricing/pull-pricing.handler.ts';
import { PullRunStore } from './pulls/pull-run.store.ts';
import { PullsController } from './pulls/pulls.controller.ts';
import { Pulls } from './pulls/pulls.ts';
import { PoiMetrics } from './summary/poi-metrics.ts';
import { SummaryController } from './summary/summary.controller.ts';
import { SummaryStore } from './summary/summary.store.ts';
import { CONFIG, HBS } from './tokens.ts';

/** How patient the client of HBS is. */
export type HbsTuning = Pick<HbsClientOptions, 'backOffMs' | 'timeouts'>;

@Module({})
export class AppModule {
  static with(config: PoiSyncConfig, parts: ServiceParts, tuning: HbsTuning = {}): DynamicModule {
    return {
      module: AppModule,
      controllers: [PullsController, EvsesController, SummaryController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: HBS, useFactory: () => openHbsClient(config, parts, tuning) },
        PullRunStore, EvseStore, EvseStatusStore, OperatorPriceStore, EvsesStore, SummaryStore, PoiMetrics,
        PullEvseDataHandler, PullEvseStatusHandler, PullPricingHandler, Pulls,
      ],
    };
  }
}
