const QUOTE = 34;
const BACKSLASH = 92;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const LITERALS = ['true', 'false', 'null'];

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'after';

/** Where a text stops being JSON, for a person who has to find it; lines and columns count from 1. */
export function whereJsonBreaks(text: string): { readonly line: number; readonly column: number } | undefined {
  const at = jsonBreaksAt(text);
  if (at === undefined) return undefined;
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/**
 * The offset of the first character that no JSON document has there; `undefined` if the text is JSON. Node's own
 * message quotes the text around it, which may be a card number. Without recursion: nesting is the sender's choice.
 */
export function jsonBreaksAt(text: string): number | undefined {
  const closers: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let expected: Expected = 'value';
  for (;;) {
    at = afterBlanks(text, at);
    const char = text.charAt(at);
    const closer = closers.at(-1);
    if (expected === 'after') {
      if (closer === undefined) return at === text.length ? undefined : at;
      if (char === ',') expected = closer === '}' ? 'key' : 'value';
      else if (char === closer) closers.pop();
      else return at;
      at += 1;
    } else if ((expected === 'key-or-end' || expected === 'value-or-end') && char === closer) {
      closers.pop();
      expected = 'after';
      at += 1;
    } else if (expected === 'key' || expected === 'key-or-end') {
      const end = char === '"' ? endOfString(text, at) : { broken: at };
      if (typeof end !== 'number') return end.broken;
      at = afterBlanks(text, end);
      if (text.charAt(at) !== ':') return at;
      at += 1;
      expected = 'value';
    } else if (char === '{' || char === '[') {
      closers.push(char === '{' ? '}' : ']');
      expected = char === '{' ? 'key-or-end' : 'value-or-end';
      at += 1;
    } else {
      const end = char === '"' ? endOfString(text, at) : endOfPlain(text, at);
      if (typeof end !== 'number') return end.broken;
      at = end;
      expected = 'after';
    }
  }
}

interface Broken {
  readonly broken: number;
}

function endOfPlain(text: string, at: number): number | Broken {
  const literal = LITERALS.find((each) => text.startsWith(each, at));
  if (literal !== undefined) return at + literal.length;
  NUMBER.lastIndex = at;
  return NUMBER.test(text) ? NUMBER.lastIndex : { broken: at };
}

function endOfString(text: string, opening: number): number | Broken {
  let at = opening + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (Number.isNaN(code) || code < 32) return { broken: at };
    if (code === BACKSLASH) {
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) return { broken: at };
      at = ESCAPE.lastIndex;
    } else {
      at += 1;
    }
  }
}

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (' \n\r\t'.includes(text.charAt(at)) && at < text.length) at += 1;
  return at;
}
