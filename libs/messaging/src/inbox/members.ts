import type { Database } from '@emp/database';
import { messageOf } from '@emp/kernel';
import { pause } from '../back-off.ts';
import type { Subscription } from '../broker/broker.ts';
import type { Log } from '../log.ts';
import { heldGroups } from './group-declaration.ts';

interface Member {
  readonly group: string;
  readonly join: () => Promise<Subscription>;
  subscription: Subscription | undefined;
}

/** This process's part in its consumer groups: in each of them, unless the group is held because its place is moved. */
export class Members {
  readonly #database: Database;
  readonly #log: Log;
  readonly #lookEveryMs: number;
  readonly #members: Member[] = [];
  readonly #closing = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  constructor({ database, log, lookEveryMs }: { database: Database; log: Log; lookEveryMs: number }) {
    this.#database = database;
    this.#log = log;
    this.#lookEveryMs = lookEveryMs;
  }

  add(group: string, join: () => Promise<Subscription>): void {
    this.#members.push({ group, join, subscription: undefined });
  }

  /** Joins the groups before it resolves. */
  async start(): Promise<void> {
    await this.#follow(await heldGroups(this.#database));
    this.#watching = this.#watch();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
    await Promise.all(this.#members.map((member) => this.#leave(member)));
  }

  async #watch(): Promise<void> {
    let told = false;
    while (!this.#closing.signal.aborted) {
      await pause(this.#lookEveryMs, this.#closing.signal);
      try {
        if (!this.#closing.signal.aborted) await this.#follow(await heldGroups(this.#database));
        told = false;
      } catch (error) {
        // An outage is told once.
        if (!told) this.#log.warn({ reason: messageOf(error) }, 'consumer groups not looked after');
        told = true;
      }
    }
  }

  async #follow(held: ReadonlySet<string>): Promise<void> {
    for (const member of this.#members) {
      if (held.has(member.group)) {
        if (member.subscription) this.#log.info({ group: member.group }, 'consumer group is held, leaving it');
        await this.#leave(member);
      } else {
        member.subscription ??= await member.join();
      }
    }
  }

  async #leave(member: Member): Promise<void> {
    await member.subscription?.stop();
    member.subscription = undefined;
  }
}
