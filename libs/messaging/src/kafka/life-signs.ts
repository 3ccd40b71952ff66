export interface LifeSignsParts {
  readonly silentAfterMs: number;
  readonly onSilent: () => void;
  readonly onBack: () => void;
}

/** Says when there was no sign of life for a time, and when there is one again. */
export class LifeSigns {
  readonly #parts: LifeSignsParts;
  readonly #timer: NodeJS.Timeout;
  #last = Date.now();
  #silent = false;

  constructor(parts: LifeSignsParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#look(), parts.silentAfterMs / 4).unref();
  }

  sign(): void {
    this.#last = Date.now();
    if (!this.#silent) return;
    this.#silent = false;
    this.#parts.onBack();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#silent || Date.now() - this.#last < this.#parts.silentAfterMs) return;
    this.#silent = true;
    this.#parts.onSilent();
  }
}
