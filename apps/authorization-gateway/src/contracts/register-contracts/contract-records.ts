import type { CardFacts, ContractFacts } from '@emp/events';
import type { EvcoId, Uid } from '@emp/oicp';
import { Vault } from '@emp/vault';
import { Injectable } from '@nestjs/common';
import { Pseudonyms } from '../pseudonyms.ts';
import type { CardToRegister, ContractToRegister } from './contracts-request.ts';
import type { CardRecord, ContractRecord } from './register-contracts.store.ts';

/** What is stored of contracts and cards: their numbers sealed, and found by fingerprints. */
@Injectable()
export class ContractRecords {
  constructor(
    private readonly vault: Vault,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  contractRefOf(evcoId: EvcoId): string {
    return this.pseudonyms.contractRef(this.pseudonyms.contractFingerprint(evcoId));
  }

  cardRefOf(uid: Uid): string {
    return this.pseudonyms.cardRef(this.pseudonyms.cardFingerprint(uid));
  }

  contract({ evcoId, customer, cards: _, terms: __, ...facts }: ContractToRegister): ContractRecord {
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

  card({ uid, status, validUntil }: CardToRegister, contractRef: string): CardRecord {
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

export const contractFacts = ({
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

export const cardFacts = ({ sealedUid: _, validUntil, ...facts }: CardRecord): CardFacts => ({
  ...facts,
  validUntil: validUntil?.toISOString() ?? null,
});
