import type { Database } from '@emp/database';
import { messageOf } from '@emp/kernel';
import { DATABASE, LOG, METER, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';

/** How long this process answers a repeat by itself; then the row in the database does. */
const REMEMBERED_MS = 600_000;
const MOST_REMEMBERED = 100_000;
const BATCH = 500;
const PAUSE = { firstMs: 50, longestMs: 5_000 };

interface Denial {
  readonly sessionId: string;
  readonly at: Date;
}

/**
 * Whoever wins the row, denial or grant, the session ends denied: a grant that is there is withdrawn (`expired`), one
 * that comes later finds the row taken. What was heard of the session since stays.
 */
const DENY = {
  name: 'authorize-start-deny',
  text: `
    INSERT INTO charging_session AS known (session_id, state, created_at, denied_at, expired_at)
    SELECT session_id, 'expired', at, at, at FROM unnest($1::text[], $2::timestamptz[]) AS denied (session_id, at)
    ORDER BY session_id
    ON CONFLICT (session_id) DO UPDATE SET denied_at = EXCLUDED.denied_at,
      expired_at = coalesce(known.expired_at, EXCLUDED.expired_at),
      state = CASE known.state WHEN 'authorized' THEN 'expired' ELSE known.state END
    WHERE known.denied_at IS NULL`,
};

/**
 * Starts that HBS was told 021 about while their yes may have been on its way into the database. Told is told: they
 * stay denied, here at once and in the database as soon as it takes them. Decision record 0006.
 */
@Injectable()
export class ToldDenials implements OnApplicationShutdown {
  readonly #database: Database;
  readonly #log: Log;
  readonly #remembered = new Map<string, number>();
  readonly #toWrite: Denial[] = [];
  #writing: Promise<void> | undefined;
  #stopping = false;
  #wake: (() => void) | undefined;

  constructor(@Inject(DATABASE) database: Database, @Inject(LOG) log: Log, @Inject(METER) meter: Meter) {
    this.#database = database;
    this.#log = log;
    meter
      .createObservableGauge('door_denials_to_write', { description: 'starts told 021, not yet so in the database' })
      .addCallback((gauge) => gauge.observe(this.#toWrite.length));
  }

  /** Whether HBS heard 021 for this SessionID from this process. */
  has(sessionId: string): boolean {
    return this.#remembered.size > 0 && this.#remembered.has(sessionId);
  }

  add(sessionId: string, at: Date): void {
    if (this.#remembered.has(sessionId)) return;
    this.#forgetOld();
    this.#remembered.set(sessionId, performance.now());
    this.#toWrite.push({ sessionId, at });
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** What waits is tried once more. */
  async onApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#writing;
  }

  async #write(): Promise<void> {
    for (let pauseMs = PAUSE.firstMs; this.#toWrite.length > 0; ) {
      const stopping = this.#stopping;
      const batch = this.#toWrite.slice(0, BATCH);
      try {
        await this.#database.prepared(DENY, [batch.map((each) => each.sessionId), batch.map((each) => each.at)]);
        this.#toWrite.splice(0, batch.length);
        pauseMs = PAUSE.firstMs;
        this.#log.info({ sessions: batch.length }, 'told denials written');
      } catch (error) {
        this.#log.warn({ reason: messageOf(error), waiting: this.#toWrite.length }, 'told denials not yet written');
        if (stopping) return;
        await this.#pause(pauseMs);
        pauseMs = Math.min(pauseMs * 2, PAUSE.longestMs);
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#stopping) this.#wake();
    });
  }

  #forgetOld(): void {
    const until = performance.now() - REMEMBERED_MS;
    for (const [sessionId, since] of this.#remembered) {
      if (since > until && this.#remembered.size < MOST_REMEMBERED) return;
      this.#remembered.delete(sessionId);
    }
  }
}
