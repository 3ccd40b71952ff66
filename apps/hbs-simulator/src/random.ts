import { createHash } from 'node:crypto';

/** Seeded chance: the same seed gives the same sequence (xoshiro128**, Blackman and Vigna 2018). */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: string) {
    const digest = createHash('sha256').update(seed).digest();
    this.#state = new Uint32Array([0, 4, 8, 12].map((at) => digest.readUInt32LE(at)));
  }

  /** 0 ≤ next < 1. */
  readonly next = (): number => {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const third = c ^ a;
    const fourth = d ^ b;
    state[1] = b ^ third;
    state[0] = a ^ fourth;
    state[2] = third ^ (b << 9);
    state[3] = (fourth << 11) | (fourth >>> 21);
    return result / 0x1_0000_0000;
  };

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** A whole number, both ends included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[Math.floor(this.next() * from.length)] ?? from[0];
  }

  /** The key of one entry, each as likely as its weight. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries(weights) as [T, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    return (entries.at(-1) ?? entries[0] as [T, number])[0];
  }

  digits(count: number, alphabet = '0123456789'): string {
    return Array.from({ length: count }, () => alphabet[Math.floor(this.next() * alphabet.length)] ?? '').join('');
  }

  /** Exactly `count` different numbers below `below` that are not in `except`. */
  sample(count: number, below: number, except: ReadonlySet<number> = new Set()): Set<number> {
    const free = Array.from({ length: below }, (_, index) => index).filter((index) => !except.has(index));
    const most = Math.min(count, free.length);
    for (let at = 0; at < most; at += 1) {
      const other = at + Math.floor(this.next() * (free.length - at));
      [free[at], free[other]] = [free[other] ?? 0, free[at] ?? 0];
    }
    return new Set(free.slice(0, most));
  }
}
