import type { Card, Contract } from '../../domain/contract.ts';
import { IndexContents } from './index-contents.ts';

/** A card as the index is fed with it. */
export interface IndexedCard extends Card {
  readonly fingerprint: string;
}

/**
 * All cards and contracts in memory, found by keyed fingerprint: most requests are about cards of other providers
 * (OICP §6.2) and must cost no I/O. Filled and kept current by `CardIndexKeeper`.
 */
export class CardIndex {
  #contents = new IndexContents();
  /** When, by `performance.now()`, it stopped to be current; `undefined` while changes are heard. */
  #staleSince: number | undefined = performance.now();

  card(fingerprint: string): Card | undefined {
    return this.#contents.card(fingerprint);
  }

  contract(contractRef: string): Contract | undefined {
    return this.#contents.contract(contractRef);
  }

  get size(): { readonly cards: number; readonly contracts: number } {
    return this.#contents.size;
  }

  /** Seconds since changes were last known to be heard; 0 while they are. */
  get staleSeconds(): number {
    return this.#staleSince === undefined ? 0 : (performance.now() - this.#staleSince) / 1_000;
  }

  becameCurrent(): void {
    this.#staleSince = undefined;
  }

  becameStale(): void {
    this.#staleSince ??= performance.now();
  }

  put(contracts: readonly Contract[], cards: readonly IndexedCard[]): void {
    this.#contents.put(contracts, cards);
  }

  /** Fills new contents page by page while the old ones serve, then changes over at once. */
  async replace(
    pages: AsyncIterable<{ readonly contracts: readonly Contract[]; readonly cards: readonly IndexedCard[] }>,
  ): Promise<void> {
    const contents = new IndexContents();
    for await (const { contracts, cards } of pages) contents.put(contracts, cards);
    this.#contents = contents;
  }
}
