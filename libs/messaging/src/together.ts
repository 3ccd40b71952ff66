interface Waiting<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface TogetherOptions<Item, Result> {
  /** Results in the order of the items. */
  readonly work: (items: readonly [Item, ...Item[]]) => Promise<readonly Result[]>;
  /** How much one item is, and how much is done at once; a single item may be more. */
  readonly sizeOf?: (item: Item) => number;
  readonly most?: number;
}

/** Does at once what comes in the same moment, and what comes meanwhile at once afterwards: many cost little more than one. */
export class Together<Item, Result> {
  readonly #options: TogetherOptions<Item, Result>;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #working = false;

  constructor(options: TogetherOptions<Item, Result>) {
    this.#options = options;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#working) void this.#workOff();
    });
  }

  async #workOff(): Promise<void> {
    this.#working = true;
    await new Promise((resolve) => { setImmediate(resolve); });
    for (let batch = this.#take(); batch; batch = this.#take()) await this.#workAt(batch);
    this.#working = false;
  }

  async #workAt(batch: readonly [Waiting<Item, Result>, ...Waiting<Item, Result>[]]): Promise<void> {
    const [first, ...others] = batch;
    try {
      const results = await this.#options.work([first.item, ...others.map(({ item }) => item)]);
      batch.forEach(({ resolve }, at) => resolve(results[at] as Result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  #take(): [Waiting<Item, Result>, ...Waiting<Item, Result>[]] | undefined {
    const { sizeOf = () => 1, most = Infinity } = this.#options;
    const first = this.#waiting.shift();
    if (!first) return undefined;
    let size = sizeOf(first.item);
    const fitting = this.#waiting.findIndex(({ item }) => (size += sizeOf(item)) > most);
    return [first, ...this.#waiting.splice(0, fitting === -1 ? this.#waiting.length : fitting)];
  }
}
