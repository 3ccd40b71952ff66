import { stringify } from 'csv-stringify/sync';
import { EXPORT_COLUMNS, NUMBERS, type ExportedRow } from './export-columns.ts';

export type ExportFormat = 'csv' | 'ndjson';

export const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson; charset=utf-8',
};

/** What stands before the rows. */
export function headOf(format: ExportFormat): string {
  return format === 'csv' ? csv([EXPORT_COLUMNS.map(([column]) => column)]) : '';
}

/** Rows as text: RFC 4180, or a JSON object a line. */
export function rowsText(format: ExportFormat, rows: readonly ExportedRow[]): string {
  return format === 'csv' ? csv(rows.map(guarded)) : rows.map(line).join('');
}

const csv = (rows: readonly ExportedRow[]): string => stringify(rows as unknown[][], { record_delimiter: '\r\n' });

/** What a spreadsheet would take for the beginning of a formula, full-width forms included. */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;
const IS_NUMBER = EXPORT_COLUMNS.map(([column]) => NUMBERS.has(column));

/** A text that came from elsewhere stays a text in a spreadsheet: an apostrophe goes before what would calculate. */
function guarded(row: ExportedRow): ExportedRow {
  return row.map((value, at) => (value !== null && IS_NUMBER[at] !== true && FORMULA.test(value) ? `'${value}` : value));
}

const MEMBERS = EXPORT_COLUMNS.map(([column]) => `${JSON.stringify(column)}:`);

/** One JSON object a line; findings as a list. */
function line(row: ExportedRow): string {
  const members = row.map((value, at) => {
    const name = EXPORT_COLUMNS[at]?.[0];
    if (name === 'version') return `${MEMBERS[at]}${value}`;
    if (name === 'findings') return `${MEMBERS[at]}${JSON.stringify(value ? value.split(' ') : [])}`;
    return `${MEMBERS[at]}${value === null ? 'null' : JSON.stringify(value)}`;
  });
  return `{${members.join(',')}}\n`;
}
