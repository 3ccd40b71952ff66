import type { Connection, Database } from '@emp/database';
import { messageOf } from '@emp/kernel';
import { backOffMs, pause } from '../back-off.ts';
import type { Log } from '../log.ts';
import { LOG_CHANNEL } from './log-table.ts';

const RECONNECT = { firstMs: 100, longestMs: 5_000 };

/** Hears, on one connection for the whole process, which topics grow; without it readers would only poll. */
export class LogNotices {
  readonly #database: Database;
  readonly #log: Log;
  readonly #listeners = new Set<(topic: string | 'any') => void>();
  readonly #closing = new AbortController();
  #listening: Promise<void> = Promise.resolve();

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  start(): void {
    this.#listening = this.#listen();
  }

  /** `'any'` after a reconnect: something may have been missed. Returns the function that ends it. */
  onAppended(listener: (topic: string | 'any') => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#listening;
  }

  async #listen(): Promise<void> {
    for (let attempt = 1; !this.#closing.signal.aborted; attempt += 1) {
      let connection: Connection | undefined;
      try {
        connection = await this.#database.connect();
        await connection.listen(LOG_CHANNEL, (topic) => this.#tell(topic));
        this.#tell('any');
        attempt = 0;
        await endOf(AbortSignal.any([connection.lost, this.#closing.signal]));
      } catch (error) {
        if (attempt === 1) this.#log.warn({ reason: messageOf(error) }, 'event log not reachable, polling');
      }
      await connection?.close();
      await pause(backOffMs(RECONNECT, Math.max(1, attempt)), this.#closing.signal);
    }
  }

  #tell(topic: string): void {
    for (const listener of this.#listeners) listener(topic);
  }
}

function endOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => { signal.addEventListener('abort', () => resolve(), { once: true }); });
}
