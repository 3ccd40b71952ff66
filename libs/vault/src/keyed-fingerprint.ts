import { createHmac, type KeyObject } from 'node:crypto';
import { SHA256_INITIAL, compressSha256 } from './sha256.ts';

const BLOCK_BYTES = 64;
/** What fits into one block of SHA-256 with its mark and length. */
const LONGEST_IN_ONE_BLOCK = 55;
const DIGEST_BYTES = 32;
const INNER = 0x36363636;
const OUTER = 0x5c5c5c5c;
const MARK = 0x80;

/**
 * HMAC-SHA-256 of short texts, 32 hexadecimal digits of it: 128 bits, enough that two cards never share one. The same
 * as `createHmac` gives, which makes an object outside of the heap for each call: at the door, where nearly all that is
 * done is to look for cards nobody knows, that was the largest single cost. Here the key is taken in once, and a text
 * costs two blocks. Longer ones go to `createHmac`.
 */
export class KeyedFingerprint {
  readonly #key: KeyObject;
  readonly #inner: Int32Array;
  readonly #outer: Int32Array;
  readonly #state = new Int32Array(8);
  /** The block in work, and the schedule that comes of it. */
  readonly #words = new Int32Array(64);

  constructor(key: KeyObject) {
    this.#key = key;
    const bytes = key.export();
    if (bytes.length > BLOCK_BYTES) throw new RangeError('a key of at most 64 bytes is expected');
    this.#inner = this.#begun(bytes, INNER);
    this.#outer = this.#begun(bytes, OUTER);
  }

  of(text: string): string {
    if (text.length > LONGEST_IN_ONE_BLOCK || !this.#take(text)) return this.#ofAny(text);
    this.#finish(this.#inner, text.length);
    this.#words.set(this.#state);
    this.#words[8] = MARK << 24;
    this.#words.fill(0, 9, 16);
    this.#finish(this.#outer, DIGEST_BYTES);
    return hex(this.#state[0]) + hex(this.#state[1]) + hex(this.#state[2]) + hex(this.#state[3]);
  }

  #ofAny(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex').slice(0, 32);
  }

  /** Puts a text with its mark into the block; `false` if it is not plain ASCII. */
  #take(text: string): boolean {
    const words = this.#words.fill(0, 0, 16);
    let seen = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      seen |= code;
      words[at >> 2] = (words[at >> 2] ?? 0) | (code << (24 - (at & 3) * 8));
    }
    words[text.length >> 2] = (words[text.length >> 2] ?? 0) | (MARK << (24 - (text.length & 3) * 8));
    return seen < 0x80;
  }

  /** The last block, of so many bytes after that of the key. */
  #finish(begun: Int32Array, bytes: number): void {
    this.#words[15] = (BLOCK_BYTES + bytes) * 8;
    this.#state.set(begun);
    compressSha256(this.#state, this.#words);
  }

  #begun(key: Buffer, pad: number): Int32Array {
    const block = Buffer.alloc(BLOCK_BYTES);
    key.copy(block);
    for (let word = 0; word < 16; word += 1) this.#words[word] = block.readInt32BE(word * 4) ^ pad;
    const state = SHA256_INITIAL.slice();
    compressSha256(state, this.#words);
    return state;
  }
}

const hex = (word = 0): string => (word >>> 0).toString(16).padStart(8, '0');
