import { EmpError } from '@emp/kernel';
import { roundedQuotient, type RoundingMode } from './rounding.ts';

/**
 * The grammar of a JSON number (RFC 8259 §6), nothing else: digits on both sides of the point, no plus sign, no leading
 * zeros, no blanks. `.5`, `5.`, `+3`, `007`, `1,5`, `NaN` are refused: whoever writes them may have meant another thing.
 */
const PATTERN = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;
const LONGEST_TEXT = 100;
/** Bound of exponents and decimal places, so that a short text cannot ask for gigabytes of digits. */
const MOST_PLACES = 100;

/**
 * An exact decimal number: an integer and how many of its digits stand behind the point. Immutable. Sums, differences
 * and products are exact; only `round` and `dividedBy` lose anything, once, by a rule that the caller names.
 */
export class Decimal {
  static readonly zero = new Decimal(0n, 0);
  static readonly one = new Decimal(1n, 0);

  private constructor(private readonly unscaled: bigint, private readonly scale: number) {}

  /** Reads a JSON number text (`12.50`, `-3`, `1e-7`). Throws EmpError `not-a-decimal` for everything else. */
  static parse(text: string): Decimal {
    const read = Decimal.tryParse(text);
    if (read) return read;
    throw new EmpError('not-a-decimal', `${JSON.stringify(String(text).slice(0, 40))} is not a decimal number: write ` +
      `digits, a point and digits, such as 12.50, with at most ${MOST_PLACES} places`, { retry: 'useless' });
  }

  static tryParse(text: string): Decimal | undefined {
    if (typeof text !== 'string' || text.length > LONGEST_TEXT) return undefined;
    const match = PATTERN.exec(text);
    if (!match) return undefined;
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
    const scale = fraction.length - Number.parseInt(exponent, 10);
    if (scale > MOST_PLACES || scale < -MOST_PLACES) return undefined;
    const unscaled = BigInt(`${sign}${whole}${fraction}`);
    return scale >= 0 ? new Decimal(unscaled, scale) : new Decimal(unscaled * powerOfTen(-scale), 0);
  }

  /** An integer; a `number` must be a safe one. Throws EmpError `not-a-decimal`. */
  static of(integer: bigint | number): Decimal {
    if (typeof integer === 'bigint') return new Decimal(integer, 0);
    if (Number.isSafeInteger(integer)) return new Decimal(BigInt(integer), 0);
    throw new EmpError('not-a-decimal', `${integer} is not a safe integer: give decimals as texts`, { retry: 'useless' });
  }

  /** The sum of any number of decimals; zero for none. */
  static sum(terms: readonly Decimal[]): Decimal {
    return terms.reduce((sum, term) => sum.plus(term), Decimal.zero);
  }

  /** `numerator ÷ denominator` rounded to `places`, from integers. */
  static quotient(numerator: bigint, denominator: bigint, places: number, rounding: RoundingMode = 'half-up'): Decimal {
    if (denominator === 0n) throw new EmpError('division-by-zero', `${numerator} cannot be divided by zero`, { retry: 'useless' });
    return new Decimal(roundedQuotient(numerator * powerOfTen(checkedPlaces(places)), denominator, rounding), places);
  }

  plus(other: Decimal): Decimal {
    const scale = this.scale > other.scale ? this.scale : other.scale;
    return new Decimal(this.unscaledAt(scale) + other.unscaledAt(scale), scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negate());
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.unscaled * other.unscaled, this.scale + other.scale);
  }

  /** Rounded once to exactly `places`. Throws EmpError `division-by-zero`. */
  dividedBy(divisor: Decimal, places: number, rounding: RoundingMode = 'half-up'): Decimal {
    const scale = this.scale > divisor.scale ? this.scale : divisor.scale;
    return Decimal.quotient(this.unscaledAt(scale), divisor.unscaledAt(scale), places, rounding);
  }

  /** With exactly `places` decimal places: missing ones are zeros, surplus ones are rounded. */
  round(places: number, rounding: RoundingMode = 'half-up'): Decimal {
    if (checkedPlaces(places) >= this.scale) return new Decimal(this.unscaledAt(places), places);
    return new Decimal(roundedQuotient(this.unscaled, powerOfTen(this.scale - places), rounding), places);
  }

  negate(): Decimal {
    return new Decimal(-this.unscaled, this.scale);
  }

  abs(): Decimal {
    return this.unscaled < 0n ? this.negate() : this;
  }

  /** By value: 1.5 and 1.50 are equal. */
  compare(other: Decimal): -1 | 0 | 1 {
    const difference = this.minus(other).unscaled;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  isZero(): boolean {
    return this.unscaled === 0n;
  }

  isNegative(): boolean {
    return this.unscaled < 0n;
  }

  isLessThan(other: Decimal): boolean {
    return this.compare(other) < 0;
  }

  isGreaterThan(other: Decimal): boolean {
    return this.compare(other) > 0;
  }

  /** Without trailing zeros behind the point: 1.50 → 1.5, 3.00 → 3. */
  normalised(): Decimal {
    let { unscaled, scale } = this;
    for (; scale > 0 && unscaled % 10n === 0n; scale -= 1) unscaled /= 10n;
    return new Decimal(unscaled, scale);
  }

  /** Numerator and denominator as integers: 12.5 → [125, 10]. */
  asRatio(): readonly [numerator: bigint, denominator: bigint] {
    return [this.unscaled, powerOfTen(this.scale)];
  }

  /** How many digits stand behind the point, trailing zeros included. */
  places(): number {
    return this.scale;
  }

  /** Plain digits, never an exponent; the places it was read or computed with are kept (11.000 stays 11.000). */
  toString(): string {
    if (this.scale === 0) return this.unscaled.toString();
    const digits = this.abs().unscaled.toString().padStart(this.scale + 1, '0');
    return `${this.unscaled < 0n ? '-' : ''}${digits.slice(0, -this.scale)}.${digits.slice(-this.scale)}`;
  }

  toFixed(places: number): string {
    return this.round(places).toString();
  }

  /** A JSON string, because a JSON number would be read as a binary fraction. */
  toJSON(): string {
    return this.toString();
  }

  private unscaledAt(scale: number): bigint {
    return scale === this.scale ? this.unscaled : this.unscaled * powerOfTen(scale - this.scale);
  }
}

const powerOfTen = (exponent: number): bigint => 10n ** BigInt(exponent);

function checkedPlaces(places: number): number {
  if (Number.isInteger(places) && places >= 0 && places <= MOST_PLACES) return places;
  throw new RangeError(`decimal places must be an integer from 0 to ${MOST_PLACES}, not ${places}`);
}
