/** A decimal number as its digits: `-12.50`. No exponent, no plus sign, no leading zeros. */
export const DECIMAL_TEXT = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

const LITERAL = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/;

/** Beyond this nobody measures anything; it keeps `1e999999999` from becoming a gigabyte of zeros. */
const LARGEST_EXPONENT = 60;

/**
 * The plain digits of a number literal of any notation, without arithmetic: `1e-7` → `0.0000001`, `+05.50` → `5.50`.
 * `undefined` if it is not a number or its exponent is absurd.
 */
export function decimalText(literal: string): string | undefined {
  if (DECIMAL_TEXT.test(literal)) return literal === '-0' ? '0' : literal;
  const match = LITERAL.exec(literal);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > LARGEST_EXPONENT) return undefined;
  return plain(sign === '-', whole, fraction, exponent);
}

/** The exact digits of a JSON number that has at most 15 significant digits; `undefined` for infinities and NaN. */
export function decimalTextOfNumber(value: number): string | undefined {
  return Number.isFinite(value) ? decimalText(String(value)) : undefined;
}

/** Moves the decimal point by `exponent` places, on the digits. */
function plain(negative: boolean, whole: string, fraction: string, exponent: number): string {
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 0);
  const before = padded.slice(0, at).replace(/^0+(?=\d)/, '') || '0';
  const after = padded.slice(at);
  const text = after === '' ? before : `${before}.${after}`;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}
