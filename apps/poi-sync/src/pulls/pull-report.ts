import { FindingTally } from '../domain/finding-tally.ts';
import type { Duplicate } from './pull-run.ts';

/** Notes and duplicates beyond this are only counted: a report stays readable, and small. */
const MOST_NAMED = 500;

/** What a running pull has found so far. */
export class PullReport {
  readonly findings = new FindingTally();
  readonly #counts = new Map<string, number>();
  readonly #duplicates: Duplicate[] = [];
  readonly #notes: string[] = [];

  count(what: string, by = 1): void {
    this.#counts.set(what, this.valueOf(what) + by);
  }

  valueOf(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  duplicate(duplicate: Duplicate): void {
    this.count('duplicates');
    if (this.#duplicates.length < MOST_NAMED) this.#duplicates.push(duplicate);
  }

  note(text: string): void {
    if (this.#notes.length < MOST_NAMED) this.#notes.push(text);
  }

  /** As it is stored: four JSON texts. */
  columns(): readonly [counts: string, findings: string, duplicates: string, notes: string] {
    return [
      JSON.stringify(Object.fromEntries(this.#counts)), JSON.stringify(this.findings),
      JSON.stringify(this.#duplicates), JSON.stringify(this.#notes),
    ];
  }
}
