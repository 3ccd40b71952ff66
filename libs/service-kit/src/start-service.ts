import { Database, migrate } from '@emp/database';
import { EmpError, messageOf, systemClock, type Clock } from '@emp/kernel';
import { EventTransport, Outbox, OutboxRelay, openBroker, type Broker } from '@emp/messaging';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Access } from './access/access.ts';
import { AccessGuard } from './access/access.guard.ts';
import { serveOpenApi } from './api/open-api.ts';
import { RequestPipe } from './api/request.pipe.ts';
import type { CommonConfig } from './config.ts';
import { closeIdleConnections } from './close-idle-connections.ts';
import type { HealthChecks } from './health.controller.ts';
import { observeHttp } from './http-telemetry.ts';
import { readKafkaSettings } from './kafka-settings.ts';
import { NestLog, createLog, type Log } from './log.ts';
import { openMetrics } from './metrics.ts';
import { patiently } from './patiently.ts';
import { ProblemFilter } from './problem.ts';
import type { RunningService } from './running-service.ts';
import type { ServiceParts } from './service-parts.ts';
import { ServiceModule } from './service.module.ts';
import { WaitingRoom } from './waiting-room.ts';

export interface ServiceDefinition {
  readonly name: string;
  readonly config: CommonConfig & { readonly PORT: number };
  readonly migrationsDirectory: string;
  /** The service's own module, made from the parts (they are also there by token). */
  readonly module: (parts: ServiceParts) => Type | DynamicModule;
  readonly checks?: HealthChecks;
  readonly clock?: Clock;
  readonly log?: Log;
}

/**
 * Starts a service: database (migrated), event log, HTTP, consumers, relay. While database or event log are away it
 * waits for them, alive and not ready, for `START_PATIENCE_SECONDS`.
 * @throws EmpError `port-taken` naming the variable to change; whatever the database or broker had to say.
 */
export async function startService(definition: ServiceDefinition): Promise<RunningService> {
  const { name, config } = definition;
  const log = definition.log ?? createLog(name, config.LOG_LEVEL, config.LOG_FILE);
  const waiting = new WaitingRoom();
  const start = async (): Promise<RunningService> => {
    try {
      return await startOnce(definition, log, () => waiting.close());
    } catch (error) {
      await waiting.open(config.PORT, config.HOST);
      throw error;
    }
  };
  try {
    return await patiently(start, { forMs: config.START_PATIENCE_SECONDS * 1_000, log });
  } finally {
    await waiting.close();
  }
}

/** What was opened is closed again if a later step fails, so that a failed start leaves nothing behind. */
async function startOnce(
  definition: ServiceDefinition,
  log: Log,
  beforeListening: () => Promise<void>,
): Promise<RunningService> {
  const { name, config } = definition;
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const access = await Access.configured(config, log);
    const metrics = openMetrics(name);
    closers.push(() => metrics.close());
    const database = new Database({
      url: config.DATABASE_URL,
      applicationName: name,
      maxConnections: config.DATABASE_CONNECTIONS,
      log,
    });
    closers.push(() => database.close());
    if (config.MIGRATE_ON_START) await migrate(database, definition.migrationsDirectory);
    const broker = await openConfiguredBroker(name, config, log);
    closers.push(() => broker.close());
    await broker.ensureTopics().catch((error: unknown) => { throw brokerTrouble(name, error); });

    const outbox = new Outbox({ source: name });
    const relay = new OutboxRelay({ database, broker, outbox, log, meter: metrics.meter });
    closers.push(() => relay.stop());
    const parts: ServiceParts = { log, meter: metrics.meter, clock: definition.clock ?? systemClock, database, broker, outbox };
    const checks = { database: () => database.query('SELECT 1'), ...definition.checks };
    const module = ServiceModule.around(definition.module(parts), parts, { metrics, checks });
    const app = await createApp(definition, { ...parts, access }, module);
    closers.push(() => app.close());
    app.connectMicroservice(
      { strategy: new EventTransport({ broker, database, outbox, log, meter: metrics.meter }) },
      { inheritAppConfig: false },
    );
    await beforeListening();
    await listen(app, definition);
    await app.startAllMicroservices();
    relay.start();
    const url = await app.getUrl();
    log.info({ url }, 'service started');
    return { name, url, stop: close };
  } catch (error) {
    await close().catch((closing: unknown) => log.error({ err: closing }, 'closing after a failed start failed'));
    throw error;
  }
}

async function createApp(
  definition: ServiceDefinition,
  parts: ServiceParts & { readonly access: Access },
  module: DynamicModule,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ forceCloseConnections: 'idle' } as never);
  observeHttp(adapter.getInstance() as never, definition.name, parts.meter);
  closeIdleConnections(adapter.getInstance() as never);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: new NestLog(parts.log),
    abortOnError: false,
  });
  takeEmptyBodies(adapter);
  app.useGlobalFilters(new ProblemFilter(parts.log));
  app.useGlobalGuards(new AccessGuard(parts.access, app.get(Reflector), parts.meter));
  app.useGlobalPipes(new RequestPipe());
  serveOpenApi(app, definition.name);
  return app;
}

/** Many clients name the type of every request's body, also where there is none, as of a DELETE. */
function takeEmptyBodies(adapter: FastifyAdapter): void {
  const { bodyLimit } = adapter.getInstance().initialConfig;
  const json = adapter.getInstance().getDefaultJsonParser('error', 'error');
  adapter.useBodyParser('application/json', false, { bodyLimit } as never, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else json(request, body.toString('utf8'), done);
  });
}

async function listen(app: NestFastifyApplication, { name, config }: ServiceDefinition): Promise<void> {
  try {
    await app.listen(config.PORT, config.HOST);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new EmpError('port-taken', `${name}: port ${config.PORT} on ${config.HOST} is taken; set PORT to a free one`, {
      retry: 'useless',
      cause: error,
    });
  }
}

async function openConfiguredBroker(name: string, config: CommonConfig, log: Log): Promise<Broker> {
  const address = config.BROKER === 'kafka' ? config.KAFKA_BROKERS : config.BROKER_URL;
  if (address === undefined) {
    const variable = config.BROKER === 'kafka' ? 'KAFKA_BROKERS' : 'BROKER_URL';
    throw new EmpError('configuration-invalid', `${variable} is missing (BROKER=${config.BROKER})`, { retry: 'useless' });
  }
  try {
    const kafka = config.BROKER === 'kafka' ? await readKafkaSettings(config) : {};
    return await openBroker({ kind: config.BROKER, address, clientId: name, log, kafka });
  } catch (error) {
    throw brokerTrouble(name, error);
  }
}

function brokerTrouble(name: string, error: unknown): EmpError {
  if (error instanceof EmpError) return error;
  const message = `${name}: the event log does not answer: ${messageOf(error)}`;
  return new EmpError('broker-unavailable', message, { retry: 'helps', cause: error });
}
