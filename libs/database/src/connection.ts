import pg from 'pg';
import { databaseError } from './errors.ts';
import { PgQueryable, type PgTarget } from './queryable.ts';

export interface SignsOfLife {
  readonly everyMs: number;
  /** For how long PostgreSQL takes a silent connection for alive. */
  readonly aliveForMs: number;
}

/** A connection of its own, outside the pool: for session locks and for LISTEN. */
export class Connection extends PgQueryable {
  readonly #client: pg.Client;
  readonly #lost = new AbortController();
  #beat: NodeJS.Timeout | undefined;

  private constructor(client: pg.Client) {
    super();
    this.#client = client;
    // Both come when the server goes; without a listener for 'error' the process would die of it.
    client.on('error', (error: Error) => this.#lost.abort(databaseError(error)));
    client.on('end', () => this.#lost.abort(databaseError(new Error('connection terminated'))));
  }

  static async open(config: pg.ClientConfig): Promise<Connection> {
    const client = new pg.Client(config);
    const connection = new Connection(client);
    try {
      await client.connect();
    } catch (error) {
      throw databaseError(error);
    }
    return connection;
  }

  /** Aborted as soon as the connection is gone, with the error as reason; also after `close()`. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Calls `onNotice` with the payload of every NOTIFY on the channel, for as long as the connection lives. */
  async listen(channel: string, onNotice: (payload: string) => void): Promise<void> {
    this.#client.on('notification', (notice) => {
      if (notice.channel === channel) onNotice(notice.payload ?? '');
    });
    await this.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  }

  /** Has PostgreSQL end the session, and with it its locks, when this process is silent for too long. */
  async showLife({ everyMs, aliveForMs }: SignsOfLife): Promise<void> {
    await this.query(`SELECT set_config('idle_session_timeout', $1, false)`, [String(aliveForMs)]);
    clearInterval(this.#beat);
    // What fails here ends the connection, and `lost` tells so.
    this.#beat = setInterval(() => void this.query('SELECT').catch(() => undefined), everyMs).unref();
    this.lost.addEventListener('abort', () => clearInterval(this.#beat), { once: true });
  }

  /** Ends the session; PostgreSQL frees its locks. Never fails. */
  async close(): Promise<void> {
    clearInterval(this.#beat);
    await this.#client.end().catch(() => undefined);
  }

  protected target(): PgTarget {
    return this.#client;
  }
}
