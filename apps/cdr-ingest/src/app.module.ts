import { connectionIdOf, connectionIdsOf, HbsClient, openHbsClient } from '@emp/hbs-client';
import { createPrismaClient, type PrismaClient } from '@emp/prisma-cdr-ingest';
import type { ServiceParts } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import {
  Inject, Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationShutdown,
} from '@nestjs/common';
import { CdrMetrics } from './cdrs/cdr-metrics.ts';
import { CdrsController } from './cdrs/cdrs.controller.ts';
import type { CdrIngestConfig } from './config.ts';
import { DEFAULT_LIMITS, type CheckLimits } from './domain/check-context.ts';
import { MissingRecordsController } from './missing-records/missing-records.controller.ts';
import { NoteMissingHandler } from './missing-records/note-missing.handler.ts';
import { MatchContractHandler } from './match-contract/match-contract.handler.ts';
import { ReceiveCdrHandler } from './receive-cdr/receive-cdr.handler.ts';
import { PullOrderRequest } from './reconcile-cdrs/pull-order.request.ts';
import { Reconciliations } from './reconcile-cdrs/reconciliations.ts';
import { ReconciliationsController } from './reconcile-cdrs/reconciliations.controller.ts';
import { LIMITS, PRISMA, VAULT } from './tokens.ts';

/** Composes the service: every part is made here, from its configuration and the frame of the service kit. */
@Module({})
export class CdrIngestModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(Reconciliations) private readonly reconciliations: Reconciliations,
    @Inject(HbsClient) private readonly client: HbsClient,
    @Inject(PRISMA) private readonly prisma: PrismaClient,
  ) {}

  static compose(config: CdrIngestConfig, parts: ServiceParts): DynamicModule {
    const vault = Vault.fromKeys(config.VAULT_KEYS, config.VAULT_PEPPER);
    const client = openHbsClient(config, parts);
    return {
      module: CdrIngestModule,
      controllers: [
        ReceiveCdrHandler, MatchContractHandler, NoteMissingHandler, CdrsController, ReconciliationsController,
        MissingRecordsController,
      ],
      providers: [
        { provide: VAULT, useValue: vault },
        { provide: LIMITS, useValue: limitsOf(config) },
        { provide: HbsClient, useValue: client },
        { provide: PRISMA, useFactory: () => createPrismaClient(config.DATABASE_URL) },
        { provide: CdrMetrics, useFactory: () => new CdrMetrics(parts.meter, parts.database) },
        { provide: PullOrderRequest, useValue: new PullOrderRequest(connectionIdsOf(config.PROVIDERS)) },
        { provide: Reconciliations, useFactory: () => reconciliationsOf(config, { ...parts, vault, client }) },
      ],
    };
  }

  /** No new pull; the one under way ends at its page. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.reconciliations.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
    await this.prisma.$disconnect();
  }
}

function limitsOf(config: CdrIngestConfig): CheckLimits {
  const { ENERGY_TOLERANCE_KWH: energyToleranceKwh, MAXIMUM_ENERGY_KWH: maximumEnergyKwh } = config;
  return { ...DEFAULT_LIMITS, energyToleranceKwh, maximumEnergyKwh };
}

function reconciliationsOf(
  config: CdrIngestConfig, parts: ServiceParts & { readonly vault: Vault; readonly client: HbsClient },
): Reconciliations {
  const policy = {
    providers: connectionIdsOf(config.PROVIDERS),
    connectionOf: (providerId: string) => {
      const provider = config.PROVIDERS.find((one) => one.providerId === providerId);
      return provider ? connectionIdOf(provider) : providerId;
    },
    overlapHours: config.RECONCILE_OVERLAP_HOURS,
    lookBackDays: config.RECONCILE_LOOK_BACK_DAYS,
    windowHours: config.RECONCILE_WINDOW_HOURS,
    sweepDays: config.RECONCILE_SWEEP_DAYS,
    pageSize: config.RECONCILE_PAGE_SIZE,
    sessionBatch: config.MISSING_RECORDS_BATCH,
    patience: {
      firstPauseMinutes: config.MISSING_RECORDS_FIRST_PAUSE_MINUTES, longestPauseHours: 24, attempts: config.MISSING_RECORDS_ATTEMPTS,
    },
  };
  return new Reconciliations(parts, policy, {
    everySeconds: config.RECONCILE_EVERY_SECONDS,
    sweepEveryHours: config.RECONCILE_SWEEP_EVERY_HOURS,
    askEverySeconds: config.MISSING_RECORDS_EVERY_SECONDS,
  });
}
