import { jsonPointer } from '@emp/oicp';

/** What JSON.parse keeps to itself. */
export interface JsonText {
  /** Where the text stops being JSON and what is expected there; `undefined` if it is JSON. */
  readonly trouble: string | undefined;
  /** Pointers of members that an object has twice: of the two the last one counts. */
  readonly repeated: readonly string[];
}

/** An object or a list that has begun; what is in it now has this name or number. */
interface Open {
  readonly end: '}' | ']';
  readonly names: Set<string>;
  step: string | number;
}

type Expected = 'value' | 'first name' | 'name' | 'colon' | 'first element' | 'more';

const BLANK = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPED = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Walks through a text as JSON.parse does. Its nesting may be as deep as it likes. */
export function lookAtJson(text: string): JsonText {
  const walk = new Walk(text);
  while (walk.goesOn()) walk.step();
  return { trouble: walk.trouble, repeated: walk.repeated };
}

class Walk {
  trouble: string | undefined;
  readonly repeated: string[] = [];
  private at = 0;
  private expected: Expected = 'value';
  private readonly open: Open[] = [];

  constructor(private readonly text: string) {
    if (text.startsWith('\uFEFF')) this.at = 1;
  }

  goesOn(): boolean {
    this.take(BLANK);
    const isWhole = this.expected === 'more' && this.open.length === 0;
    if (isWhole && this.at < this.text.length) this.complain('the end of the document');
    return this.trouble === undefined && !isWhole;
  }

  step(): void {
    const inner = this.open.at(-1);
    const next = this.text[this.at];
    if (inner !== undefined && next === inner.end && this.mayEnd()) {
      this.at += 1;
      this.open.pop();
      this.expected = 'more';
    } else if (this.expected === 'more') this.comma(inner, next);
    else if (this.expected === 'colon') this.colon(next);
    else if (this.expected === 'value' || this.expected === 'first element') this.value(next);
    else this.name(inner);
  }

  private mayEnd(): boolean {
    return this.expected === 'more' || this.expected === 'first name' || this.expected === 'first element';
  }

  private comma(inner: Open | undefined, next: string | undefined): void {
    if (inner === undefined || next !== ',') return this.complain(`a comma or ${inner?.end ?? 'the end'}`);
    if (typeof inner.step === 'number') inner.step += 1;
    this.goTo(inner.end === '}' ? 'name' : 'value');
  }

  private colon(next: string | undefined): void {
    if (next === ':') this.goTo('value');
    else this.complain('a colon');
  }

  private name(inner: Open | undefined): void {
    const quoted = this.string();
    if (quoted === undefined || inner === undefined) return this.complain('a name in double quotes');
    inner.step = JSON.parse(quoted) as string;
    if (inner.names.has(inner.step)) this.repeated.push(jsonPointer(this.open.map(({ step }) => step)));
    inner.names.add(inner.step);
    this.expected = 'colon';
  }

  private value(next: string | undefined): void {
    if (next === '{' || next === '[') {
      this.open.push(next === '{' ? { end: '}', names: new Set(), step: '' } : { end: ']', names: new Set(), step: 0 });
      this.goTo(next === '{' ? 'first name' : 'first element');
    } else if ((this.string() ?? this.take(SCALAR)) !== undefined) this.expected = 'more';
    else this.complain('a value');
  }

  private goTo(expected: Expected): void {
    this.at += 1;
    this.expected = expected;
  }

  /** A string with its quotes. */
  private string(): string | undefined {
    const from = this.at;
    if (this.text[from] !== '"') return undefined;
    this.at += 1;
    do this.take(PLAIN); while (this.take(ESCAPED) !== undefined);
    if (this.text[this.at] === '"') return this.text.slice(from, ++this.at);
    this.complain('the end of the string, or an escape');
    return undefined;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const taken = pattern.exec(this.text)?.[0];
    this.at += taken?.length ?? 0;
    return taken;
  }

  /** Says where, and nothing of what is there: it may be a card number. */
  private complain(expected: string): void {
    const lines = this.text.slice(0, this.at).split('\n');
    const ends = this.at >= this.text.length ? 'the text ends' : 'something else is there';
    this.trouble ??= `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}: ${ends}; expected: ${expected}`;
  }
}
