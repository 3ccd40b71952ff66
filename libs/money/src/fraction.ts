import { Decimal } from './decimal.ts';
import type { RoundingMode } from './rounding.ts';

/**
 * An exact quotient. Prices per hour need it: 50 minutes at 4.00 cost 10/3, which no decimal text holds. It stays a
 * fraction until the invoice line rounds it, once.
 */
export class Fraction {
  static readonly zero = new Fraction(0n, 1n);

  private constructor(private readonly numerator: bigint, private readonly denominator: bigint) {}

  static of(value: Decimal): Fraction {
    const [numerator, denominator] = value.asRatio();
    return reduced(numerator, denominator, (n, d) => new Fraction(n, d));
  }

  static sum(terms: readonly Fraction[]): Fraction {
    return terms.reduce((sum, term) => sum.plus(term), Fraction.zero);
  }

  plus(other: Fraction): Fraction {
    const numerator = this.numerator * other.denominator + other.numerator * this.denominator;
    return reduced(numerator, this.denominator * other.denominator, (n, d) => new Fraction(n, d));
  }

  times(factor: Decimal): Fraction {
    const [numerator, denominator] = factor.asRatio();
    return reduced(this.numerator * numerator, this.denominator * denominator, (n, d) => new Fraction(n, d));
  }

  /** Throws RangeError for zero. */
  dividedBy(divisor: Decimal): Fraction {
    const [numerator, denominator] = divisor.asRatio();
    return reduced(this.numerator * denominator, this.denominator * numerator, (n, d) => new Fraction(n, d));
  }

  compare(other: Decimal): -1 | 0 | 1 {
    const [numerator, denominator] = other.asRatio();
    const difference = this.numerator * denominator - numerator * this.denominator;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  isZero(): boolean {
    return this.numerator === 0n;
  }

  round(places: number, rounding: RoundingMode = 'half-up'): Decimal {
    return Decimal.quotient(this.numerator, this.denominator, places, rounding);
  }

  /** The decimal text if it ends (`12.1064`), otherwise the fraction (`10/3`): exact in both cases. */
  toString(): string {
    return this.asDecimal()?.toString() ?? `${this.numerator}/${this.denominator}`;
  }

  toJSON(): string {
    return this.toString();
  }

  /** The same value as a decimal, or `undefined` if its digits never end. */
  asDecimal(): Decimal | undefined {
    const twos = timesDivisible(this.denominator, 2n);
    const fives = timesDivisible(this.denominator, 5n);
    if (2n ** BigInt(twos) * 5n ** BigInt(fives) !== this.denominator) return undefined;
    return Decimal.quotient(this.numerator, this.denominator, twos > fives ? twos : fives);
  }
}

function reduced<T>(numerator: bigint, denominator: bigint, make: (numerator: bigint, denominator: bigint) => T): T {
  if (denominator === 0n) throw new RangeError('a fraction cannot have the denominator zero');
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = sign * greatestCommonDivisor(numerator < 0n ? -numerator : numerator, sign * denominator);
  return make(numerator / divisor, denominator / divisor);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

function timesDivisible(value: bigint, prime: bigint): number {
  let times = 0;
  for (let rest = value; rest % prime === 0n; rest /= prime) times += 1;
  return times;
}
