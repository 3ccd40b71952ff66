export { eventually } from './eventually.ts';
export { FakeClock } from './fake-clock.ts';
export { freePort, isPortFree } from './free-port.ts';
export { faultsOf, operationsOf, type OpenApi } from './open-api-faults.ts';
export { testKafka } from './kafka/test-kafka.ts';
export { noLog, type Log } from './log.ts';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './postgres/embedded-postgres.ts';
export { createServiceDatabase, type ServiceDatabase } from './postgres/service-database.ts';
export { testDatabase, testServerUrl, type TestDatabase } from './postgres/test-database.ts';
