import { mkdir, open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { EmpError } from '@emp/kernel';
import { parseJson } from '../json.ts';
import type { JournalEntry } from './entries.ts';

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface Replay {
  readonly entries: readonly JournalEntry[];
  /** Bytes of a last line that was torn by a crash and cut off. */
  readonly tornBytes: number;
}

/**
 * An append-only file of JSON lines. `append` resolves when the line is on the disk (fsync); lines that come while the
 * disk is busy share the next fsync.
 */
export class Journal {
  readonly #file: FileHandle;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #closed = false;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Reads what is there, cuts off a torn last line, opens for appending. */
  static async open(directory: string): Promise<{ journal: Journal; replay: Replay }> {
    await mkdir(directory, { recursive: true });
    const place = path.join(directory, 'journal.ndjson');
    const replay = await replayFrom(place);
    const file = await open(place, 'a');
    await file.sync();
    return { journal: new Journal(file), replay };
  }

  async append(entry: JournalEntry): Promise<void> {
    if (this.#closed) throw new EmpError('journal-closed', 'the simulator is stopping', { retry: 'useless' });
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ line: `${JSON.stringify(entry)}\n`, resolve, reject });
    });
    this.#flushing ??= this.#flush().finally(() => { this.#flushing = undefined; });
    return written;
  }

  async close(): Promise<void> {
    this.#closed = true;
    while (this.#flushing !== undefined) await this.#flushing;
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0);
      try {
        await this.#file.appendFile(batch.map(({ line }) => line).join(''));
        await this.#file.datasync();
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}

async function replayFrom(place: string): Promise<Replay> {
  const bytes = await readFile(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) await truncate(place, end);
  const entries: JournalEntry[] = [];
  for (const [index, line] of bytes.subarray(0, end).toString('utf8').split('\n').entries()) {
    if (line === '') continue;
    const entry = parseJson(line);
    if (entry === undefined) {
      throw new EmpError('journal-damaged', `${place}: line ${index + 1} is not JSON; mend it or move the file away`, { retry: 'useless' });
    }
    entries.push(entry as JournalEntry);
  }
  return { entries, tornBytes: bytes.length - end };
}
