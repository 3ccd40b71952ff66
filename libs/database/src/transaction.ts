import type pg from 'pg';
import { EmpError } from '@emp/kernel';
import { PgQueryable, run, type PgTarget, type Queryable } from './queryable.ts';

export interface Transaction extends Queryable {
  readonly kind: 'transaction';
  /** Runs once the commit is certain, never after a rollback. What it throws is lost: the commit stands. */
  afterCommit(run: () => void): void;
}

class PgTransaction extends PgQueryable implements Transaction {
  readonly kind = 'transaction';
  readonly #committed: (() => void)[] = [];
  readonly #target: PgTarget = { query: (config) => this.#inTurn(config) };
  #client: pg.ClientBase | undefined;
  #previous: Promise<unknown> = Promise.resolve();

  constructor(client: pg.ClientBase) {
    super();
    this.#client = client;
  }

  afterCommit(run: () => void): void {
    this.#committed.push(run);
  }

  end(): readonly (() => void)[] {
    this.#client = undefined;
    return this.#committed;
  }

  protected target(): PgTarget {
    return this.#target;
  }

  /** One connection does one thing at a time: queries asked side by side queue here. */
  #inTurn(config: pg.QueryConfig): Promise<pg.QueryResult> {
    const result = this.#previous.then(() => {
      if (this.#client) return this.#client.query(config);
      throw new EmpError('transaction-over', 'a query came after the end of its transaction: is an await missing?', { retry: 'useless' });
    });
    this.#previous = result.catch(() => undefined);
    return result;
  }
}

/**
 * BEGIN, `work`, COMMIT; ROLLBACK if `work` throws. `onBroken` is called when the connection cannot be used again.
 * A lost connection during COMMIT leaves the outcome open: whoever retries must be idempotent.
 */
export async function runTransaction<T>(
  client: pg.ClientBase,
  work: (tx: Transaction) => Promise<T>,
  onBroken: () => void,
): Promise<T> {
  const tx = new PgTransaction(client);
  let result: T;
  try {
    await run(client, { text: 'BEGIN' });
    result = await work(tx);
    tx.end();
    await commit(client);
  } catch (error) {
    tx.end();
    await client.query('ROLLBACK').catch(onBroken);
    throw error;
  }
  for (const hook of tx.end()) quietly(hook);
  return result;
}

/** PostgreSQL answers COMMIT of an aborted transaction with ROLLBACK, and no error. */
async function commit(client: pg.ClientBase): Promise<void> {
  const { command } = await run(client, { text: 'COMMIT' });
  if (command === 'COMMIT') return;
  throw new EmpError('transaction-aborted', 'nothing was committed: a statement had failed and its error was swallowed', { retry: 'useless' });
}

function quietly(hook: () => void): void {
  try {
    hook();
  } catch {
    // The commit stands, whatever a listener makes of it.
  }
}
