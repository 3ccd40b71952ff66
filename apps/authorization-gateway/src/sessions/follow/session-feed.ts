import type { Connection, Database } from '@emp/database';
import { messageOf } from '@emp/kernel';
import { DATABASE, LOG, METER, Problem, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { GatewayConfig } from '../../config.ts';
import { CONFIG } from '../../tokens.ts';
import { SESSION_CHANGED } from '../session-changes.ts';

/** Somebody who follows a session. */
export interface Follower {
  /** Perhaps something changed: look. */
  look(): void;
  beat(): void;
  /** The service stops. */
  end(): void;
}

const PAUSE = { firstMs: 200, longestMs: 5_000 };

const NUMBERS = {
  name: 'session-feed-numbers',
  text: 'SELECT session_id, changes FROM charging_session WHERE session_id = ANY($1) AND changes > 0',
};

/**
 * Tells followers when a session of theirs changed, on whatever replica: by LISTEN on one connection for all, opened
 * with the first of them; and with every heartbeat by one look at the numbers of all followed sessions, so that a
 * change that nobody told is late, and never lost.
 */
@Injectable()
export class SessionFeed implements OnModuleDestroy {
  readonly #followers = new Map<string, Set<Follower>>();
  #count = 0;
  #connection: Connection | undefined;
  #listening = false;
  #stopped = false;
  #retry: NodeJS.Timeout | undefined;
  #heart: NodeJS.Timeout | undefined;
  #seen = new Map<string, number>();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOG) private readonly log: Log,
    @Inject(METER) meter: Meter,
  ) {
    meter
      .createObservableGauge('session_listeners', { description: 'apps that follow a session of this process' })
      .addCallback((gauge) => gauge.observe(this.#count));
  }

  get listeners(): number {
    return this.#count;
  }

  /** Returns the function that ends it. @throws Problem 503 when there are too many, or the service stops */
  follow(sessionId: string, follower: Follower): () => void {
    if (this.#stopped || this.#count >= this.config.SESSION_LISTENERS) {
      const why = this.#stopped ? 'this replica is stopping' : 'as many sessions are followed here as may be';
      throw new Problem(503, 'too-many-listeners', `${why}: ask again, or poll the session`, {}, { 'retry-after': '5' });
    }
    const followers = this.#followers.get(sessionId) ?? new Set();
    this.#followers.set(sessionId, followers.add(follower));
    this.#count += 1;
    this.#start();
    return () => {
      if (!followers.delete(follower)) return;
      this.#count -= 1;
      if (followers.size > 0) return;
      this.#followers.delete(sessionId);
      this.#seen.delete(sessionId);
    };
  }

  /** Everybody is let go, and comes again to another replica. */
  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    clearInterval(this.#heart);
    for (const follower of this.#all()) follower.end();
    await this.#connection?.close();
  }

  #start(): void {
    this.#heart ??= setInterval(() => void this.#beat(), this.config.SESSION_HEARTBEAT_SECONDS * 1_000).unref();
    if (this.#listening) return;
    this.#listening = true;
    void this.#listen(PAUSE.firstMs);
  }

  async #listen(pauseMs: number): Promise<void> {
    try {
      const connection = await this.database.connect();
      this.#connection = connection;
      await connection.listen(SESSION_CHANGED, (sessionId) => this.#look(sessionId));
      if (this.#stopped) return await connection.close();
      connection.lost.addEventListener('abort', () => this.#listenAgain(PAUSE.firstMs), { once: true });
      // What changed while nobody listened.
      for (const sessionId of this.#followers.keys()) this.#look(sessionId);
    } catch (error) {
      this.log.warn({ reason: messageOf(error) }, 'changes of sessions not heard');
      await this.#connection?.close();
      this.#listenAgain(pauseMs);
    }
  }

  #listenAgain(pauseMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#listen(Math.min(pauseMs * 2, PAUSE.longestMs)), pauseMs).unref();
  }

  async #beat(): Promise<void> {
    for (const follower of this.#all()) follower.beat();
    if (this.#count === 0) return;
    const rows = await this.database
      .prepared<{ session_id: string; changes: number }>(NUMBERS, [[...this.#followers.keys()]])
      .catch((error: unknown) => {
        this.log.warn({ reason: messageOf(error) }, 'changes of sessions not looked at');
        return [];
      });
    for (const { session_id: sessionId, changes } of rows) {
      if (this.#seen.get(sessionId) !== changes) this.#look(sessionId);
      if (this.#followers.has(sessionId)) this.#seen.set(sessionId, changes);
    }
  }

  #look(sessionId: string): void {
    for (const follower of this.#followers.get(sessionId) ?? []) follower.look();
  }

  #all(): readonly Follower[] {
    return [...this.#followers.values()].flatMap((followers) => [...followers]);
  }
}
