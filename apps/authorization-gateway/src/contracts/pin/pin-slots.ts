/** Of the time one check takes, until there is a measurement. */
const FIRST_GUESS_MS = 80;
const WEIGHT_OF_NEWEST = 0.2;

/** A few checks at once; more wait for as long as is left to them, who could not be served in time goes at once. */
export class PinSlots {
  readonly #slots: number;
  readonly #longestWaitMs: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #usualMs = FIRST_GUESS_MS;

  constructor(slots: number, longestWaitMs: number) {
    this.#slots = slots;
    this.#longestWaitMs = longestWaitMs;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** `'overloaded'` without having begun if its turn would come, or came, too late. */
  async run<Result>(check: () => Promise<Result>): Promise<Result | 'overloaded'> {
    const since = performance.now();
    if (this.#busy >= this.#slots) {
      if (((this.#waiting.length + 1) / this.#slots) * this.#usualMs > this.#longestWaitMs) return 'overloaded';
      // Whoever leaves a slot hands it over: `busy` stays.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#busy += 1;
    }
    try {
      const begun = performance.now();
      if (begun - since > this.#longestWaitMs) return 'overloaded';
      const result = await check();
      this.#usualMs += (performance.now() - begun - this.#usualMs) * WEIGHT_OF_NEWEST;
      return result;
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }
}
