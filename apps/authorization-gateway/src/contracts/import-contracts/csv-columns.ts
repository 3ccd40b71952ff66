import { parse } from 'csv-parse/sync';

export type CsvRow = Readonly<Record<string, unknown>>;

export interface CsvColumns {
  readonly names: readonly string[];
  readonly required: readonly string[];
}

/**
 * Reads the lines below a header row. Values are separated as the header's are, by comma or semicolon, and may be
 * quoted; an empty one is absent. A line is a record: no value of ours has a line end, so a quote that is never closed
 * costs its own line and not the rest of the file.
 */
export class CsvReader {
  private constructor(
    private readonly names: readonly string[],
    private readonly delimiter: string,
  ) {}

  /** The reader, or what is wrong with the header. It is not repeated: without a header it is somebody's card. */
  static of(header: string, columns: CsvColumns): CsvReader | string {
    const delimiter = count(header, ';') > count(header, ',') ? ';' : ',';
    const cells = cellsOf(header, delimiter)?.map((cell) => cell.trim().toLowerCase());
    const expected = `a header with ${columns.required.join(', ')} is expected; known too are ${columns.names
      .filter((name) => !columns.required.includes(name))
      .join(', ')}`;
    if (!cells) return expected;
    const names = cells.map((cell) => columns.names.find((name) => name.toLowerCase() === cell));
    const unknown = names.findIndex((name) => name === undefined);
    if (unknown >= 0) return `column ${unknown + 1} of the header is not known: ${expected}`;
    if (new Set(names).size < names.length) return 'the header names a column twice';
    const missing = columns.required.filter((name) => !names.includes(name));
    if (missing.length > 0) return `the header lacks ${missing.join(', ')}: ${expected}`;
    return new CsvReader(names as string[], delimiter);
  }

  /** The row, or what is wrong with the line. */
  row(line: string): CsvRow | string {
    const cells = cellsOf(line, this.delimiter);
    if (!cells) return 'a quoted value does not end on its line, or goes on after its end';
    if (cells.length !== this.names.length) return `has ${cells.length} values instead of ${this.names.length}`;
    const row: Record<string, unknown> = {};
    for (const [index, name] of this.names.entries()) {
      const cell = cells[index]?.trim();
      if (cell) row[name] = cell;
    }
    return row;
  }
}

function cellsOf(line: string, delimiter: string): readonly string[] | undefined {
  if (!line.includes('"')) return line.split(delimiter);
  try {
    const records = parse(line, { delimiter, relax_column_count: true, trim: true }) as string[][];
    return records.length === 1 ? records[0] : undefined;
  } catch {
    // Its words would repeat what stands on the line.
    return undefined;
  }
}

const count = (text: string, character: string): number => text.split(character).length;
