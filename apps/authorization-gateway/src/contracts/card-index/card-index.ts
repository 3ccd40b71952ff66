import type { Card, Contract } from '../../domain/contract.ts';

/** A card as the index is fed with it. */
export interface IndexedCard extends Card {
  readonly fingerprint: string;
}

/** What is known about cards at one moment. */
class Contents {
  readonly cards = new Map<string, Card>();
  readonly contracts = new Map<string, Contract>();

  put(contracts: readonly Contract[], cards: readonly IndexedCard[]): void {
    for (const contract of contracts) this.contracts.set(contract.contractRef, contract);
    for (const { fingerprint, cardRef, contractRef, status, validUntil } of cards) {
      // The contract's own text, not another copy of it.
      const shared = this.contracts.get(contractRef)?.contractRef ?? contractRef;
      this.cards.set(fingerprint, { cardRef, contractRef: shared, status, validUntil });
    }
  }
}

/**
 * All cards and contracts in memory, found by keyed fingerprint: most requests are about cards of other providers
 * (OICP §6.2) and must cost no I/O. Filled and kept current by `CardIndexKeeper`.
 */
export class CardIndex {
  #contents = new Contents();

  card(fingerprint: string): Card | undefined {
    return this.#contents.cards.get(fingerprint);
  }

  contract(contractRef: string): Contract | undefined {
    return this.#contents.contracts.get(contractRef);
  }

  get size(): { readonly cards: number; readonly contracts: number } {
    return { cards: this.#contents.cards.size, contracts: this.#contents.contracts.size };
  }

  put(contracts: readonly Contract[], cards: readonly IndexedCard[]): void {
    this.#contents.put(contracts, cards);
  }

  /** Fills new contents page by page while the old ones serve, then changes over at once. */
  async replace(
    pages: AsyncIterable<{ readonly contracts: readonly Contract[]; readonly cards: readonly IndexedCard[] }>,
  ): Promise<void> {
    const contents = new Contents();
    for await (const { contracts, cards } of pages) contents.put(contracts, cards);
    this.#contents = contents;
  }
}
