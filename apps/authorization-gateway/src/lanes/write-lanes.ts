import { EmpError } from '@emp/kernel';

/** Something to write, with the key that no two of one statement may share. */
interface Waiting<Item, Result> {
  readonly key: string;
  readonly item: Item;
  readonly since: number;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface LaneOptions<Item, Result> {
  /** Writes all in one statement; results in the order of the items. */
  readonly write: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Statements at once, at most. */
  readonly lanes: number;
  /** Another lane opens when the others are at it for so long: many in one commit cost less than few in two. Default 0. */
  readonly anotherAfterMs?: number;
  readonly mostAtOnce: number;
  /** Who waits longer is given up before anything is written: nobody waits for the answer any more. */
  readonly longestWaitMs: number;
}

/**
 * Writes what comes alone at once, and what comes while every lane is busy together: under load one commit serves many.
 * If they are refused for what one of them holds, or stand in another transaction's way, each is tried by itself.
 */
export class WriteLanes<Item, Result> {
  readonly #options: LaneOptions<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  readonly #writing = new Set<string>();
  #busy = 0;
  #lastBegunAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LaneOptions<Item, Result>) {
    this.#options = options;
  }

  write(key: string, item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, item, since: performance.now(), resolve, reject });
      this.#go();
    });
  }

  #go(): void {
    while (this.#waiting.length > 0 && this.#mayOpenLane()) {
      const batch = this.#take();
      if (batch.length === 0) return;
      this.#busy += 1;
      this.#lastBegunAt = performance.now();
      void this.#writeAll(batch).finally(() => {
        this.#busy -= 1;
        for (const { key } of batch) this.#writing.delete(key);
        this.#go();
      });
    }
  }

  #mayOpenLane(): boolean {
    const { lanes, anotherAfterMs = 0 } = this.#options;
    if (this.#busy === 0 || this.#busy >= lanes) return this.#busy === 0;
    const leftMs = this.#lastBegunAt + anotherAfterMs - performance.now();
    if (leftMs <= 0) return true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#go();
    }, Math.ceil(leftMs));
    return false;
  }

  /** The oldest that wait, each key once, none that another lane is writing. */
  #take(): Waiting<Item, Result>[] {
    const tooOld = performance.now() - this.#options.longestWaitMs;
    const batch: Waiting<Item, Result>[] = [];
    const later: Waiting<Item, Result>[] = [];
    for (const each of this.#waiting) {
      if (each.since < tooOld) {
        each.reject(new EmpError('database-busy', 'no connection was free in time', { retry: 'helps' }));
      } else if (batch.length < this.#options.mostAtOnce && !this.#writing.has(each.key)) {
        this.#writing.add(each.key);
        batch.push(each);
      } else {
        later.push(each);
      }
    }
    this.#waiting = later;
    return batch;
  }

  async #writeAll(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.write(batch.map(({ item }) => item));
      batch.forEach((each, at) => each.resolve(results[at] as Result));
    } catch (error) {
      if (batch.length > 1 && mayGoOneByOne(error)) for (const each of batch) await this.#writeAll([each]);
      else for (const each of batch) each.reject(error);
    }
  }
}

/** What one of them holds is refused, or two transactions were in each other's way: nothing was written. */
const mayGoOneByOne = (error: unknown): boolean =>
  error instanceof EmpError && (error.retry === 'useless' || error.slug === 'database-conflict');
