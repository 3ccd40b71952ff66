import type { Database } from '@emp/database';
import { CardRegisteredV1, ContractRegisteredV1, newEvent, type CardFacts, type ContractFacts } from '@emp/events';
import { messageOf, type Clock } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import { CLOCK, DATABASE, LOG, OUTBOX, type Log } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { CardIndexKeeper } from '../card-index/card-index-keeper.ts';
import { Pseudonyms } from '../pseudonyms.ts';
import { TermsRegistrar } from '../rules/terms-registrar.ts';
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

/** Registers contracts with their cards, tells what changed, and knows it at the door before it returns. */
@Injectable()
export class RegisterContractsHandler {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    private readonly vault: Vault,
    private readonly pseudonyms: Pseudonyms,
    private readonly keeper: CardIndexKeeper,
    private readonly terms: TermsRegistrar,
  ) {}

  async register(given: readonly ContractToRegister[]): Promise<Registered> {
    const now = this.clock.now();
    const contracts = given.map((contract) => this.#contractRecord(contract));
    const cards = given.flatMap((contract, index) =>
      contract.cards.map((card) => this.#cardRecord(card, contracts[index]?.contractRef ?? '')),
    );
    const terms = await this.terms.prepare(
      given.map(({ terms }, index) => ({ contractRef: contracts[index]?.contractRef ?? '', terms })),
    );
    const { contractRefs, cardRefs } = await this.database.transaction(async (tx) => {
      const changed = await upsertContracts(tx, contracts, now);
      const contractRefs = new Set([...changed, ...(await this.terms.register(tx, terms, now))]);
      const cardRefs = await upsertCards(tx, cards, now);
      await this.outbox.append(
        tx,
        ...contracts
          .filter((each) => contractRefs.has(each.contractRef))
          .map((each) => newEvent(ContractRegisteredV1, factsOf(each), { time: now })),
        ...cards
          .filter((each) => cardRefs.has(each.cardRef))
          .map((each) => newEvent(CardRegisteredV1, cardFactsOf(each), { time: now })),
      );
      await announceChange(tx, touched(contractRefs, cards, cardRefs));
      return { contractRefs, cardRefs };
    });
    await this.keeper.refresh(touched(contractRefs, cards, cardRefs)).catch((error: unknown) => {
      this.log.warn({ reason: messageOf(error) }, 'registered contracts not yet known at the door');
    });
    const result = {
      contracts: { changed: contractRefs.size, unchanged: contracts.length - contractRefs.size },
      cards: { changed: cardRefs.size, unchanged: cards.length - cardRefs.size },
    };
    this.log.info(result, 'contracts registered');
    return result;
  }

  #contractRecord({ evcoId, customer, cards: _, terms: __, ...facts }: ContractToRegister): ContractRecord {
    const evcoFingerprint = this.pseudonyms.contractFingerprint(evcoId);
    return {
      contractRef: this.pseudonyms.contractRef(evcoFingerprint),
      evcoFingerprint,
      sealedEvcoId: this.vault.seal(evcoId),
      customerRef: this.pseudonyms.customerRef(customer),
      sealedCustomer: this.vault.seal(customer),
      ...facts,
    };
  }

  #cardRecord({ uid, status, validUntil }: CardToRegister, contractRef: string): CardRecord {
    const fingerprint = this.pseudonyms.cardFingerprint(uid);
    return {
      cardRef: this.pseudonyms.cardRef(fingerprint),
      fingerprint,
      sealedUid: this.vault.seal(uid),
      contractRef,
      status,
      validUntil,
    };
  }
}

/** Contracts whose entry in the index is out of date. */
function touched(
  contractRefs: ReadonlySet<string>,
  cards: readonly CardRecord[],
  cardRefs: ReadonlySet<string>,
): readonly string[] {
  const ofCards = cards.filter(({ cardRef }) => cardRefs.has(cardRef)).map(({ contractRef }) => contractRef);
  return [...new Set([...contractRefs, ...ofCards])];
}

const factsOf = ({
  sealedEvcoId: _,
  sealedCustomer: __,
  validFrom,
  validUntil,
  ...facts
}: ContractRecord): ContractFacts => ({
  ...facts,
  validFrom: validFrom.toISOString(),
  validUntil: validUntil?.toISOString() ?? null,
});

const cardFactsOf = ({ sealedUid: _, validUntil, ...facts }: CardRecord): CardFacts => ({
  ...facts,
  validUntil: validUntil?.toISOString() ?? null,
});
