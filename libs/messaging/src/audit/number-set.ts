/** Which of the numbers from `lowest` to `highest` were seen: one bit each, so that a hundred million take 12 MB. */
export class NumberSet {
  readonly #lowest: bigint;
  readonly #size: number;
  readonly #bits: Uint8Array;

  constructor(lowest: bigint, highest: bigint) {
    this.#lowest = lowest;
    this.#size = Number(highest - lowest) + 1;
    this.#bits = new Uint8Array(Math.ceil(this.#size / 8));
  }

  /** Says whether it is new, was there before, or is none of these numbers. */
  add(number: bigint): 'new' | 'again' | 'outside' {
    const index = Number(number - this.#lowest);
    if (index < 0 || index >= this.#size) return 'outside';
    const bit = 1 << (index % 8);
    const byte = this.#bits[Math.floor(index / 8)] ?? 0;
    this.#bits[Math.floor(index / 8)] = byte | bit;
    return (byte & bit) === 0 ? 'new' : 'again';
  }

  has(number: bigint): boolean {
    const index = Number(number - this.#lowest);
    return index >= 0 && index < this.#size && ((this.#bits[Math.floor(index / 8)] ?? 0) & (1 << (index % 8))) !== 0;
  }
}
