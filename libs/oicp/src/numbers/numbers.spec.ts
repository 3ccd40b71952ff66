import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { readOicp, writeOicp, type OicpMessages } from '../index.ts';
import { compareDecimals, isDifference } from './decimal-order.ts';
import { decimalText, decimalTextOfNumber } from './decimal-text.ts';
import { markedNumber, markLongNumbers, withoutMarks } from './long-literals.ts';

describe('decimal texts', () => {
  it.each([
    ['0', '0'], ['-0', '0'], ['22', '22'], ['22.50', '22.50'], ['+5', '5'], ['007.50', '7.50'], ['.5', '0.5'], ['5.', '5'],
    ['1e-7', '0.0000001'], ['1.5E+3', '1500'], ['-12.34e1', '-123.4'], ['-0.0', '-0.0'], [' 10.5 ', '10.5'], ['0e5', '0'],
  ])('%j is %s', (literal, text) => {
    expect(decimalText(literal)).toBe(text);
  });

  it.each(['', '.', 'abc', '1,5', '0x10', '1e999999999', 'NaN', 'Infinity', '1 2', '--1'])('%j is none', (literal) => {
    expect(decimalText(literal)).toBeUndefined();
  });

  it('hold every number of up to 15 digits exactly', () => {
    const literal = fc.tuple(fc.boolean(), fc.stringMatching(/^[1-9]\d{0,6}$/), fc.stringMatching(/^\d{0,7}[1-9]$/))
      .map(([negative, whole, fraction]) => `${negative ? '-' : ''}${whole}.${fraction}`);
    fc.assert(fc.property(literal, (text) => {
      expect(decimalTextOfNumber(JSON.parse(text) as number)).toBe(text);
    }));
    expect([decimalTextOfNumber(1e-7), decimalTextOfNumber(1e21), decimalTextOfNumber(Infinity), decimalTextOfNumber(-0)])
      .toEqual(['0.0000001', '1000000000000000000000', undefined, '0']);
  });
});

describe('decimals in order', () => {
  it('compare without rounding', () => {
    expect(compareDecimals('0.1', '0.10')).toBe(0);
    expect(compareDecimals('-1', '0.5')).toBe(-1);
    expect(compareDecimals('9007199254740993', '9007199254740992')).toBe(1);
  });

  it('subtract without rounding: 0.3 is 0.1 less than 0.4 and not a hair more', () => {
    expect(isDifference('0.3', '0.4', '0.1', '0')).toBe(true);
    expect(isDifference('0.30000000000000004', '0.4', '0.1', '0')).toBe(false);
    expect(isDifference('21.877', '12062.995', '12041.118', '0')).toBe(true);
    expect(isDifference('21.890', '12062.995', '12041.118', '0.01')).toBe(false);
  });
});

describe('long number literals', () => {
  it('leave short ones and texts alone', () => {
    const json = '{"a":123456789012345,"z":0.30000000000000004,"b":"1234567890123456789","c":"x 1234567890123456789","d":[1.5e10]}';
    expect(markLongNumbers(json)).toBe(json);
  });

  it.each(['12345678901234567', '0.1234567890123456789', '-9007199254740993', '1.23456789012345678e5'])('keep the digits of %s', (literal) => {
    for (const json of [`{"x":${literal}}`, `[1, ${literal} ,"12"]`, `${literal}`, `{"a":"q\\"uote","x":\n${literal}\n}`]) {
      const marked = markLongNumbers(json);
      expect(() => { JSON.parse(marked); }).not.toThrow();
      expect(withoutMarks(marked)).toBe(json);
    }
    expect(markedNumber(JSON.parse(markLongNumbers(literal)) as string)).toBe(literal);
  });

  it('find a long number wherever it stands', () => {
    for (let before = 0; before < 40; before += 1) {
      const json = `{"${'k'.repeat(before)}":12345678901234567}`;
      expect(markLongNumbers(json)).not.toBe(json);
    }
  });
});

const energyOf = (literal: string): string | undefined => {
  const read = readOicp('ChargeDetailRecord', `{"SessionID":"7c9e6679-7425-40de-944b-e07fc1f90ae7","ConsumedEnergy":${literal}}`);
  return read.ok ? read.message.ConsumedEnergy : undefined;
};

describe('energy on its way through', () => {
  it.each([
    ['10.5', '10.5'], ['"10.123"', '10.123'], ['0.30000000000000004', '0.30000000000000004'], ['1e-7', '0.0000001'],
    ['12345678901234567890.123', '12345678901234567890.123'], ['"0.1000000000000000055511151231257827"', '0.1000000000000000055511151231257827'],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'], ['10.500', '10.5'], ['1e400', undefined],
    ['true', undefined], ['"abc"', undefined],
  ])('%s is read as %s', (literal, text) => {
    expect(energyOf(literal)).toBe(text);
  });

  it('is written with exactly its digits, as a JSON number', () => {
    const price = { PricingProductData: [{
      OperatorID: 'DE*SIM', ProviderID: '*', PricingDefaultPrice: '0.12345678901234567890', PricingDefaultPriceCurrency: 'EUR',
      PricingDefaultReferenceUnit: 'MINUTE', PricingProductDataRecords: [],
    }] } satisfies OicpMessages['PricingProductData'];
    const json = writeOicp('PricingProductData', price);
    expect(json).toContain('"PricingDefaultPrice":0.12345678901234567890,');
    expect(readOicp('PricingProductData', json)).toMatchObject({ ok: true, message: price, findings: [] });
  });

  it('keeps long numbers in members nobody knows', () => {
    const json = '{"SessionID":"7c9e6679-7425-40de-944b-e07fc1f90ae7","Type":"Error","EvseID":"DE*SIM*E1","ErrorType":"CriticalError","Counter":{"raw":[12345678901234567890]}}';
    const read = readOicp('ChargingNotification', json);
    expect(read.ok && writeOicp('ChargingNotification', read.message)).toContain('"Counter":{"raw":[12345678901234567890]}');
  });
});

describe('the source', () => {
  const root = path.resolve(import.meta.dirname, '..');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('bench'));

  it('never turns the text of a decimal into a number', () => {
    // Counts (minutes, pages), positions and the exponent of a literal are numbers; energy, power and money are not.
    const allowed: Readonly<Record<string, number>> = {
      'numbers/decimal-text.ts': 1, 'read/read-scalar.ts': 1, 'position-of.ts': 3, 'rules/evse-rules.ts': 4,
      'ids/check-digit-din91286.ts': 1, 'validate/explain.ts': 1, 'numbers/long-literals.ts': 1,
    };
    for (const file of sources) {
      const text = readFileSync(path.join(root, file), 'utf8').replaceAll(/^\s*(?:\/\*)?\*.*$|\/\/.*$/gm, '');
      const conversions = text.match(/\b(?:Number|parseFloat|parseInt)\(/g) ?? [];
      expect({ file, conversions: conversions.length }).toEqual({ file, conversions: allowed[file.replaceAll('\\', '/')] ?? 0 });
    }
  });
});
