import type { StatusCode } from '@emp/oicp';
import type { EvseStatusEntry } from '../pages.ts';
import { RecordScanner } from './record-scanner.ts';

export interface OperatorRecords {
  readonly operatorId: string | null;
  readonly records: readonly EvseStatusEntry[];
  readonly unreadable: number;
}

type Tag = 'record' | 'operator' | 'status-code';

/**
 * Reads the answer of PullEvseStatus while it arrives (OICP §7.7): batches of records of one operator each. Tolerates
 * the spellings of the word that occur: `EvseStatuses`, `EVSEStatuses`, `EvseStatusRecord`, `EVSEStatus`.
 */
export class StatusReader {
  readonly #batchSize: number;
  readonly #scanner: RecordScanner<Tag>;
  readonly #ready: OperatorRecords[] = [];
  #operatorId: string | null = null;
  #records: EvseStatusEntry[] = [];
  #unreadable = 0;
  #sawStatuses = false;
  #statusCode: StatusCode | undefined;

  constructor(batchSize: number) {
    this.#batchSize = batchSize;
    this.#scanner = new RecordScanner<Tag>({
      wanted: (path) => this.#wanted(path),
      found: (tag, text) => this.#found(tag, text),
    });
  }

  /** The document's end was seen. */
  get complete(): boolean {
    return this.#scanner.complete;
  }

  /** It had the member that makes it a status answer, be it empty. */
  get sawStatuses(): boolean {
    return this.#sawStatuses;
  }

  get statusCode(): StatusCode | undefined {
    return this.#statusCode;
  }

  /** Batches that became full or whose operator ended. @throws NotJson */
  push(piece: string): readonly OperatorRecords[] {
    this.#scanner.push(piece);
    return this.#ready.splice(0);
  }

  /** What is left at the end. */
  end(): readonly OperatorRecords[] {
    this.#flush();
    return this.#ready.splice(0);
  }

  #wanted(path: readonly string[]): Tag | undefined {
    const last = path.at(-1)?.toLowerCase();
    const before = path.at(-2)?.toLowerCase();
    if (last === '[]') {
      if (before === 'evsestatusrecord') return 'record';
      this.#flush();
      this.#operatorId = null;
    } else if (last === 'operatorid' && before === '[]') return 'operator';
    else if (last === 'evsestatuses') this.#sawStatuses = true;
    else if (last === 'statuscode' && path.length === 1) return 'status-code';
    return undefined;
  }

  #found(tag: Tag, text: string): void {
    const value = parsed(text);
    if (tag === 'operator') this.#operatorId = typeof value === 'string' ? value : null;
    else if (tag === 'status-code') {
      if (isObject(value) && typeof value['Code'] === 'string') this.#statusCode = value as unknown as StatusCode;
    } else this.#take(value);
  }

  #take(value: unknown): void {
    const entry = isObject(value) ? value : {};
    const id = entry['EvseID'] ?? entry['EvseId'] ?? entry['EVSEID'];
    const status = entry['EvseStatus'] ?? entry['EVSEStatus'];
    if (typeof id === 'string' && id !== '' && typeof status === 'string') this.#records.push({ EvseID: id, EvseStatus: status });
    else this.#unreadable += 1;
    if (this.#records.length >= this.#batchSize) this.#flush();
  }

  #flush(): void {
    if (this.#records.length === 0 && this.#unreadable === 0) return;
    this.#ready.push({ operatorId: this.#operatorId, records: this.#records, unreadable: this.#unreadable });
    this.#records = [];
    this.#unreadable = 0;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
