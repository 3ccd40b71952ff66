import type { EvcoId } from '@emp/oicp';
import type { Providers } from '../../providers.ts';
import {
  readCardLine,
  readContract,
  type CardToRegister,
  type ContractToRegister,
  type Rejection,
} from '../register-contracts/contracts-request.ts';
import { CsvReader, type CsvColumns, type CsvRow } from './csv-columns.ts';
import type { SourceLine } from './source-lines.ts';

export type ImportKind = 'contracts' | 'cards';
export type ImportFormat = 'csv' | 'ndjson';

/** What stands on one line: something to register, or why not. */
export type ReadLine =
  | { readonly kind: 'contract'; readonly number: number; readonly contract: ContractToRegister }
  | { readonly kind: 'card'; readonly number: number; readonly evcoId: EvcoId; readonly card: CardToRegister }
  | { readonly kind: 'refused'; readonly number: number; readonly reasons: readonly Rejection[] };

const MOST_REASONS = 20;

const COLUMNS: Readonly<Record<ImportKind, CsvColumns>> = {
  contracts: {
    names: [
      'contractId',
      'providerId',
      'customerRef',
      'tariffPlanId',
      'status',
      'validFrom',
      'validUntil',
      'hashedPin',
      'cards',
    ],
    required: ['contractId', 'providerId', 'customerRef', 'tariffPlanId', 'validFrom'],
  },
  cards: { names: ['uid', 'contractId', 'status', 'validUntil'], required: ['uid', 'contractId'] },
};

/** Reads one line after the other; the first one of a CSV file is its header. */
export class LineReader {
  #csv: CsvReader | undefined;

  constructor(
    private readonly kind: ImportKind,
    private readonly format: ImportFormat,
    private readonly providers: Providers,
  ) {}

  /** `undefined` for the header. @throws HeaderFault */
  read(line: SourceLine): ReadLine | undefined {
    if (this.format === 'csv' && !this.#csv) {
      const csv = line.fault ?? CsvReader.of(line.text, COLUMNS[this.kind]);
      if (typeof csv === 'string') throw new HeaderFault(csv);
      this.#csv = csv;
      return undefined;
    }
    const value = line.fault ?? this.#valueOf(line.text);
    if (typeof value === 'string') return refusal(line.number, [{ pointer: '', detail: value }]);
    return this.kind === 'contracts' ? this.#contract(line.number, value) : this.#card(line.number, value);
  }

  #contract(number: number, value: object): ReadLine {
    const rejected: Rejection[] = [];
    const contract = readContract(value, { pointer: '', providers: this.providers, seen: new Set(), rejected });
    return contract && rejected.length === 0 ? { kind: 'contract', number, contract } : refusal(number, rejected);
  }

  #card(number: number, value: object): ReadLine {
    const rejected: Rejection[] = [];
    const read = readCardLine(value, rejected);
    if (!read) return refusal(number, rejected);
    const { contractId, ...card } = read;
    return { kind: 'card', number, evcoId: contractId, card };
  }

  /** The object that a line is, or what is wrong with it. */
  #valueOf(text: string): object | string {
    if (this.#csv) {
      const row = this.#csv.row(text);
      return typeof row === 'string' ? row : withCards(row);
    }
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : 'a JSON object is expected';
    } catch {
      // The parser's words would repeat what stands on the line.
      return 'the line is not JSON';
    }
  }
}

/** The file cannot be read at all. */
export class HeaderFault extends Error {}

const refusal = (number: number, reasons: readonly Rejection[]): ReadLine => ({
  kind: 'refused',
  number,
  reasons: reasons.slice(0, MOST_REASONS),
});

/** In a CSV file a contract's cards are UIDs with spaces between them. */
function withCards(row: CsvRow): CsvRow {
  const { cards } = row;
  return typeof cards === 'string' ? { ...row, cards: cards.split(/\s+/).map((uid) => ({ uid })) } : row;
}
