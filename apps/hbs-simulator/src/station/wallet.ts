import type { Random } from '../random.ts';

export type CardKind = 'online' | 'offline' | 'blocked' | 'ended' | 'unknown';

/** The cards that simulated drivers carry, and since when each is free again (in the time that records tell). */
export class Wallet {
  readonly #cards: Record<Exclude<CardKind, 'unknown'>, string[]> = { online: [], offline: [], blocked: [], ended: [] };
  readonly #freeSince = new Map<string, number>();
  readonly #inUse = new Set<string>();

  /** Adds cards; one that is there already stays once. */
  add(kind: Exclude<CardKind, 'unknown'>, uids: readonly string[]): void {
    const known = new Set(this.#cards[kind]);
    this.#cards[kind].push(...uids.map((uid) => uid.toUpperCase()).filter((uid) => !known.has(uid) && known.add(uid)));
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(Object.entries(this.#cards).map(([kind, uids]) => [kind, uids.length]));
  }

  /** The card of that kind that has rested longest; `undefined` if there is none or all are in use. */
  leastRecentlyUsed(kind: Exclude<CardKind, 'unknown'>): string | undefined {
    const cards = this.#cards[kind];
    for (let tries = 0; tries < cards.length; tries += 1) {
      const uid = cards.shift();
      if (uid === undefined) return undefined;
      cards.push(uid);
      if (!this.#inUse.has(uid)) return uid;
    }
    return undefined;
  }

  /** A card that nobody issued. */
  unknown(random: Random): string {
    return `04${random.digits(12, '0123456789ABCDEF')}`;
  }

  take(uid: string): void {
    this.#inUse.add(uid);
  }

  giveBack(uid: string, endedAtMs: number): void {
    this.#inUse.delete(uid);
    this.#freeSince.set(uid, Math.max(endedAtMs, this.freeSince(uid)));
  }

  freeSince(uid: string): number {
    return this.#freeSince.get(uid) ?? 0;
  }
}
