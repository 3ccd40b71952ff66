import type { Database, Transaction } from '@emp/database';
import { messageOf } from '@emp/kernel';
import { DATABASE, LOG, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { writeSessions, type SavedSession, type SessionToSave } from './session.store.ts';

/** NOTIFY channel of the gateway's own database; the payload is a SessionID. */
export const SESSION_CHANGED = 'gateway_session_changed';

/** Changes of that long are told together. */
const TOGETHER_MS = 20;
const TELL = { name: 'session-changed', text: `SELECT pg_notify('${SESSION_CHANGED}', id) FROM unnest($1::text[]) AS id` };

/**
 * Saves sessions, and tells every replica which of them changed once that is committed. Telling is a statement of its
 * own: NOTIFY inside the transactions would make their commits wait for each other. What is not told (the process
 * died, the database was away) is found by those who follow a session and look for themselves now and then.
 */
@Injectable()
export class SessionChanges implements OnApplicationShutdown {
  readonly #changed = new Set<string>();
  #telling: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(@Inject(DATABASE) private readonly database: Database, @Inject(LOG) private readonly log: Log) {}

  async save(tx: Transaction, sessionId: string, session: SessionToSave): Promise<void> {
    await this.saveAll(tx, [{ sessionId, ...session }]);
  }

  /** Different sessions. */
  async saveAll(tx: Transaction, sessions: readonly SavedSession[]): Promise<void> {
    await writeSessions(tx, sessions);
    tx.afterCommit(() => this.changed(...sessions.map(({ sessionId }) => sessionId)));
  }

  /** For those who write several sessions in one statement; after the commit. */
  changed(...sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) this.#changed.add(sessionId);
    this.#timer ??= setTimeout(() => void this.#tell(), TOGETHER_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#tell();
  }

  async #tell(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#telling;
    if (this.#changed.size === 0) return;
    const sessionIds = [...this.#changed];
    this.#changed.clear();
    this.#telling = this.database.prepared(TELL, [sessionIds]).then(
      () => undefined,
      (error: unknown) => this.log.warn({ reason: messageOf(error), sessions: sessionIds.length }, 'changes not told'),
    );
    await this.#telling;
  }
}
