import { newId } from '@emp/kernel';
import { compareDecimals } from './decimal-order.ts';
import { decimalText } from './decimal-text.ts';

/**
 * JSON.parse makes doubles, and a double keeps 15 significant digits for certain. Literals that it would change are marked
 * before parsing: `0.12345678901234567890` becomes a string that starts with the mark. Readers of decimals take its
 * digits, the writer writes it as the number it was. The mark is new in every process, so that no document can carry it.
 */
const MARK = `\u0000${newId()}#`;
const MARK_IN_JSON = JSON.stringify(MARK).slice(1, -1);
const LONGEST_SAFE = 15;
const HALF = 8;
const QUOTE = 34;
const BACKSLASH = 92;
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The digits of a marked number literal, or `undefined` for any other string. */
export function markedNumber(text: string): string | undefined {
  return text.charCodeAt(0) === 0 && text.startsWith(MARK) ? text.slice(MARK.length) : undefined;
}

/** JSON text in which marked numbers are numbers again. */
export function withoutMarks(json: string): string {
  if (!json.includes(MARK_IN_JSON)) return json;
  return json.replaceAll(MARKED_IN_JSON, (_, digits: string) => digits);
}

const MARKED_IN_JSON = new RegExp(`"${MARK_IN_JSON.replace('\\', '\\\\')}(-?[0-9.eE+-]+)"`, 'g');

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
      if (JSON_NUMBER.test(literal) && !isHeldExactly(literal)) {
        parts.push(json.slice(copied, at), `"${MARK_IN_JSON}${literal}"`);
        copied = end;
      }
      at = end - 1;
    }
  }
  return parts.join('') + json.slice(copied);
}

/** Whether a double gives back the same decimal: always up to 15 digits, and for what was printed from a double. */
function isHeldExactly(literal: string): boolean {
  if (literal.replaceAll(/\D/g, '').length <= LONGEST_SAFE) return true;
  const printed = String(Number(literal));
  if (printed === literal) return true;
  const [exact, held] = [decimalText(literal), decimalText(printed)];
  return exact !== undefined && held !== undefined && compareDecimals(exact, held) === 0;
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
 * Whether some number literal has more than 15 digits. A run of 16 such characters covers every sixteenth position
 * at least once, so only those are looked at.
 */
function mayHoldLongNumber(json: string): boolean {
  const { length } = json;
  for (let at = LONGEST_SAFE; at < length; at += LONGEST_SAFE + 1) {
    // `-`, `.`, `/` and digits are 45 to 57. A run of 16 through here goes at least eight further on one side.
    if ((json.charCodeAt(at) - 45) >>> 0 > 12) continue;
    if ((json.charCodeAt(at - HALF) - 45) >>> 0 > 12 && (json.charCodeAt(at + HALF) - 45) >>> 0 > 12) continue;
    let start = at;
    while (start > 0 && isMantissaChar(json.charCodeAt(start - 1))) start -= 1;
    let end = at + 1;
    while (end < length && isMantissaChar(json.charCodeAt(end))) end += 1;
    if (end - start > LONGEST_SAFE && standsAlone(json, start, end)) return true;
    at = end - 1;
  }
  return false;
}

/** Whether the run from `start` to `end` has around it what surrounds a JSON number, and not, say, a quote. */
function standsAlone(json: string, start: number, end: number): boolean {
  return BEFORE_NUMBER.has(lastBefore(json, start)) && AFTER_NUMBER.has(json.charAt(end));
}

const BEFORE_NUMBER: ReadonlySet<string> = new Set(['', ':', ',', '[']);
const AFTER_NUMBER: ReadonlySet<string> = new Set(['', ',', ']', '}', ' ', '\n', '\r', '\t', 'e', 'E']);

/** The last character before `at` that is no blank; empty at the beginning of the text. */
function lastBefore(json: string, at: number): string {
  let place = at - 1;
  while (place >= 0 && json.charCodeAt(place) <= 32) place -= 1;
  return json.charAt(place);
}

/** `0`–`9`, `.`, `-`: what stands before an exponent. Exponents have few digits, and `e` is a frequent letter. */
function isMantissaChar(code: number): boolean {
  return code <= 57 && code >= 45 && code !== 47;
}

/** The same, and `+`, `e`, `E`. */
function isNumberChar(code: number): boolean {
  return isMantissaChar(code) || code === 43 || code === 101 || code === 69;
}
