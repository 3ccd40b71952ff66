import { Database } from '@emp/database';
import { openHbsClient, type HbsClient } from '@emp/hbs-client';
import { createPrismaClient, type PrismaClient } from '@emp/prisma-authorization-gateway';
import type { ServiceParts } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { AuthorizationsController } from './authorizations/authorizations.controller.ts';
import { AuthorizationsReader } from './authorizations/authorizations.reader.ts';
import { ExplainAuthorization } from './authorizations/explain-authorization.ts';
import { AuthorizeStartHandler } from './authorize-start/authorize-start.handler.ts';
import { AuthorizeStartOperation } from './authorize-start/authorize-start.operation.ts';
import { AuthorizeStartStore } from './authorize-start/authorize-start.store.ts';
import { StartRules } from './authorize-start/start-rules.ts';
import { ToldDenials } from './authorize-start/told-denials.ts';
import { AuthorizeStopHandler } from './authorize-stop/authorize-stop.handler.ts';
import { AuthorizeStopOperation } from './authorize-stop/authorize-stop.operation.ts';
import { ChargingNotificationHandler } from './charging-notification/charging-notification.handler.ts';
import { ChargingNotificationOperation } from './charging-notification/charging-notification.operation.ts';
import { AcceptCommand } from './commands/accept-command.ts';
import { CommandDispatcher } from './commands/command-dispatcher.ts';
import { CommandIds } from './commands/command-ids.ts';
import { commandTimeouts } from './commands/command-variables.ts';
import { CommandsController } from './commands/commands.controller.ts';
import { CommandsReader } from './commands/commands.reader.ts';
import { ContractOfCommand } from './commands/contract-of-command.ts';
import { LostStarts } from './commands/lost-starts.ts';
import { RecoverCommandsJob } from './commands/recover-commands.job.ts';
import { ResolveCommandHandler } from './commands/resolve-command.handler.ts';
import { SettleCommand } from './commands/settle-command.ts';
import { StartCommandHandler } from './commands/start-command.handler.ts';
import { StopCommandHandler } from './commands/stop-command.handler.ts';
import type { GatewayConfig } from './config.ts';
import { CardIndexKeeper } from './contracts/card-index/card-index-keeper.ts';
import { CardIndex } from './contracts/card-index/card-index.ts';
import { PinDesk } from './contracts/pin/pin-desk.ts';
import { ImportLinesHandler } from './contracts/import-contracts/import-lines.handler.ts';
import { ImportsController } from './contracts/import-contracts/imports.controller.ts';
import { CardsController } from './contracts/manage-cards/cards.controller.ts';
import { CardsReader } from './contracts/manage-cards/cards.reader.ts';
import { ChangeCardHandler } from './contracts/manage-cards/change-card.handler.ts';
import { ChangeContractHandler } from './contracts/manage-contracts/change-contract.handler.ts';
import { ContractsController } from './contracts/manage-contracts/contracts.controller.ts';
import { ContractsReader } from './contracts/manage-contracts/contracts.reader.ts';
import { PresentedMedia } from './contracts/presented-medium.ts';
import { Pseudonyms } from './contracts/pseudonyms.ts';
import { AuthenticationDataController } from './contracts/push-authentication-data/authentication-data.controller.ts';
import { AuthenticationDataReader } from './contracts/push-authentication-data/authentication-data.reader.ts';
import { ListMetrics } from './contracts/push-authentication-data/list-metrics.ts';
import { ListRun } from './contracts/push-authentication-data/list-run.ts';
import { PushAuthenticationDataJob } from './contracts/push-authentication-data/push-authentication-data.job.ts';
import { PushSender } from './contracts/push-authentication-data/push-sender.ts';
import { TermsRegistrar } from './contracts/rules/terms-registrar.ts';
import { ContractRecords } from './contracts/register-contracts/contract-records.ts';
import { RegisterContractsController } from './contracts/register-contracts/register-contracts.controller.ts';
import { RegisterContractsHandler } from './contracts/register-contracts/register-contracts.handler.ts';
import { DOOR_OPENED, DoorKeeper, doorDeskProvider, type DoorOpened } from './door/door-keeper.ts';
import { ConsumeCreditConsumer } from './limits/consume-credit.consumer.ts';
import { LimitedGrants } from './limits/limited-grants.ts';
import { ExpireAnswersJob } from './idempotency/expire-answers.job.ts';
import { ProviderFigures } from './provider-figures/provider-figures.ts';
import { Providers } from './providers.ts';
import { ReceiveCdrHandler } from './receive-cdr/receive-cdr.handler.ts';
import { ReceiveCdrOperation } from './receive-cdr/receive-cdr.operation.ts';
import { AuthorizeSession } from './sessions/authorize-session.ts';
import { ExpireSessionsJob } from './sessions/expire-sessions.job.ts';
import { FollowReader } from './sessions/follow/follow-reader.ts';
import { SessionEventsController } from './sessions/follow/session-events.controller.ts';
import { SessionFeed } from './sessions/follow/session-feed.ts';
import { HeardIdentities } from './sessions/heard-identity.ts';
import { MissingRecordsJob } from './sessions/missing-records.job.ts';
import { PulledRecordsConsumer } from './sessions/pulled-records.consumer.ts';
import { SessionChanges } from './sessions/session-changes.ts';
import { SessionMetrics } from './sessions/session-metrics.ts';
import { SessionsController } from './sessions/sessions.controller.ts';
import { SessionsReader } from './sessions/sessions.reader.ts';
import { SubscriptionsController } from './subscriptions/subscriptions.controller.ts';
import { Subscriptions } from './subscriptions/subscriptions.ts';
import { CONFIG, DOOR_DATABASE, HBS, PRISMA } from './tokens.ts';

/** Closes what this module opened, after the door and the internal API are closed. */
@Injectable()
class Connections implements OnApplicationShutdown {
  constructor(
    @Inject(DOOR_DATABASE) private readonly doorDatabase: Database,
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    @Inject(HBS) private readonly hbs: HbsClient,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.hbs.close();
    await this.prisma.$disconnect();
    await this.doorDatabase.close();
  }
}

@Module({})
export class GatewayModule {
  static of(config: GatewayConfig, parts: ServiceParts, opened: DoorOpened): DynamicModule {
    const doorDatabase = new Database({
      url: config.DATABASE_URL,
      applicationName: 'authorization-gateway door',
      maxConnections: config.DOOR_DATABASE_CONNECTIONS,
      // Together less than the deadline: mostly the reason is known before it, and what comes later is 0006's case.
      connectTimeoutMs: Math.floor(config.DOOR_DEADLINE_MS * 0.4),
      statementTimeoutMs: Math.floor(config.DOOR_DEADLINE_MS * 0.5),
      log: parts.log,
    });
    return {
      module: GatewayModule,
      controllers: [
        AuthorizationsController,
        ConsumeCreditConsumer,
        SubscriptionsController,
        RegisterContractsController,
        ContractsController,
        CardsController,
        ImportsController,
        AuthenticationDataController,
        SessionsController,
        CommandsController,
        SessionEventsController,
        PulledRecordsConsumer,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: DOOR_OPENED, useValue: opened },
        { provide: DOOR_DATABASE, useValue: doorDatabase },
        { provide: PRISMA, useFactory: () => createPrismaClient(config.DATABASE_URL) },
        { provide: HBS, useFactory: () => openHbsClient(config, parts, { timeouts: commandTimeouts(config) }) },
        { provide: Vault, useFactory: () => Vault.fromKeys(config.VAULT_KEYS, config.VAULT_PEPPER) },
        { provide: Providers, useFactory: () => new Providers(config.PROVIDERS) },
        ExpireAnswersJob,
        ContractRecords,
        ContractsReader,
        ChangeContractHandler,
        CardsReader,
        ChangeCardHandler,
        ImportLinesHandler,
        Pseudonyms,
        CardIndex,
        Subscriptions,
        CardIndexKeeper,
        PresentedMedia,
        TermsRegistrar,
        RegisterContractsHandler,
        PushSender,
        ListRun,
        ListMetrics,
        AuthenticationDataReader,
        PushAuthenticationDataJob,
        SessionsReader,
        SessionChanges,
        SessionFeed,
        FollowReader,
        AuthorizeSession,
        HeardIdentities,
        MissingRecordsJob,
        AcceptCommand,
        CommandDispatcher,
        CommandIds,
        CommandsReader,
        ContractOfCommand,
        LostStarts,
        RecoverCommandsJob,
        ResolveCommandHandler,
        SettleCommand,
        StartCommandHandler,
        StopCommandHandler,
        SessionMetrics,
        ProviderFigures,
        ExpireSessionsJob,
        AuthorizeStartOperation,
        AuthorizeStartHandler,
        AuthorizeStartStore,
        StartRules,
        PinDesk,
        LimitedGrants,
        AuthorizationsReader,
        ExplainAuthorization,
        ToldDenials,
        AuthorizeStopOperation,
        AuthorizeStopHandler,
        ReceiveCdrOperation,
        ReceiveCdrHandler,
        ChargingNotificationOperation,
        ChargingNotificationHandler,
        doorDeskProvider,
        DoorKeeper,
        Connections,
      ],
    };
  }
}
