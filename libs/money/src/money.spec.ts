import fc from 'fast-check';
import { allocate } from './allocate.ts';
import { Currency } from './currency.ts';
import { Decimal } from './decimal.ts';
import { Money } from './money.ts';
import { splitGross, vatOf } from './vat.ts';

const d = Decimal.parse;
const EUR = Currency.of('EUR');
const eur = (text: string): Money => new Money(d(text), EUR);
const cents = fc.bigInt({ min: 0n, max: 10n ** 9n }).map((value) => Decimal.of(value).times(d('0.01')));

describe('Currency', () => {
  it.each([['EUR', 2], ['ISK', 0], ['CHF', 2], ['HUF', 2]])('%s has %i digits', (code, digits) => {
    expect(Currency.of(code).digits).toBe(digits);
    expect(Currency.of(code)).toBe(Currency.of(code));
  });

  it.each(['UNDEFINED', 'eur', 'XXX', '', 'toString'])('refuses %j', (code) => {
    expect(Currency.find(code)).toBeUndefined();
    expect(() => Currency.of(code)).toThrow(expect.objectContaining({ slug: 'unknown-currency' }));
  });
});

describe('Money', () => {
  it('rounds to the smallest coin, half away from zero', () => {
    expect(eur('16.5').times(d('0.55')).rounded().toString()).toBe('9.08 EUR');
    expect(eur('-9.075').rounded().toString()).toBe('-9.08 EUR');
    expect(new Money(d('99.5'), Currency.of('ISK')).rounded().toString()).toBe('100 ISK');
  });

  it('does not add two currencies', () => {
    expect(() => eur('1').plus(Money.zero(Currency.of('CHF')))).toThrow(expect.objectContaining({ slug: 'currency-mismatch' }));
    expect(eur('1').minus(eur('0.25')).equals(eur('0.750'))).toBe(true);
  });
});

describe('vatOf', () => {
  it.each([['1.18', '19', '0.22'], ['12.50', '19', '2.38'], ['100', '25.5', '25.50'], ['5.00', '0', '0.00']])(
    'of %s at %s %% is %s', (net, rate, vat) => {
      expect(vatOf(eur(net), d(rate)).amount.toString()).toBe(vat);
    });
});

describe('allocate', () => {
  it('gives the odd cents to the largest remainders, the earlier first', () => {
    expect(allocate(d('1.00'), [d('1'), d('1'), d('1')], 2).join(' ')).toBe('0.34 0.33 0.33');
    expect(allocate(d('-0.05'), [d('1'), d('2')], 2).join(' ')).toBe('-0.02 -0.03');
  });

  it('refuses weights that say nothing, and totals finer than the parts', () => {
    expect(() => allocate(d('1'), [d('0')], 2)).toThrow(expect.objectContaining({ slug: 'not-allocatable' }));
    expect(() => allocate(d('1'), [d('2'), d('-1')], 2)).toThrow(expect.objectContaining({ slug: 'not-allocatable' }));
    expect(() => allocate(d('1.001'), [d('2')], 2)).toThrow(expect.objectContaining({ slug: 'not-allocatable' }));
  });

  it('never loses or makes a cent, and misses no share by a cent', () => {
    fc.assert(fc.property(cents, fc.array(fc.bigInt({ min: 1n, max: 10n ** 6n }), { minLength: 1, maxLength: 20 }), (total, raw) => {
      const weights = raw.map((weight) => Decimal.of(weight));
      const parts = allocate(total, weights, 2);
      expect(Decimal.sum(parts).equals(total)).toBe(true);
      const sum = Decimal.sum(weights);
      parts.forEach((part, index) => {
        const share = total.times(weights[index] ?? Decimal.zero);
        expect(part.times(sum).minus(share).abs().isLessThan(sum.times(d('0.01')))).toBe(true);
      });
    }));
  });
});

describe('splitGross', () => {
  it('meets the sum that was shown (worked example E13)', () => {
    const shown = ['12.151', '7.798', '31.769', '10.108'].map((kwh) => d(kwh).times(d('0.59')).round(2));
    expect(shown.join(' ')).toBe('7.17 4.60 18.74 5.96');
    const split = splitGross(shown, d('19'), EUR);
    expect(split.nets.join(' ')).toBe('6.02 3.87 15.75 5.01');
    expect(`${split.net} + ${split.vat} ${split.rounding}`).toBe('30.65 + 5.82 0.00');
  });

  it('names the cent that no net can reach', () => {
    const split = splitGross([d('10.05')], d('19'), EUR);
    expect(`${split.net} + ${split.vat} ${split.rounding}`).toBe('8.45 + 1.61 -0.01');
  });

  it('always adds up to the gross sum, within one cent of rounding', () => {
    const rate = fc.constantFrom('7.7', '8.1', '17', '19', '20', '25.5', '27').map(d);
    fc.assert(fc.property(fc.array(cents, { minLength: 1, maxLength: 12 }), rate, (lines, percent) => {
      const split = splitGross(lines, percent, EUR);
      expect(split.net.plus(split.vat).plus(split.rounding).equals(Decimal.sum(lines))).toBe(true);
      expect(split.rounding.abs().isGreaterThan(d('0.01'))).toBe(false);
      expect(Decimal.sum(split.nets).equals(split.net)).toBe(true);
    }));
  });
});
