import 'reflect-metadata';

export { Caller, callerOf, OpenToAll, RequireScope } from './access/access.guard.ts';
export type { CallerIdentity } from './access/caller-identity.ts';
export { BodyOf, readBody } from './api/zod-body.ts';
export { commonVariables, portVariable, readConfig, type CommonConfig } from './config.ts';
export type { HealthChecks } from './health.controller.ts';
export { observeHttp } from './http-telemetry.ts';
export { Job, type JobDefinition, type JobResult } from './job.ts';
export { KAFKA_ACCESS_VARIABLES, readKafkaEnvironment } from './kafka-settings.ts';
export { createLog, type Log } from './log.ts';
export { openMetrics, type Metrics } from './metrics.ts';
export { Problem, ProblemFilter } from './problem.ts';
export { runService } from './run-service.ts';
export type { RunningService } from './running-service.ts';
export type { ServiceParts } from './service-parts.ts';
export { startService, type ServiceDefinition } from './start-service.ts';
export { BROKER, CLOCK, DATABASE, LOG, METER, OUTBOX } from './tokens.ts';
