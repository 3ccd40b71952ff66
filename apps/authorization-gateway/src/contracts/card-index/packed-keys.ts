/** The share of slots in use beyond which the table doubles. */
const FULLEST = 0.6;
const FREE = -1;
const NO_DIGIT = -1;
/** The value of each lower-case hexadecimal digit, by its character code. */
const DIGITS = new Int8Array(128).fill(NO_DIGIT);
for (let value = 0; value < 16; value += 1) DIGITS[value.toString(16).charCodeAt(0)] = value;

/**
 * Numbers hexadecimal keys of one length in the order of their arrival: an open-addressing hash table in typed arrays,
 * with a few bytes per key where a Map of strings needs a hundred. The keys are keyed fingerprints: their first 32 bits
 * are as good as any hash of them.
 */
export class PackedKeys {
  readonly #digits: number;
  readonly #words: number;
  #slots: Int32Array;
  #keys: Uint32Array;
  #size = 0;
  /** The key that was looked for last, in words. */
  readonly #sought: Uint32Array;

  constructor(digits: number, capacity = 1_024) {
    this.#digits = digits;
    this.#words = Math.ceil(digits / 8);
    this.#sought = new Uint32Array(this.#words);
    this.#keys = new Uint32Array(capacity * this.#words);
    this.#slots = new Int32Array(slotsFor(capacity)).fill(FREE);
  }

  get size(): number {
    return this.#size;
  }

  /** Whether a text can be a key here. */
  takes(text: string): boolean {
    return text.length === this.#digits && this.#seek(text);
  }

  /** The number of a key; -1 for one that is not here. */
  find(key: string): number {
    if (key.length !== this.#digits || !this.#seek(key)) return -1;
    return this.#slots[this.#slotOf(this.#sought)] ?? -1;
  }

  /** The number of a key, which is put in if it is not here. It must be one that `takes` says yes to. */
  add(key: string): number {
    this.#seek(key);
    let slot = this.#slotOf(this.#sought);
    const known = this.#slots[slot] ?? FREE;
    if (known !== FREE) return known;
    if (this.#size + 1 > this.#slots.length * FULLEST) {
      this.#grow();
      slot = this.#slotOf(this.#sought);
    }
    this.#slots[slot] = this.#size;
    if ((this.#size + 1) * this.#words > this.#keys.length) this.#keys = grown(this.#keys, this.#keys.length * 1.5);
    this.#keys.set(this.#sought, this.#size * this.#words);
    this.#size += 1;
    return this.#size - 1;
  }

  keyOf(number: number): string {
    let text = '';
    for (let word = 0; word < this.#words; word += 1) {
      const digits = Math.min(8, this.#digits - word * 8);
      text += (this.#keys[number * this.#words + word] ?? 0).toString(16).padStart(digits, '0');
    }
    return text;
  }

  /** Puts a key into `sought`; `false` if it has anything but lower-case hexadecimal digits. */
  #seek(key: string): boolean {
    let at = 0;
    let seen = 0;
    for (let word = 0; word < this.#words; word += 1) {
      const end = Math.min(at + 8, key.length);
      let value = 0;
      for (; at < end; at += 1) {
        const digit = DIGITS[key.charCodeAt(at)] ?? NO_DIGIT;
        seen |= digit;
        value = (value << 4) | digit;
      }
      this.#sought[word] = value;
    }
    return seen >= 0;
  }

  /** Where a key is, or would be. */
  #slotOf(sought: Uint32Array, from = 0): number {
    const mask = this.#slots.length - 1;
    for (let slot = (sought[from] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot] ?? FREE;
      if (number === FREE || this.#isAt(number, sought, from)) return slot;
    }
  }

  #isAt(number: number, sought: Uint32Array, from: number): boolean {
    for (let word = 0; word < this.#words; word += 1) {
      if (this.#keys[number * this.#words + word] !== sought[from + word]) return false;
    }
    return true;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(FREE);
    for (let number = 0; number < this.#size; number += 1) {
      this.#slots[this.#slotOf(this.#keys, number * this.#words)] = number;
    }
  }
}

/** A column of numbers that grows. */
export class Column<Values extends Float64Array | Uint32Array> {
  #values: Values;

  constructor(values: Values) {
    this.#values = values;
  }

  at(row: number): number {
    return this.#values[row] ?? 0;
  }

  set(row: number, value: number): void {
    if (row >= this.#values.length) this.#values = grown(this.#values, Math.max(row + 1, this.#values.length * 1.5));
    this.#values[row] = value;
  }
}

function grown<Values extends Float64Array | Uint32Array>(values: Values, length: number): Values {
  const larger = new (values.constructor as new (length: number) => Values)(Math.ceil(length));
  larger.set(values);
  return larger;
}

/** A power of two. */
const slotsFor = (keys: number): number => 2 ** Math.ceil(Math.log2(keys / FULLEST));
