import type { Queryable, Transaction } from '@emp/database';
import type { EmpEvent } from '@emp/events';
import { encodeEvent } from '../cloud-event.ts';

const APPEND_ONE = {
  name: 'outbox-append-one',
  text: 'INSERT INTO outbox (event_id, topic, key, headers, payload) VALUES ($1, $2, $3, $4, $5)',
};

const APPEND_ALL = {
  name: 'outbox-append-all',
  text: `INSERT INTO outbox (event_id, topic, key, headers, payload)
         SELECT event_id, topic, key, headers, payload
         FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::text[])
           WITH ORDINALITY AS appended (event_id, topic, key, headers, payload, place)
         ORDER BY place`,
};

/** The columns of an outbox row, for a store that inserts it in one statement with its own rows. */
export interface OutboxRow {
  readonly event_id: string;
  readonly topic: string;
  readonly key: string;
  /** JSON text. */
  readonly headers: string;
  /** JSON text. */
  readonly payload: string;
}

const COLUMNS = ['event_id', 'topic', 'key', 'headers', 'payload'] as const;

/** Where a service leaves its events, in the transaction that made them true. */
export class Outbox {
  readonly source: string;
  readonly #listeners = new Set<() => void>();

  /** `source` becomes `ce_source`, e.g. the service's name. */
  constructor({ source }: { readonly source: string }) {
    this.source = source;
  }

  /**
   * Appends events in order. Events of one key keep their order if the transaction has locked the aggregate (or
   * inserted it) before: see the relay.
   */
  async append(tx: Queryable | Transaction, ...events: readonly EmpEvent[]): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map((event) => this.row(event));
    const columns = COLUMNS.map((column) => rows.map((row) => row[column]));
    await (events.length === 1 ? tx.prepared(APPEND_ONE, columns.flat()) : tx.prepared(APPEND_ALL, columns));
    if ('afterCommit' in tx) tx.afterCommit(() => this.appended());
    else this.appended();
  }

  /** An event as the columns of table `outbox`; call `appended()` once the statement that inserts it is committed. */
  row(event: EmpEvent): OutboxRow {
    const { topic, key, headers, payload } = encodeEvent(event, this.source);
    return { event_id: event.id, topic, key, headers: JSON.stringify(headers), payload };
  }

  /** Says that rows were committed; the relay would find them anyway, a little later. */
  appended(): void {
    for (const listener of this.#listeners) listener();
  }

  /** For the relay. Returns the function that ends it. */
  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events that wait to be published, and since when the oldest has been waiting. */
  async pending(database: Queryable): Promise<{ readonly count: number; readonly oldestAt: Date | null }> {
    const [row] = await database.query<{ count: number; oldest: Date | null }>(
      'SELECT count(*)::int AS count, min(created_at) AS oldest FROM outbox WHERE published_at IS NULL',
    );
    return { count: row?.count ?? 0, oldestAt: row?.oldest ?? null };
  }
}
