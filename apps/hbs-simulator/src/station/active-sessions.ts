import type { SessionMode } from '../hub/record-store.ts';
import type { Evse } from '../network/evse.ts';

/** A session that is being played. */
export interface ActiveSession {
  readonly sessionId: string;
  readonly providerId: string;
  readonly evse: Evse;
  readonly mode: SessionMode | 'reservation';
  /** Of a reservation: whose it is. */
  readonly evcoId?: string;
  /** Ends it now; its record follows at once. */
  end(): void;
  /** When its record is kept (and was forwarded). */
  readonly over: Promise<void>;
}

/** The sessions in progress, by SessionID. */
export class ActiveSessions {
  readonly #sessions = new Map<string, ActiveSession>();

  add(session: ActiveSession): void {
    this.#sessions.set(session.sessionId, session);
    const remove = (): void => { this.#sessions.delete(session.sessionId); };
    session.over.then(remove, remove);
  }

  get(sessionId: string): ActiveSession | undefined {
    return this.#sessions.get(sessionId);
  }

  at(evseKey: string): ActiveSession | undefined {
    return [...this.#sessions.values()].find((session) => session.evse.key === evseKey);
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Ends them all and waits for their records. */
  async endAll(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    for (const session of sessions) session.end();
    await Promise.allSettled(sessions.map((session) => session.over));
  }
}
