import pg from 'pg';
import { messageOf } from '@emp/kernel';
import { Connection } from './connection.ts';
import { databaseError } from './errors.ts';
import { tryLock } from './lock.ts';
import { PgQueryable, type PgTarget } from './queryable.ts';
import { runTransaction, type Transaction } from './transaction.ts';

export interface DatabaseOptions {
  /** `postgresql://role:password@host:port/database` */
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Default 10. Connections of `connect()` and `lock()` are not counted. */
  readonly maxConnections?: number;
  /** Default 30 000; 0 = none. Connections of `connect()` and `lock()` have none. */
  readonly statementTimeoutMs?: number;
  /** How long a query waits for a connection. Default 5 000. */
  readonly connectTimeoutMs?: number;
  /** Hears of connections that were lost while nobody used them. */
  readonly log?: { warn(fields: Readonly<Record<string, unknown>>, message: string): void };
}

/**
 * A process that hangs in the middle of a transaction holds its locks, and back every reader of an event log in the
 * same PostgreSQL (they read only what no running transaction can still precede). The server ends it after this time.
 */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** The service's own PostgreSQL database: a pool, transactions, session locks. Opens nothing before it is used. */
export class Database extends PgQueryable {
  readonly #pool: pg.Pool;
  readonly #connectionConfig: pg.ClientConfig;

  constructor(options: DatabaseOptions) {
    super();
    this.#connectionConfig = {
      connectionString: options.url,
      application_name: options.applicationName,
      connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
      keepAlive: true,
      types: wireTypes(),
    };
    this.#pool = new pg.Pool({
      ...this.#connectionConfig,
      max: options.maxConnections ?? 10,
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    });
    // A server that goes away tells idle connections, and those in use between two queries. Without a listener the
    // process would die of it; the next query reports it to whoever is concerned.
    // (Only its words are logged: pg hangs the whole client on this error.)
    this.#pool.on('error', (error) => {
      if (!this.#pool.ending) options.log?.warn({ reason: messageOf(error) }, 'database connection lost');
    });
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** Commits what `work` did, or nothing if it throws. Keep the network out of it. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => { throw databaseError(error); });
    let broken = false;
    try {
      return await runTransaction(client, work, () => { broken = true; });
    } finally {
      client.release(broken);
    }
  }

  /** A connection outside the pool; whoever asked for it closes it. */
  async connect(): Promise<Connection> {
    return Connection.open(this.#connectionConfig);
  }

  /**
   * Runs `work` while holding the session lock of that name, which only one process in the whole database can have:
   * `'held-elsewhere'` at once if another has it. The lock goes when the process dies; `held` aborts if the connection
   * goes first, and with it the lock: stop then.
   */
  async lock<T>(name: string, work: (held: AbortSignal) => Promise<T>): Promise<T | 'held-elsewhere'> {
    const connection = await this.connect();
    try {
      return (await tryLock(connection, name)) ? await work(connection.lost) : 'held-elsewhere';
    } finally {
      await connection.close();
    }
  }

  /** Waits for queries in flight, then ends every connection of the pool. */
  async close(): Promise<void> {
    if (!this.#pool.ended) await this.#pool.end();
  }

  protected target(): PgTarget {
    return this.#pool;
  }
}

/** `int8` as `bigint`: exact, and compared as a number, unlike text. `date` stays text: a day has no time zone. */
function wireTypes(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, BigInt);
  types.setTypeParser(pg.types.builtins.DATE, (text) => text);
  return types;
}
