/** From one hand to the other: who gives waits until who takes comes back for more. */
export class Handover<T> {
  #offered: { readonly item: T; readonly done: () => void } | undefined;
  #given: (() => void) | undefined;
  #wake: () => void = () => undefined;
  #failure: unknown;
  #closed = false;

  /** Resolves when the item was taken and dealt with, or nobody takes any more. One at a time. */
  put(item: T): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((done) => {
      this.#offered = { item, done };
      this.#wake();
    });
  }

  /** The next item, or nothing within that time. Throws what `fail` was given. */
  async take(withinMs: number): Promise<T | undefined> {
    this.#given?.();
    this.#given = undefined;
    if (!this.#offered && this.#failure === undefined) await this.#sleep(withinMs);
    if (this.#failure !== undefined) throw this.#failure;
    const offered = this.#offered;
    this.#offered = undefined;
    this.#given = offered?.done;
    return offered?.item;
  }

  fail(error: unknown): void {
    this.#failure = error;
    this.#wake();
  }

  /** Nobody takes any more. */
  close(): void {
    this.#closed = true;
    this.#offered?.done();
    this.#given?.();
  }

  #sleep(longestMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longestMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
