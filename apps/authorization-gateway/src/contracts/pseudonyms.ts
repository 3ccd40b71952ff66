import { evcoKey, reversedUid, type EvcoId, type Uid } from '@emp/oicp';
import { Vault } from '@emp/vault';
import { Injectable } from '@nestjs/common';

/** Digits of a fingerprint in our own references: 80 bits, no two of ten million alike. */
const REF_DIGITS = 20;

/** Our names for cards, contracts and customers: stable, and without the pepper nobody finds the number behind them. */
@Injectable()
export class Pseudonyms {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  cardFingerprint(uid: Uid): string {
    return this.#vault.fingerprint('uid', uid);
  }

  reversedCardFingerprint(uid: Uid): string {
    return this.#vault.fingerprint('uid', reversedUid(uid));
  }

  contractFingerprint(evcoId: EvcoId): string {
    return this.#vault.fingerprint('evco', evcoKey(evcoId));
  }

  /** Tells texts apart (records, odd ids) without telling what they say. The prefix: no contract id is like it. */
  textFingerprint(text: string): string {
    return this.#vault.fingerprint('evco', `text/${text}`);
  }

  customerRef(customer: string): string {
    return `cus-${this.#vault.fingerprint('evco', `customer/${customer}`).slice(0, REF_DIGITS)}`;
  }

  cardRef = (fingerprint: string): string => `card-${fingerprint.slice(0, REF_DIGITS)}`;
  contractRef = (fingerprint: string): string => `con-${fingerprint.slice(0, REF_DIGITS)}`;
}
