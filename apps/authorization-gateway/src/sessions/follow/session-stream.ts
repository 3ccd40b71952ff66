import type { ServerResponse } from 'node:http';
import { messageOf } from '@emp/kernel';
import type { Log } from '@emp/service-kit';
import type { FollowReader, Snapshot } from './follow-reader.ts';
import type { Follower, SessionFeed } from './session-feed.ts';

/** Heartbeats that a reader may leave unread. */
const MOST_UNREAD_BEATS = 3;
const RETRY_MS = 2_000;

export interface StreamParts {
  readonly feed: SessionFeed;
  readonly reader: FollowReader;
  readonly log: Log;
}

/**
 * One app that follows one session by server-sent events: `session` (as it stands), `change` (each one, its number as
 * id), and after the record `closed`; then it ends. It reads from the database what it has not told yet, so that a slow
 * reader costs no memory and a resumed one misses nothing.
 */
export class SessionStream implements Follower {
  #told = 0;
  #dirty = false;
  #pumping: Promise<void> | undefined;
  #unread = 0;
  #begun = false;
  #over = false;
  #unfollow: () => void = () => undefined;

  constructor(
    private readonly parts: StreamParts,
    private readonly sessionId: string,
    private readonly response: ServerResponse,
  ) {}

  /** Takes its place among the followers. @throws Problem 503 */
  join(): void {
    this.#unfollow = this.parts.feed.follow(this.sessionId, this);
  }

  /** The app is gone, or the service stops. */
  get over(): boolean {
    return this.#over;
  }

  leave(): void {
    this.#over = true;
    this.#unfollow();
  }

  /** `resumeAfter`: the last change the app has seen; without it, the session as it stands comes first. */
  begin(snapshot: Snapshot, resumeAfter: number | undefined): void {
    this.response.once('close', () => this.leave());
    this.response.on('drain', () => (this.#unread = 0));
    this.response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.response.write(`retry: ${RETRY_MS}\n\n`);
    this.#begun = true;
    this.#told = resumeAfter ?? snapshot.number;
    if (resumeAfter === undefined) this.#send('session', snapshot.number, snapshot.view);
    this.look();
  }

  look(): void {
    this.#dirty = true;
    this.#pumping ??= this.#pump().finally(() => (this.#pumping = undefined));
  }

  beat(): void {
    if (this.#over || !this.#begun) return;
    this.#unread += 1;
    if (this.#unread > MOST_UNREAD_BEATS) this.response.destroy();
    else if (this.response.write(': beat\n\n')) this.#unread = 0;
  }

  end(): void {
    if (this.#over) return;
    this.leave();
    // Before it has begun, whoever opened it answers.
    if (this.#begun) this.response.end();
  }

  async #pump(): Promise<void> {
    while (this.#dirty && !this.#over && this.#begun) {
      this.#dirty = false;
      try {
        await this.#tellChanges();
      } catch (error) {
        // The next notice or heartbeat looks again.
        this.parts.log.warn({ sessionId: this.sessionId, reason: messageOf(error) }, 'changes of a session not read');
      }
    }
  }

  async #tellChanges(): Promise<void> {
    const { changes, closed } = await this.parts.reader.changesAfter(this.sessionId, this.#told);
    for (const change of changes) {
      if (this.#over) return;
      const fits = this.#send('change', change.number, change);
      this.#told = change.number;
      if (!fits) await this.#drained();
    }
    if (!closed || this.#over) {
      // There may be more than one look gives.
      if (changes.length > 0) this.#dirty = true;
      return;
    }
    this.#send('closed', this.#told, closed);
    this.end();
  }

  #send(event: string, id: number, data: object): boolean {
    if (this.#over) return true;
    return this.response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.response.off('drain', done).off('close', done);
        resolve();
      };
      this.response.once('drain', done).once('close', done);
      if (this.response.destroyed) done();
    });
  }
}
