import { NO_RULES, type ContractRules } from '../../domain/contract-rules.ts';
import type { Card, Contract } from '../../domain/contract.ts';
import type { IndexedCard } from './card-index.ts';
import { Column, PackedKeys } from './packed-keys.ts';

const FINGERPRINT_DIGITS = 32;
/** Of our references, see `Pseudonyms`. */
const REF_DIGITS = 20;
const CARD = 'card-';
const CONTRACT = 'con-';

/** What many contracts have in common: kept once. */
type Terms = Pick<Contract, 'providerId' | 'tariffPlanId' | 'status' | 'rules'>;

/**
 * What is known about cards at one moment, in some 70 bytes for a card with its contract. References are what our own
 * `Pseudonyms` make of fingerprints, so they are told from the keys; any other form is taken too, at a Map's price.
 */
export class IndexContents {
  readonly #cards = new PackedKeys(FINGERPRINT_DIGITS);
  /** Number of the contract, doubled, plus one if the card is blocked. */
  readonly #cardFacts = new Column(new Uint32Array(1_024));
  readonly #cardEnds = new Column(new Float64Array(1_024));

  readonly #contracts = new PackedKeys(REF_DIGITS);
  /** Number of the terms; 0 for a contract that only its cards have told of. */
  readonly #contractTerms = new Column(new Uint32Array(1_024));
  readonly #contractBegins = new Column(new Float64Array(1_024));
  readonly #contractEnds = new Column(new Float64Array(1_024));
  #contractsToldOf = 0;

  readonly #terms: Terms[] = [
    { providerId: '', tariffPlanId: '', status: 'blocked', rules: NO_RULES },
  ];
  readonly #termNumbers = new Map<string, number>();
  /** The same rules are the same object, for as long as these contents live. */
  readonly #ruleNumbers = new Map<string, number>();
  #lastRules: ContractRules = NO_RULES;
  #lastRuleNumber = 0;

  readonly #otherCards = new Map<string, Card>();
  readonly #otherContracts = new Map<string, Contract>();

  get size(): { readonly cards: number; readonly contracts: number } {
    return {
      cards: this.#cards.size + this.#otherCards.size,
      contracts: this.#contractsToldOf + this.#otherContracts.size,
    };
  }

  card(fingerprint: string): Card | undefined {
    const row = this.#cards.find(fingerprint);
    if (row < 0 || this.#otherCards.size > 0) {
      const other = this.#otherCards.get(fingerprint);
      if (row < 0 || other !== undefined) return other;
    }
    const facts = this.#cardFacts.at(row);
    return {
      cardRef: CARD + fingerprint.slice(0, REF_DIGITS),
      contractRef: CONTRACT + this.#contracts.keyOf(facts >>> 1),
      status: facts % 2 === 1 ? 'blocked' : 'active',
      validUntil: endOf(this.#cardEnds.at(row)),
    };
  }

  contract(contractRef: string): Contract | undefined {
    const row = contractRef.startsWith(CONTRACT) ? this.#contracts.find(contractRef.slice(CONTRACT.length)) : -1;
    const number = row < 0 ? 0 : this.#contractTerms.at(row);
    const terms = this.#terms[number];
    if (number === 0 || terms === undefined) return this.#otherContracts.get(contractRef);
    return {
      contractRef,
      providerId: terms.providerId,
      tariffPlanId: terms.tariffPlanId,
      status: terms.status,
      validFrom: this.#contractBegins.at(row),
      validUntil: endOf(this.#contractEnds.at(row)),
      rules: terms.rules,
    };
  }

  put(contracts: readonly Contract[], cards: readonly IndexedCard[]): void {
    for (const contract of contracts) this.#putContract(contract);
    for (const card of cards) this.#putCard(card);
  }

  #putContract(contract: Contract): void {
    const key = this.#contractKey(contract.contractRef);
    if (key === undefined) return void this.#otherContracts.set(contract.contractRef, contract);
    const row = this.#contracts.add(key);
    if (this.#contractTerms.at(row) === 0) this.#contractsToldOf += 1;
    this.#contractTerms.set(row, this.#numberOf(contract));
    this.#contractBegins.set(row, contract.validFrom);
    this.#contractEnds.set(row, contract.validUntil ?? Infinity);
  }

  #putCard({ fingerprint, cardRef, contractRef, status, validUntil }: IndexedCard): void {
    const contractKey = this.#contractKey(contractRef);
    const isOurs = this.#cards.takes(fingerprint) && cardRef === CARD + fingerprint.slice(0, REF_DIGITS);
    if (!isOurs || contractKey === undefined) {
      return void this.#otherCards.set(fingerprint, { cardRef, contractRef, status, validUntil });
    }
    this.#otherCards.delete(fingerprint);
    const row = this.#cards.add(fingerprint);
    this.#cardFacts.set(row, this.#contracts.add(contractKey) * 2 + (status === 'blocked' ? 1 : 0));
    this.#cardEnds.set(row, validUntil ?? Infinity);
  }

  #contractKey(contractRef: string): string | undefined {
    const key = contractRef.startsWith(CONTRACT) ? contractRef.slice(CONTRACT.length) : '';
    return this.#contracts.takes(key) ? key : undefined;
  }

  #numberOf({ providerId, tariffPlanId, status, rules }: Terms): number {
    const key = `${providerId}\n${tariffPlanId}\n${status}\n${this.#ruleNumberOf(rules)}`;
    let number = this.#termNumbers.get(key);
    if (number === undefined) {
      number = this.#terms.push({ providerId, tariffPlanId, status, rules }) - 1;
      this.#termNumbers.set(key, number);
    }
    return number;
  }

  #ruleNumberOf(rules: ContractRules): number {
    if (rules === NO_RULES) return 0;
    if (rules === this.#lastRules) return this.#lastRuleNumber;
    const key = JSON.stringify(rules);
    let number = this.#ruleNumbers.get(key);
    if (number === undefined) this.#ruleNumbers.set(key, (number = this.#ruleNumbers.size + 1));
    this.#lastRules = rules;
    this.#lastRuleNumber = number;
    return number;
  }
}

const endOf = (end: number): number | null => (end === Infinity ? null : end);
