export { allocate } from './allocate.ts';
export { Currency } from './currency.ts';
export { Decimal } from './decimal.ts';
export { Fraction } from './fraction.ts';
export { Money } from './money.ts';
export { roundedQuotient, type RoundingMode } from './rounding.ts';
export { splitGross, vatOf, type GrossSplit } from './vat.ts';
