import { connectionIdOf, connectionIdsOf, HbsClient, openHbsClient } from '@emp/hbs-client';
import { createPrismaClient, type PrismaClient } from '@emp/prisma-cdr-ingest';
import type { ServiceParts } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import {
  Inject, Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationShutdown,
} from '@nestjs/common';
import { CdrMetrics } from './cdrs/cdr-metrics.ts';
import { CdrsController } from './cdrs/cdrs.controller.ts';
import { CheckDesk } from './check-records/check-desk.ts';
import { ChecksController } from './check-records/checks.controller.ts';
import { Recheck } from './check-records/recheck.ts';
import type { CdrIngestConfig } from './config.ts';
import { DEFAULT_LIMITS, type CheckLimits } from './domain/check-context.ts';
import { MissingRecordsController } from './missing-records/missing-records.controller.ts';
import { NoteMissingHandler } from './missing-records/note-missing.handler.ts';
import { ExportsController } from './export/exports.controller.ts';
import { MatchContractHandler } from './match-contract/match-contract.handler.ts';
import { MeterKeysController } from './meter-keys/meter-keys.controller.ts';
import { KeyRegistry } from './meter-keys/register-keys.ts';
import { NetworkFactsHandler } from './network-facts/network-facts.handler.ts';
import { DecideCase } from './quarantine/decide-case.handler.ts';
import { QuarantineController } from './quarantine/quarantine.controller.ts';
import { QuarantineMetrics } from './quarantine/quarantine-metrics.ts';
import { CompletenessMetrics } from './proof/completeness-metrics.ts';
import { ProofDesk, type ProofPolicy } from './proof/proof-desk.ts';
import { ProofsController } from './proof/proofs.controller.ts';
import { ReceiveCdrHandler } from './receive-cdr/receive-cdr.handler.ts';
import { PullOrderRequest } from './reconcile-cdrs/pull-order.request.ts';
import { Reconciliations } from './reconcile-cdrs/reconciliations.ts';
import { ReconciliationsController } from './reconcile-cdrs/reconciliations.controller.ts';
import { FollowChargesHandler } from './session-story/follow-charges.handler.ts';
import { FollowReceiptsHandler } from './session-story/follow-receipts.handler.ts';
import { FollowSessionsHandler } from './session-story/follow-sessions.handler.ts';
import { StoryController } from './session-story/story.controller.ts';
import { LIMITS, PRISMA, VAULT, VERIFIER } from './tokens.ts';
import { DriverEvidenceController } from './verify-metering/driver-evidence.controller.ts';
import { verifyInline, type MeteringVerifier } from './verify-metering/metering-verifier.ts';
import { VerifierThreads } from './verify-metering/verifier-threads.ts';

/** Composes the service: every part is made here, from its configuration and the frame of the service kit. */
@Module({})
export class CdrIngestModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(Reconciliations) private readonly reconciliations: Reconciliations,
    @Inject(ProofDesk) private readonly proofs: ProofDesk,
    @Inject(HbsClient) private readonly client: HbsClient,
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    @Inject(VERIFIER) private readonly verifier: MeteringVerifier,
  ) {}

  static compose(config: CdrIngestConfig, parts: ServiceParts): DynamicModule {
    const vault = Vault.fromKeys(config.VAULT_KEYS, config.VAULT_PEPPER);
    const client = openHbsClient(config, parts);
    const verifier = config.METERING_THREADS === 0 ? verifyInline : new VerifierThreads(config.METERING_THREADS);
    return {
      module: CdrIngestModule,
      controllers: [
        ReceiveCdrHandler, MatchContractHandler, NetworkFactsHandler, ChecksController, MeterKeysController,
        DriverEvidenceController, NoteMissingHandler, CdrsController, ReconciliationsController,
        MissingRecordsController, QuarantineController, FollowSessionsHandler, FollowReceiptsHandler, FollowChargesHandler, StoryController, ProofsController,
        ExportsController,
      ],
      providers: [
        { provide: VAULT, useValue: vault },
        { provide: LIMITS, useValue: limitsOf(config) },
        { provide: HbsClient, useValue: client },
        { provide: VERIFIER, useValue: verifier },
        { provide: CheckDesk, useValue: new CheckDesk(verifier) },
        Recheck, KeyRegistry,
        { provide: PRISMA, useFactory: () => createPrismaClient(config.DATABASE_URL) },
        DecideCase,
        { provide: QuarantineMetrics, useFactory: () => new QuarantineMetrics(parts.meter, parts.database, parts.clock) },
        { provide: CdrMetrics, useFactory: () => new CdrMetrics(parts.meter, parts.database) },
        { provide: CompletenessMetrics, useFactory: () => new CompletenessMetrics(parts.meter, parts.database, parts.clock) },
        { provide: ProofDesk, useFactory: () => new ProofDesk(parts, proofPolicyOf(config)) },
        { provide: PullOrderRequest, useValue: new PullOrderRequest(connectionIdsOf(config.PROVIDERS)) },
        { provide: Reconciliations, useFactory: () => reconciliationsOf(config, { ...parts, vault, client }) },
      ],
    };
  }

  /** No new pull; the one under way ends at its page. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.reconciliations.stop(), this.proofs.stop()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.verifier.close();
    await this.client.close();
    await this.prisma.$disconnect();
  }
}

function limitsOf(config: CdrIngestConfig): CheckLimits {
  return {
    ...DEFAULT_LIMITS, energyToleranceKwh: config.ENERGY_TOLERANCE_KWH, maximumEnergyKwh: config.MAXIMUM_ENERGY_KWH,
    powerTolerancePercent: config.POWER_TOLERANCE_PERCENT, maximumAgeDays: config.MAXIMUM_RECORD_AGE_DAYS,
    policy: config.CHECK_POLICY,
  };
}

function proofPolicyOf(config: CdrIngestConfig): ProofPolicy {
  const online = new Set(config.PROVIDERS.filter(({ mode }) => mode === 'online').map(({ providerId }) => providerId));
  return {
    zone: config.PROOF_TIME_ZONE, closeAfterDays: config.PROOF_CLOSE_AFTER_DAYS, everySeconds: config.PROOF_EVERY_SECONDS,
    retentionDays: config.READ_MODEL_RETENTION_DAYS, asksUs: (providerId) => online.has(providerId),
  };
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
