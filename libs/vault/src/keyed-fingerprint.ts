import { createHmac, type KeyObject } from 'node:crypto';
import { SHA256_INITIAL, compressSha256 } from './sha256.ts';

const BLOCK_BYTES = 64;
/** What fits into one block of SHA-256 with its mark and length. */
const LONGEST_IN_ONE_BLOCK = 55;
const DIGEST_BYTES = 32;
const FINGERPRINT_BYTES = 16;
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
  readonly #digest = Buffer.alloc(FINGERPRINT_BYTES);

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
    for (let word = 0; word < 8; word += 1) this.#words[word] = this.#state[word] ?? 0;
    this.#words[8] = MARK << 24;
    for (let word = 9; word < 16; word += 1) this.#words[word] = 0;
    this.#finish(this.#outer, DIGEST_BYTES);
    return this.#hex();
  }

  #hex(): string {
    const digest = this.#digest;
    for (let at = 0; at < FINGERPRINT_BYTES; at += 1) {
      digest[at] = (this.#state[at >> 2] ?? 0) >>> (24 - (at & 3) * 8);
    }
    return digest.toString('hex');
  }

  #ofAny(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex').slice(0, 32);
  }

  /** Puts a text with its mark into the block; `false` if it is not plain ASCII. */
  #take(text: string): boolean {
    const words = this.#words;
    let seen = 0;
    let word = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      seen |= code;
      word = (word << 8) | code;
      if ((at & 3) === 3) words[at >> 2] = word;
    }
    let next = text.length >> 2;
    const open = 24 - (text.length & 3) * 8;
    words[next] = ((word << 8) | MARK) << open;
    for (next += 1; next < 16; next += 1) words[next] = 0;
    return seen < 0x80;
  }

  /** The last block, of so many bytes after that of the key. */
  #finish(begun: Int32Array, bytes: number): void {
    this.#words[15] = (BLOCK_BYTES + bytes) * 8;
    for (let word = 0; word < 8; word += 1) this.#state[word] = begun[word] ?? 0;
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
