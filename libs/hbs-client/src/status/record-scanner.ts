export interface ScannerParts<Tag extends string> {
  /**
   * Asked at the beginning of every value, in order: given the way to it, e.g. `['EvseStatuses', '[]', 'OperatorID']`,
   * the tag under which to cut it out; `undefined` = look inside instead.
   */
  readonly wanted: (path: readonly string[]) => Tag | undefined;
  /** Told of each value when it has ended, in order, with its JSON text. */
  readonly found: (tag: Tag, text: string) => void;
}

export class NotJson extends Error {}

interface Frame {
  readonly array: boolean;
  /** In an object: waiting for a member's name rather than its value. */
  atName: boolean;
}

const LONGEST_VALUE = 1_000_000;
const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Cuts values out of a JSON text that arrives in pieces, without ever holding more than one of them. It knows just
 * enough of JSON to find their ends (strings, escapes, nesting); what it cuts out is for `JSON.parse` to judge.
 */
export class RecordScanner<Tag extends string> {
  readonly #parts: ScannerParts<Tag>;
  readonly #frames: Frame[] = [];
  readonly #path: string[] = [];
  #inString = false;
  #escaped = false;
  /** Text of the value or name being cut out, from earlier pieces. */
  #kept = '';
  #cutting: { readonly tag: Tag; readonly depth: number; readonly kind: 'nested' | 'string' | 'scalar' } | undefined;
  #naming = false;
  #ended = false;

  constructor(parts: ScannerParts<Tag>) {
    this.#parts = parts;
  }

  /** True once the outermost value has ended. */
  get complete(): boolean {
    return this.#ended;
  }

  /** Takes the next piece of the text, of any length. @throws NotJson */
  push(piece: string): void {
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const char = piece.charCodeAt(at);
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (char === BACKSLASH) this.#escaped = true;
        else if (char === QUOTE) {
          this.#inString = false;
          if (this.#naming) this.#nameIs(this.#kept + piece.slice(from, at + 1));
          else if (this.#cutting?.kind === 'string') this.#cut(piece.slice(from, at + 1));
        }
        continue;
      }
      if (char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09 || char === 0xfeff) {
        if (this.#cutting?.kind === 'scalar') this.#cut(piece.slice(from, at));
        continue;
      }
      if (this.#ended) throw new NotJson('text after the end of the document');
      const frame = this.#frames.at(-1);
      switch (char) {
        case QUOTE:
          this.#inString = true;
          if (this.#cutting !== undefined) break;
          if (frame !== undefined && !frame.array && frame.atName) {
            this.#naming = true;
            from = at;
          } else if (this.#begin('string')) from = at;
          break;
        case OPEN_OBJECT:
        case OPEN_ARRAY:
          if (this.#cutting === undefined && this.#begin('nested')) from = at;
          this.#frames.push({ array: char === OPEN_ARRAY, atName: char === OPEN_OBJECT });
          if (this.#cutting === undefined) this.#path.push(char === OPEN_ARRAY ? '[]' : '');
          break;
        case CLOSE_OBJECT:
        case CLOSE_ARRAY:
          if (this.#cutting?.kind === 'scalar') this.#cut(piece.slice(from, at));
          if (frame === undefined || frame.array !== (char === CLOSE_ARRAY)) throw new NotJson('a bracket that was never opened');
          this.#frames.pop();
          if (this.#cutting === undefined) this.#path.pop();
          else if (this.#cutting.depth === this.#frames.length) this.#cut(piece.slice(from, at + 1));
          this.#ended = this.#frames.length === 0;
          break;
        case COMMA:
          if (this.#cutting?.kind === 'scalar') this.#cut(piece.slice(from, at));
          if (frame === undefined) throw new NotJson('a comma outside of any object');
          if (!frame.array) frame.atName = true;
          break;
        case COLON:
          if (frame === undefined || frame.array) throw new NotJson('a colon outside of any object');
          frame.atName = false;
          break;
        default:
          if (frame === undefined) throw new NotJson('it does not begin as JSON');
          if (this.#cutting === undefined && this.#begin('scalar')) from = at;
      }
    }
    if (this.#cutting !== undefined || this.#naming) {
      this.#kept += piece.slice(from);
      if (this.#kept.length > LONGEST_VALUE) throw new NotJson('a single value of more than a million characters');
    }
  }

  #begin(kind: 'nested' | 'string' | 'scalar'): boolean {
    if (this.#frames.length === 0) return false;
    const tag = this.#parts.wanted(this.#path);
    if (tag === undefined) return false;
    this.#cutting = { tag, depth: this.#frames.length, kind };
    this.#kept = '';
    return true;
  }

  #cut(rest: string): void {
    const cutting = this.#cutting;
    const text = this.#kept + rest;
    this.#cutting = undefined;
    this.#kept = '';
    if (cutting !== undefined) this.#parts.found(cutting.tag, text);
  }

  #nameIs(quoted: string): void {
    this.#naming = false;
    this.#kept = '';
    try {
      this.#path[this.#path.length - 1] = JSON.parse(quoted) as string;
    } catch {
      throw new NotJson('a member name that is not a string');
    }
  }
}
