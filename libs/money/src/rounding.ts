import { assertNever } from '@emp/kernel';

/**
 * Where a value between two steps goes.
 * - `half-up`: to the nearest; exactly half goes away from zero (2.5 → 3, −2.5 → −3): invoice lines and VAT
 * - `half-even`: to the nearest; exactly half goes to the even neighbour (2.5 → 2)
 * - `up`: away from zero; `down`: towards zero; `ceiling`: towards +∞ (step sizes)
 */
export type RoundingMode = 'half-up' | 'half-even' | 'up' | 'down' | 'ceiling';

/** `numerator ÷ denominator` as an integer, rounded once. Throws RangeError for a denominator of zero. */
export function roundedQuotient(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  if (denominator < 0n) return roundedQuotient(-numerator, -denominator, mode);
  const towardsZero = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return towardsZero;
  return goesAwayFromZero(towardsZero, remainder, denominator, mode)
    ? towardsZero + (numerator < 0n ? -1n : 1n)
    : towardsZero;
}

function goesAwayFromZero(quotient: bigint, remainder: bigint, denominator: bigint, mode: RoundingMode): boolean {
  const twice = 2n * (remainder < 0n ? -remainder : remainder);
  switch (mode) {
    case 'half-up': return twice >= denominator;
    case 'half-even': return twice > denominator || (twice === denominator && quotient % 2n !== 0n);
    case 'up': return true;
    case 'down': return false;
    case 'ceiling': return remainder > 0n;
    default: return assertNever(mode, 'rounding mode');
  }
}
