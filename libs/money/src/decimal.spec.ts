import fc from 'fast-check';
import { Decimal } from './decimal.ts';
import type { RoundingMode } from './rounding.ts';

const d = Decimal.parse;
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 12 }))
  .map(([unscaled, places]) => Decimal.of(unscaled).times(d(`1e-${places}`)));

describe('Decimal', () => {
  it.each([
    ['0', '0'], ['-0', '0'], ['-0.00', '0.00'], ['11.000', '11.000'], ['-3', '-3'], ['1e-7', '0.0000001'],
    ['1.5E3', '1500'], ['1.25e1', '12.5'], ['-2.5e-1', '-0.25'], ['9007199254740993.1', '9007199254740993.1'],
  ])('reads %s as %s', (text, plain) => {
    expect(d(text).toString()).toBe(plain);
  });

  it.each(['', ' 1', '1 ', '.5', '5.', '+3', '007', '1,5', '1_0', '0x10', 'NaN', 'Infinity', '1e', '1e999', '--1', '1e-101', '1'.repeat(101)])(
    'refuses %j and says how to write it', (text) => {
      expect(Decimal.tryParse(text)).toBeUndefined();
      expect(() => d(text)).toThrow(expect.objectContaining({ slug: 'not-a-decimal', retry: 'useless' }));
    });

  it('refuses numbers that are not safe integers', () => {
    expect(() => Decimal.of(0.5)).toThrow(expect.objectContaining({ slug: 'not-a-decimal' }));
    expect(() => Decimal.of(2 ** 53)).toThrow(expect.objectContaining({ slug: 'not-a-decimal' }));
    expect(Decimal.of(-42).toString()).toBe('-42');
  });

  it('does what binary fractions cannot', () => {
    expect(d('0.1').plus(d('0.2')).toString()).toBe('0.3');
    expect(d('1.005').toFixed(2)).toBe('1.01');
    expect(d('4.35').times(d('100')).toString()).toBe('435.00');
    expect(d('9007199254740993').plus(d('0.01')).toString()).toBe('9007199254740993.01');
  });

  it.each<[RoundingMode, string]>([
    ['half-up', '3 2 3 -3 -2 -3'], ['half-even', '2 2 3 -2 -2 -3'], ['up', '3 3 3 -3 -3 -3'],
    ['down', '2 2 2 -2 -2 -2'], ['ceiling', '3 3 3 -2 -2 -2'],
  ])('rounds %s: 2.5 2.4 2.6 -2.5 -2.4 -2.6 to %s', (mode, expected) => {
    const rounded = ['2.5', '2.4', '2.6', '-2.5', '-2.4', '-2.6'].map((text) => d(text).round(0, mode).toString());
    expect(rounded.join(' ')).toBe(expected);
  });

  it('gives exactly the places asked for', () => {
    expect(d('1.5').round(3).toString()).toBe('1.500');
    expect(d('-0.004').toFixed(2)).toBe('0.00');
    expect(d('10').dividedBy(d('-3'), 4).toString()).toBe('-3.3333');
    expect(() => d('1').round(-1)).toThrow(RangeError);
    expect(() => d('1').dividedBy(d('0.0'), 2)).toThrow(expect.objectContaining({ slug: 'division-by-zero' }));
  });

  it('compares by value, whatever the places', () => {
    expect(d('1.50').equals(d('1.5'))).toBe(true);
    expect(d('-0.001').isNegative()).toBe(true);
    expect(d('-1').isLessThan(d('0.5'))).toBe(true);
    expect(d('2').isGreaterThan(d('10'))).toBe(false);
    expect(d('1.500').normalised().toString()).toBe('1.5');
  });

  it('travels through JSON as a text', () => {
    expect(JSON.stringify({ price: d('0.10') })).toBe('{"price":"0.10"}');
  });

  it('reads back everything it writes', () => {
    fc.assert(fc.property(decimal, (a) => d(a.toString()).toString() === a.toString()));
  });

  it('adds and multiplies by the laws of arithmetic', () => {
    fc.assert(fc.property(decimal, decimal, decimal, (a, b, c) => {
      expect(a.plus(b).equals(b.plus(a))).toBe(true);
      expect(a.plus(b).minus(b).equals(a)).toBe(true);
      expect(a.times(b.plus(c)).equals(a.times(b).plus(a.times(c)))).toBe(true);
    }));
  });

  it('rounds by at most half a step, and never twice differently', () => {
    fc.assert(fc.property(decimal, fc.integer({ min: 0, max: 6 }), (a, places) => {
      const rounded = a.round(places);
      expect(rounded.minus(a).abs().times(d('2')).isGreaterThan(d(`1e-${places}`))).toBe(false);
      expect(rounded.round(places).toString()).toBe(rounded.toString());
      expect(a.negate().round(places).equals(rounded.negate())).toBe(true);
    }));
  });

  it('divides so that quotient × divisor misses by less than a step of the divisor', () => {
    fc.assert(fc.property(decimal, decimal.filter((b) => !b.isZero()), (a, b) => {
      const missed = a.dividedBy(b, 6, 'down').times(b).minus(a).abs();
      expect(missed.isLessThan(b.abs().times(d('1e-6')))).toBe(true);
    }));
  });
});
