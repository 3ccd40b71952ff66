const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;

export interface RecordSlice {
  /** The element's text, byte for byte as it was sent. */
  readonly text: string;
  readonly pointer: string;
}

/**
 * The exact source text of each element of a top-level array, e.g. `content` of a page: what a signature or a dispute
 * needs, and what JSON.parse throws away. Empty if there is no such array. The text should have been parsed before;
 * of a text that is no JSON, some slices may be nonsense, but nothing is thrown.
 */
export function sliceRecords(text: string, member: string): readonly RecordSlice[] {
  const start = arrayOf(text, member);
  if (start === undefined) return [];
  const slices: RecordSlice[] = [];
  let at = skipBlanks(text, start + 1);
  while (at < text.length && text[at] !== ']') {
    const end = endOfValue(text, at);
    if (end <= at) break;
    slices.push({ text: text.slice(at, end), pointer: `/${member}/${slices.length}` });
    at = skipBlanks(text, end);
    if (text.charCodeAt(at) === COMMA) at = skipBlanks(text, at + 1);
  }
  return slices;
}

/** Position of the `[` of the last top-level member of this name; the last one is what JSON.parse takes. */
function arrayOf(text: string, member: string): number | undefined {
  let found: number | undefined;
  let at = skipBlanks(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
  if (text[at] !== '{') return undefined;
  at = skipBlanks(text, at + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = endOfString(text, at);
    const key = decoded(text.slice(at, keyEnd));
    const value = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    if (key === member) found = text[value] === '[' ? value : undefined;
    at = skipBlanks(text, endOfValue(text, value));
    if (text.charCodeAt(at) === COMMA) at = skipBlanks(text, at + 1);
  }
  return found;
}

function decoded(literal: string): string | undefined {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return undefined;
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return at;
}

/** Position after the quote that closes the string opened at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    at += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

/** Position after the value that begins at `from`: a string, an object, an array, or a bare literal. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (character === ',' || text.charCodeAt(at) <= 32)) {
      return at;
    }
    at += 1;
  }
  return text.length;
}
