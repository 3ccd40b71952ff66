import { EXPORT_COLUMNS, NUMBERS, type ExportedRow } from './export-columns.ts';

export type ExportFormat = 'csv' | 'ndjson';

export const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson; charset=utf-8',
};

export const csvHead = (): string => `${EXPORT_COLUMNS.map(([column]) => column).join(',')}\r\n`;

/** What a spreadsheet would take for the beginning of a formula, full-width forms included. */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const QUOTED = /[",\r\n]/;
const IS_NUMBER = EXPORT_COLUMNS.map(([column]) => NUMBERS.has(column));

/**
 * A line of CSV (RFC 4180). A text that came from elsewhere stays a text in a spreadsheet: an apostrophe goes before what
 * would calculate.
 */
export function csvLine(row: ExportedRow): string {
  let line = '';
  for (let at = 0; at < row.length; at += 1) {
    if (at > 0) line += ',';
    const value = row[at] ?? '';
    const text = IS_NUMBER[at] !== true && FORMULA.test(value) ? `'${value}` : value;
    line += QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
  return `${line}\r\n`;
}
