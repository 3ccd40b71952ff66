import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Binary fractions must not touch money: the sources of money and tariff may not even contain the means. */
const FORBIDDEN: readonly [what: string, pattern: RegExp][] = [
  ['Number(…)', /\bNumber\(/],
  ['parseFloat', /\bparseFloat\b/],
  ['Math.…', /\bMath\./],
  ['a decimal literal', /(?<![\w.])\d+\.\d+/],
  ['unary plus', /[=(,?:]\s*\+[\w(]/],
  ['division of numbers', /[\w)\]]\s+\/\s+(?!\/)(?!denominator|divisor|prime|10n)\w/],
  ['toPrecision or toExponential', /\.to(Precision|Exponential)\(/],
];
const libraries = fileURLToPath(new URL('../../', import.meta.url));

function sources(library: string): string[] {
  const root = path.join(libraries, library, 'src');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => path.join(root, file));
}

/** Without comments, strings and regular expressions. */
const codeOf = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '')
    .replaceAll(/= \/\^.*\/;$/gm, '').replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''").replaceAll(/`(?:[^`\\]|\\.)*`/g, '``');

const offences = (code: string): string[] => FORBIDDEN.filter(([, pattern]) => pattern.test(code)).map(([what]) => what);

describe('money and tariff', () => {
  it.each(['money', 'tariff'])('%s has no number arithmetic on amounts', (library) => {
    const found = sources(library).flatMap((file) =>
      offences(codeOf(readFileSync(file, 'utf8'))).map((what) => `${path.relative(libraries, file)}: ${what}`));
    expect(found).toEqual([]);
    expect(sources(library).length).toBeGreaterThan(0);
  });

  it.each([
    'const net = Number(price) * 2;', 'parseFloat(text)', 'Math.round(total)', 'const rate = 0.19;', 'f(+price)', 'const hours = seconds / 3600;',
    'value.toPrecision(3)',
  ])('would notice %s', (line) => {
    expect(offences(codeOf(line))).not.toEqual([]);
  });
});
