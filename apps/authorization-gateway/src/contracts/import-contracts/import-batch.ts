import { evcoKey } from '@emp/oicp';
import type { ReadLine } from './line-reader.ts';

/** As many lines as are committed together. */
const MOST_LINES = 1_000;
/** Contracts bring their cards. */
const MOST_KEYS = 3_000;

/** Lines that are committed together: none names what another one names, so that later lines have the last word. */
export class ImportBatch {
  readonly #keys = new Set<string>();
  readonly lines: ReadLine[] = [];

  /** `false`: it does not fit any more, or repeats what an earlier line named; commit first. */
  take(line: ReadLine): boolean {
    const keys = keysOf(line);
    if (this.lines.length >= MOST_LINES || this.#keys.size >= MOST_KEYS) return false;
    if (keys.some((key) => this.#keys.has(key))) return false;
    for (const key of keys) this.#keys.add(key);
    this.lines.push(line);
    return true;
  }
}

function keysOf(line: ReadLine): readonly string[] {
  if (line.kind === 'contract') return [evcoKey(line.contract.evcoId), ...line.contract.cards.map(({ uid }) => uid)];
  return line.kind === 'card' ? [line.card.uid] : [];
}
