/** Colours of a terminal, or none. */
export interface Ink {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

export function ink(colours: boolean): Ink {
  const paint =
    (on: number, off: number) =>
    (text: string): string =>
      colours && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), yellow: paint(33, 39), green: paint(32, 39) };
}

/**
 * Rows in aligned columns, the last one ragged. Cells may be coloured: what a terminal does not show does not count.
 */
export function table(
  rows: readonly (readonly string[])[],
  { indent = '', gap = 2 }: { readonly indent?: string; readonly gap?: number } = {},
): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, shown(cell));
    });
  return (
    rows
      .map(
        (row) =>
          indent +
          row
            .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - shown(cell) + gap))
            .join('')
            .trimEnd(),
      )
      .join('\n') + (rows.length > 0 ? '\n' : '')
  );
}

/** Name and value below each other, values that are `undefined` or empty left out. */
export function facts(pairs: readonly (readonly [name: string, value: string | undefined])[], indent = '  '): string {
  return table(
    pairs.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
    { indent },
  );
}

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Text from outside for a terminal: control characters could move the cursor or worse, so they are shown as `·`.
 */
export const printable = (text: string): string =>
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '·');

const shown = (cell: string): number => [...cell.replaceAll(/\u001b\[\d+m/g, '')].length;
