export type { Connection } from './connection.ts';
export { Database, type DatabaseOptions } from './database.ts';
export { databaseError, isDatabaseAway, isUniqueViolation, retryable } from './errors.ts';
export { lockNumber, tryLock } from './lock.ts';
export { migrate } from './migrate.ts';
export type { PreparedStatement, Queryable } from './queryable.ts';
export type { Transaction } from './transaction.ts';
