import { EmpError } from '@emp/kernel';
import { Decimal } from './decimal.ts';

/**
 * Splits `total` in proportion to `weights` into parts of `places` digits whose sum is exactly `total` (largest
 * remainder; of equal remainders the earlier part gets the digit). `total` must not have more than `places` digits,
 * weights must not be negative nor all zero: EmpError `not-allocatable`.
 */
export function allocate(total: Decimal, weights: readonly Decimal[], places: number): readonly Decimal[] {
  const sum = Decimal.sum(weights);
  if (sum.isZero() || weights.some((weight) => weight.isNegative())) {
    throw new EmpError('not-allocatable', `${total} cannot be split by weights ${weights.join(', ')}: they must not be ` +
      'negative and not all be zero', { retry: 'useless' });
  }
  if (!total.round(places).equals(total)) {
    throw new EmpError('not-allocatable', `${total} has more than ${places} digits: round it first`, { retry: 'useless' });
  }
  if (total.isNegative()) return allocate(total.negate(), weights, places).map((part) => part.negate());
  const floors = weights.map((weight) => total.times(weight).dividedBy(sum, places, 'down'));
  const missing = total.minus(Decimal.sum(floors));
  const smallest = Decimal.one.dividedBy(Decimal.parse(`1e${places}`), places);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: total.times(weight).minus(sum.times(floors[index] ?? Decimal.zero)) }))
    .sort((a, b) => b.remainder.compare(a.remainder) || (a.index < b.index ? -1 : 1));
  const raised = new Set<number>();
  for (const { index } of byRemainder) {
    if (!missing.isGreaterThan(smallest.times(Decimal.of(raised.size)))) break;
    raised.add(index);
  }
  return floors.map((floor, index) => (raised.has(index) ? floor.plus(smallest) : floor.round(places)));
}
