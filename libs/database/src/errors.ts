import pg from 'pg';
import { EmpError, messageOf } from '@emp/kernel';

/** SQLSTATE classes and codes (PostgreSQL appendix A) that mean: the database is away, the statement was not at fault. */
const AWAY = /^(08|53|58|57P0[1-4]|25P03|25P04)/;
/** Two transactions were in each other's way; the same one again may pass. */
const CONFLICT = /^(40001|40P01|55P03)$/;
const CANCELLED = '57014';
const CONSTRAINT = /^23/;

const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT']);
/** What pg says, without any code, when the connection goes while a query waits for it. */
const LOST_CONNECTION = /connection terminated|connection error|not queryable|timeout exceeded when trying to connect|timeout expired/i;

/**
 * What a thrown database error means to us, the original kept as `cause`:
 * - `database-unavailable` (retry helps): connection lost or refused, shutdown, out of connections, memory or disk;
 * - `database-conflict` (retry helps): serialization failure, deadlock, lock not available;
 * - `database-timeout` (retry helps): the statement timeout struck;
 * - `database-constraint` (useless): `details` name the constraint and the table;
 * - `database-refused` (useless): everything else, e.g. wrong SQL or a missing table.
 * No message carries row values: they may be card numbers.
 */
export function databaseError(thrown: unknown): EmpError {
  if (thrown instanceof EmpError) return thrown;
  hideRowValues(thrown);
  const code = codeOf(thrown);
  const because = (slug: string, retry: 'helps' | 'useless', message: string, details: Record<string, unknown> = {}): EmpError =>
    new EmpError(slug, message, { retry, cause: thrown, details: { ...details, ...(code === undefined ? {} : { code }) } });

  if (isConnectionLoss(thrown, code)) return because('database-unavailable', 'helps', `the database is away: ${reasonOf(thrown)}`);
  if (code !== undefined && CONFLICT.test(code)) return because('database-conflict', 'helps', messageOf(thrown));
  if (code === CANCELLED) return because('database-timeout', 'helps', messageOf(thrown));
  if (thrown instanceof pg.DatabaseError && CONSTRAINT.test(code ?? '')) {
    return because('database-constraint', 'useless', messageOf(thrown), { constraint: thrown.constraint, table: thrown.table });
  }
  return because('database-refused', 'useless', messageOf(thrown));
}

/** Whether doing the same again may succeed: conflict, timeout, connection lost, shutdown. Takes raw and wrapped errors. */
export function retryable(thrown: unknown): boolean {
  return databaseError(thrown).retry === 'helps';
}

/**
 * Whether the database could not be reached, so that waiting for it is the only thing to do; also if the error was
 * wrapped in another one on its way.
 */
export function isDatabaseAway(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof EmpError && error.slug === 'database-unavailable') return true;
  }
  return false;
}

/** Whether a unique constraint stood in the way (of that name, if one is given). */
export function isUniqueViolation(thrown: unknown, constraint?: string): boolean {
  const { details } = databaseError(thrown);
  return details['code'] === '23505' && (constraint === undefined || details['constraint'] === constraint);
}

function isConnectionLoss(thrown: unknown, code: string | undefined): boolean {
  if (thrown instanceof pg.DatabaseError) return AWAY.test(code ?? '');
  if (thrown instanceof AggregateError) return thrown.errors.some((each) => isConnectionLoss(each, codeOf(each)));
  return SOCKET_CODES.has(code ?? '') || (thrown instanceof Error && LOST_CONNECTION.test(thrown.message));
}

/** A host with several addresses fails with one error per address, and a blank message around them. */
function reasonOf(thrown: unknown): string {
  return messageOf(thrown instanceof AggregateError ? thrown.errors[0] : thrown);
}

function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** PostgreSQL's `detail` quotes the row, and loggers print every enumerable member of an error and its cause. */
function hideRowValues(thrown: unknown): void {
  if (!(thrown instanceof pg.DatabaseError)) return;
  for (const member of ['detail', 'where'] as const) {
    Object.defineProperty(thrown, member, { value: thrown[member], enumerable: false });
  }
}
