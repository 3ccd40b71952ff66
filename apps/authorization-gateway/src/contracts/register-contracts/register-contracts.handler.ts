import type { Database, Transaction } from '@emp/database';
import { CardRegisteredV1, ContractRegisteredV1, newEvent } from '@emp/events';
import type { Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, DATABASE, LOG, OUTBOX, type Log } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { CardIndexKeeper } from '../card-index/card-index-keeper.ts';
import { TermsRegistrar, type TermsOf } from '../rules/terms-registrar.ts';
import { ContractRecords, cardFacts, contractFacts } from './contract-records.ts';
import type { CardToRegister, ContractToRegister } from './contracts-request.ts';
import {
  announceChange,
  upsertCards,
  upsertContracts,
  type CardRecord,
  type ContractRecord,
} from './register-contracts.store.ts';

export interface Registered {
  readonly contracts: { readonly changed: number; readonly unchanged: number };
  readonly cards: { readonly changed: number; readonly unchanged: number };
}

export interface CardOfContract {
  readonly contractRef: string;
  readonly card: CardToRegister;
}

export interface RegisterOptions {
  /** What is committed together with it. */
  readonly alongside?: (tx: Transaction, registered: Registered) => Promise<void>;
  /** `now`: known at the door before it returns. `follows`: as on every other replica, a moment later. */
  readonly index?: 'now' | 'follows';
}

interface ToWrite {
  readonly contracts: readonly ContractRecord[];
  readonly cards: readonly CardRecord[];
  readonly terms: readonly TermsOf[];
}

/** Registers contracts with their cards, tells what changed, and knows it at the door before it returns. */
@Injectable()
export class RegisterContractsHandler {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    private readonly records: ContractRecords,
    private readonly keeper: CardIndexKeeper,
    private readonly terms: TermsRegistrar,
  ) {}

  async register(given: readonly ContractToRegister[], more: RegisterOptions = {}): Promise<Registered> {
    const contracts = given.map((contract) => this.records.contract(contract));
    const cards = given.flatMap((contract, index) =>
      contract.cards.map((card) => this.records.card(card, contracts[index]?.contractRef ?? '')),
    );
    const terms = given.map((each, index) => ({ contractRef: contracts[index]?.contractRef ?? '', terms: each.terms }));
    return this.#write({ contracts, cards, terms }, more);
  }

  /** Cards of contracts that are registered. A card that was another contract's becomes this one's. */
  registerCards(given: readonly CardOfContract[], more: RegisterOptions = {}): Promise<Registered> {
    const cards = given.map(({ card, contractRef }) => this.records.card(card, contractRef));
    return this.#write({ contracts: [], cards, terms: [] }, more);
  }

  async #write(
    { contracts, cards, terms }: ToWrite,
    { alongside, index = 'now' }: RegisterOptions,
  ): Promise<Registered> {
    const now = this.clock.now();
    const prepared = await this.terms.prepare(terms);
    const [touched, registered] = await this.database.transaction(async (tx) => {
      const changed = await upsertContracts(tx, contracts, now);
      const contractRefs = new Set([...changed, ...(await this.terms.register(tx, prepared, now))]);
      const cardRefs = await upsertCards(tx, cards, now);
      await this.outbox.append(
        tx,
        ...contracts
          .filter((each) => contractRefs.has(each.contractRef))
          .map((each) => newEvent(ContractRegisteredV1, contractFacts(each), { time: now })),
        ...cards
          .filter((each) => cardRefs.has(each.cardRef))
          .map((each) => newEvent(CardRegisteredV1, cardFacts(each), { time: now })),
      );
      const touched = touchedBy(contractRefs, cards, cardRefs);
      await announceChange(tx, touched);
      const registered = {
        contracts: { changed: contractRefs.size, unchanged: contracts.length - contractRefs.size },
        cards: { changed: cardRefs.size, unchanged: cards.length - cardRefs.size },
      };
      await alongside?.(tx, registered);
      return [touched, registered] as const;
    });
    if (index === 'now') await this.keeper.refreshed(touched);
    this.log[index === 'now' ? 'info' : 'debug'](registered, 'contracts registered');
    return registered;
  }
}

/** Contracts whose entry in the index is out of date. */
function touchedBy(
  contractRefs: ReadonlySet<string>,
  cards: readonly CardRecord[],
  cardRefs: ReadonlySet<string>,
): readonly string[] {
  const ofCards = cards.filter(({ cardRef }) => cardRefs.has(cardRef)).map(({ contractRef }) => contractRef);
  return [...new Set([...contractRefs, ...ofCards])];
}
