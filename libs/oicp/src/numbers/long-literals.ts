/**
 * JSON.parse makes doubles, and a double keeps 15 significant digits for certain. Longer number literals are marked
 * before parsing: `0.12345678901234567890` becomes a string that starts with the mark. Readers of decimals take its
 * digits, the writer writes it as the number it was.
 */
const MARK = '\u0000#';
const LONGEST_SAFE = 15;
const QUOTE = 34;
const BACKSLASH = 92;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The digits of a marked number literal, or `undefined` for any other string. */
export function markedNumber(text: string): string | undefined {
  return text.charCodeAt(0) === 0 && text.startsWith(MARK) ? text.slice(MARK.length) : undefined;
}

/** JSON text of a document in which the literals that a double cannot hold are marked; mostly the text itself. */
export function markLongNumbers(json: string): string {
  return mayHoldLongNumber(json) ? withMarks(json) : json;
}

function withMarks(json: string): string {
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(json, at);
    } else if (isNumberChar(code)) {
      let end = at + 1;
      while (end < json.length && isNumberChar(json.charCodeAt(end))) end += 1;
      const literal = json.slice(at, end);
      if (JSON_NUMBER.test(literal) && literal.replaceAll(/\D/g, '').length > LONGEST_SAFE) {
        parts.push(json.slice(copied, at), `"\\u0000#${literal}"`);
        copied = end;
      }
      at = end - 1;
    }
  }
  return parts.join('') + json.slice(copied);
}

/** Position of the quote that closes the string opened at `at`. */
function endOfString(json: string, at: number): number {
  let position = at + 1;
  while (position < json.length) {
    const code = json.charCodeAt(position);
    if (code === QUOTE) return position;
    position += code === BACKSLASH ? 2 : 1;
  }
  return position;
}

/**
 * Whether some number literal has more than 15 digits. A run of 16 number characters covers every sixteenth position
 * at least once, so only those are looked at.
 */
function mayHoldLongNumber(json: string): boolean {
  for (let at = LONGEST_SAFE; at < json.length; at += LONGEST_SAFE + 1) {
    if (!isNumberChar(json.charCodeAt(at))) continue;
    let start = at;
    while (start > 0 && isNumberChar(json.charCodeAt(start - 1))) start -= 1;
    let end = at + 1;
    while (end < json.length && isNumberChar(json.charCodeAt(end))) end += 1;
    if (end - start > LONGEST_SAFE && !isTextChar(json.charCodeAt(start - 1))) return true;
    at = end - 1;
  }
  return false;
}

/** `0`–`9`, `.`, `-`, `+`, `e`, `E` */
function isNumberChar(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 46 || code === 45 || code === 43 || code === 101 || code === 69;
}

/** What cannot stand before a JSON number: a quote, a letter. (NaN at the beginning of the text.) */
function isTextChar(code: number): boolean {
  return code === 34 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}
