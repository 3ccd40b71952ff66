import { LIMITS } from '../limits.ts';
import { JsonNumber, type JsonObject, type JsonValue } from './json-value.ts';

export type JsonOutcome =
  | { readonly ok: true; readonly value: JsonValue; readonly duplicates: readonly string[] }
  | { readonly ok: false; readonly fault: 'unexpected-end' | 'malformed' | 'too-deep' };

/** Tokens of RFC 8259. The pattern of strings never tries a character twice. */
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const BLANKS = ' \t\n\r';
const LITERALS = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class Fault extends Error {
  constructor(readonly fault: 'unexpected-end' | 'malformed' | 'too-deep') {
    super(fault);
  }
}

/**
 * Reads JSON keeping what `JSON.parse` loses and a signature verdict needs: the literal of every number, and which
 * members occur twice (two readers may see two contents). Nesting is bounded; never throws.
 */
export function readJson(text: string): JsonOutcome {
  const reader = new Reader(text);
  try {
    const value = reader.document();
    return { ok: true, value, duplicates: reader.duplicates };
  } catch (thrown) {
    if (thrown instanceof Fault) return { ok: false, fault: thrown.fault };
    throw thrown;
  }
}

class Reader {
  readonly duplicates: string[] = [];
  private at = 0;

  constructor(private readonly text: string) {}

  document(): JsonValue {
    const value = this.value(0);
    this.skipBlanks();
    if (this.at < this.text.length) throw new Fault('malformed');
    return value;
  }

  private value(depth: number): JsonValue {
    if (depth > LIMITS.depth) throw new Fault('too-deep');
    this.skipBlanks();
    const first = this.text[this.at];
    if (first === '{') return this.object(depth);
    if (first === '[') return this.list(depth);
    if (first === '"') return this.string();
    const number = this.take(NUMBER);
    return number === undefined ? this.literal() : new JsonNumber(number);
  }

  private object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    this.at += 1;
    if (this.skip('}')) return members;
    do {
      this.skipBlanks();
      if (this.text[this.at] !== '"') throw this.unexpected();
      const name = this.string();
      if (!this.skip(':')) throw this.unexpected();
      if (members.has(name)) this.duplicates.push(name);
      members.set(name, this.value(depth + 1));
    } while (this.skip(','));
    if (!this.skip('}')) throw this.unexpected();
    return members;
  }

  private list(depth: number): readonly JsonValue[] {
    const values: JsonValue[] = [];
    this.at += 1;
    if (this.skip(']')) return values;
    do values.push(this.value(depth + 1));
    while (this.skip(','));
    if (!this.skip(']')) throw this.unexpected();
    return values;
  }

  private string(): string {
    const quoted = this.take(STRING);
    // A string without its closing quote reaches the end of a text that was cut.
    if (quoted === undefined) throw new Fault(this.text.indexOf('"', this.at + 1) < 0 ? 'unexpected-end' : 'malformed');
    return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  }

  private literal(): JsonValue {
    for (const [word, value] of LITERALS) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    throw this.unexpected();
  }

  private skip(sign: string): boolean {
    this.skipBlanks();
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  private skipBlanks(): void {
    while (this.at < this.text.length && BLANKS.includes(this.text.charAt(this.at))) this.at += 1;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private unexpected(): Fault {
    return new Fault(this.at >= this.text.length ? 'unexpected-end' : 'malformed');
  }
}
