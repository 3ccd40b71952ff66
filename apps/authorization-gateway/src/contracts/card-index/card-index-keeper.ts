import type { Connection, Database, Transaction } from '@emp/database';
import { messageOf } from '@emp/kernel';
import { DATABASE, LOG, METER, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import { Subscriptions } from '../../subscriptions/subscriptions.ts';
import { readSubscriptions } from '../../subscriptions/subscriptions.store.ts';
import { CardIndex } from './card-index.ts';
import { CARDS_CHANGED, readIndexOf } from './card-index.store.ts';
import { readIndexPages } from './index-pages.ts';

/** Instead of a contractRef: the subscriptions changed. */
const SUBSCRIPTIONS = 'subscriptions';
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** A server that hangs does not hang up: it is asked for a sign of life this often, and has as long to give it. */
const HEARTBEAT_MS = 5_000;

/**
 * Fills the card index at start and keeps it current: what this process changes is re-read at once, what other
 * replicas change is told by LISTEN/NOTIFY. Whoever was not listening for a while reads everything again; until then
 * the index serves what it knew. Reads are queued, so that an older one never overwrites a newer one.
 */
@Injectable()
export class CardIndexKeeper implements OnModuleInit, OnModuleDestroy {
  readonly #index: CardIndex;
  readonly #subscriptions: Subscriptions;
  readonly #database: Database;
  readonly #log: Log;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #changed = new Set<string>();
  readonly #followers: ((contractRef: string | undefined) => void)[] = [];
  #connection: Connection | undefined;
  #stopped = false;
  #retry: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(
    index: CardIndex,
    subscriptions: Subscriptions,
    @Inject(DATABASE) database: Database,
    @Inject(LOG) log: Log,
    @Inject(METER) meter: Meter,
  ) {
    this.#index = index;
    this.#subscriptions = subscriptions;
    this.#database = database;
    this.#log = log;
    meter
      .createObservableGauge('card_index_cards', { description: 'cards known in memory' })
      .addCallback((gauge) => gauge.observe(index.size.cards));
    meter
      .createObservableGauge('card_index_current', {
        description: '1 while changes of other replicas are heard, 0 while stale',
      })
      .addCallback((gauge) => gauge.observe(index.staleSeconds === 0 ? 1 : 0));
    meter
      .createObservableGauge('card_index_stale_seconds', { description: 'how long changes have not been heard' })
      .addCallback((gauge) => gauge.observe(index.staleSeconds));
  }

  /** The first load: a gateway without it would refuse its own customers, so its failure stops the start. */
  async onModuleInit(): Promise<void> {
    await this.#listen();
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    clearInterval(this.#heartbeat);
    await this.#connection?.close();
    await this.#queue;
  }

  /** Reads these contracts and their cards again; resolves when the index has them. */
  refresh(contractRefs: readonly string[]): Promise<void> {
    if (contractRefs.length === 0) return Promise.resolve();
    return this.#enqueue(async () => {
      const { contracts, cards } = await readIndexOf(this.#database, contractRefs);
      this.#index.put(contracts, cards);
    });
  }

  /** Tells every replica, with the commit. */
  async announceSubscriptions(tx: Transaction): Promise<void> {
    await tx.query('SELECT pg_notify($1, $2)', [CARDS_CHANGED, SUBSCRIPTIONS]);
  }

  refreshSubscriptions(): Promise<void> {
    return this.#enqueue(() => this.#readSubscriptions());
  }

  async #readSubscriptions(): Promise<void> {
    this.#subscriptions.replace(await readSubscriptions(this.#database));
  }

  /** The same for what is committed already: whoever changed it has not failed, even if the index is late. */
  async refreshed(contractRefs: readonly string[]): Promise<void> {
    await this.refresh(contractRefs).catch((error: unknown) => {
      this.#log.warn({ reason: messageOf(error) }, 'registered contracts not yet known at the door');
    });
  }

  /** Calls `hear` with every contract that changed, by whatever replica; `undefined`: changes were missed. */
  follow(hear: (contractRef: string | undefined) => void): void {
    this.#followers.push(hear);
  }

  async #listen(): Promise<void> {
    const connection = await this.#database.connect();
    try {
      // First listen, then read: what changes in between is read twice rather than never.
      await connection.listen(CARDS_CHANGED, (contractRef) => this.#noticed(contractRef));
      await this.#reload();
      if (this.#stopped) return await connection.close();
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.#connection = connection;
    this.#index.becameCurrent();
    for (const hear of this.#followers) hear(undefined);
    this.#watch(connection);
    if (connection.lost.aborted) this.#lost();
    else connection.lost.addEventListener('abort', () => this.#lost(), { once: true });
  }

  async #reload(): Promise<void> {
    const begun = performance.now();
    const before = process.memoryUsage().rss;
    await this.#enqueue(async () => {
      await this.#readSubscriptions();
      await this.#index.replace(readIndexPages(this.#database));
    });
    const grownMb = Math.round((process.memoryUsage().rss - before) / 1_048_576);
    const ms = Math.round(performance.now() - begun);
    this.#log.info({ ...this.#index.size, ms, grownMb }, 'card index loaded');
  }

  #watch(connection: Connection): void {
    let answered = true;
    this.#heartbeat = setInterval(() => {
      if (!answered) this.#index.becameStale();
      else {
        answered = false;
        void connection.query(`LISTEN ${CARDS_CHANGED}`).then(
          () => {
            answered = true;
            // It hung, and went on: whatever was told meanwhile has come with this.
            if (!connection.lost.aborted) this.#index.becameCurrent();
          },
          () => undefined,
        );
      }
    }, HEARTBEAT_MS).unref();
  }

  #lost(): void {
    if (this.#stopped) return;
    clearInterval(this.#heartbeat);
    this.#index.becameStale();
    this.#log.warn({}, 'card index stale: the database connection was lost');
    this.#listenAgain(FIRST_PAUSE_MS);
  }

  #listenAgain(pauseMs: number): void {
    this.#retry = setTimeout(() => {
      this.#listen().catch((error: unknown) => {
        if (this.#stopped) return;
        this.#log.warn({ reason: messageOf(error) }, 'card index still stale');
        this.#listenAgain(Math.min(pauseMs * 2, LONGEST_PAUSE_MS));
      });
    }, pauseMs);
  }

  /** A thousand notices of one registration become one read. */
  #noticed(contractRef: string): void {
    for (const hear of this.#followers) hear(contractRef);
    this.#changed.add(contractRef);
    if (this.#changed.size > 1) return;
    this.#enqueue(async () => {
      const changed = new Set(this.#changed);
      this.#changed.clear();
      if (changed.delete(SUBSCRIPTIONS)) await this.#readSubscriptions();
      const contractRefs = [...changed];
      if (contractRefs.length === 0) return;
      const { contracts, cards } = await readIndexOf(this.#database, contractRefs);
      this.#index.put(contracts, cards);
    }).catch((error: unknown) => {
      // The notice is spent: only a whole load makes up for it.
      this.#log.warn({ reason: messageOf(error) }, 'card index could not follow a change');
      void this.#connection?.close();
    });
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
