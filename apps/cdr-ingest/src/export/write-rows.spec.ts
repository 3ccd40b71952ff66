import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { EXPORT_COLUMNS, NUMBERS } from './export-columns.ts';
import { csvHead, csvLine } from './write-rows.ts';

const columns = EXPORT_COLUMNS.map(([column]) => column);
const rowWith = (column: string, value: string): (string | null)[] => columns.map((each) => (each === column ? value : null));
const cell = (column: string, value: string): string => csvLine(rowWith(column, value)).replaceAll(/^,*|,*\r\n$/g, '');
const awkward = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', '-', '+', '@', 'a', '\uFF1D', '\t') }), fc.constant(null));

describe('a line of CSV', () => {
  it('is read by others as it was meant, whatever the values', () => {
    const texts = columns.map((column) => (NUMBERS.has(column) ? fc.constantFrom('-5.0', '11', null) : awkward));
    fc.assert(fc.property(fc.array(fc.tuple(...texts), { minLength: 1, maxLength: 3 }), (rows) => {
      const read = parse(rows.map(csvLine).join(''), { record_delimiter: '\r\n' }) as string[][];
      expect(read).toEqual(rows.map((row) => row.map((value, at) => {
        const text = value ?? '';
        return !NUMBERS.has(columns[at] ?? '') && /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
      })));
    }));
  });

  it.each([
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`], ['+49*536*1', `'+49*536*1`], ['-1+1', `'-1+1`], ['@SUM(A1)', `'@SUM(A1)`],
    ['\uFF1D1', `'\uFF1D1`], ['\t=1', `'\t=1`], ['DE*SIM*E1', 'DE*SIM*E1'],
  ])('makes a text of %j: %j', (value, written) => {
    expect(cell('evseId', value)).toBe(written);
  });

  it('leaves a negative number a number', () => {
    expect(cell('energyKwh', '-5.0')).toBe('-5.0');
  });

  it('comes under its head, and tells nothing that identified the driver', () => {
    expect(csvHead().split(',')).toHaveLength(columns.length);
    expect(EXPORT_COLUMNS.flat().join(' ')).not.toMatch(/fingerprint|sealed|hash/);
  });
});
