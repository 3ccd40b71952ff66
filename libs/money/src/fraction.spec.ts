import fc from 'fast-check';
import { Decimal } from './decimal.ts';
import { Fraction } from './fraction.ts';

const d = Decimal.parse;
const hours = (seconds: number): Fraction => Fraction.of(Decimal.of(seconds)).dividedBy(d('3600'));

describe('Fraction', () => {
  it('keeps what no decimal text holds and rounds it once', () => {
    const cost = hours(3000).times(d('4.00'));
    expect(cost.toString()).toBe('10/3');
    expect(cost.asDecimal()).toBeUndefined();
    expect(cost.round(2).toString()).toBe('3.33');
  });

  it('writes a decimal when its digits end', () => {
    expect(hours(5400).times(d('0.35')).toString()).toBe('0.525');
    expect(JSON.stringify(Fraction.of(d('11.000')))).toBe('"11"');
  });

  it('compares exactly', () => {
    expect(hours(1200).compare(d('0.333333333333333333333333333333'))).toBe(1);
    expect(hours(1800).compare(d('0.5'))).toBe(0);
    expect(() => hours(1).dividedBy(Decimal.zero)).toThrow(RangeError);
  });

  it('sums thirds to wholes', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), (parts) => {
      const part = Fraction.of(d('7.25')).dividedBy(Decimal.of(parts));
      expect(Fraction.sum(Array.from({ length: parts }, () => part)).compare(d('7.25'))).toBe(0);
    }));
  });
});
