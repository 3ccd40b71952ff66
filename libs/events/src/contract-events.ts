import { defineEvent } from './event.ts';

/** A contract as other services need it; no name, no EvcoID: `contractRef` is ours and pseudonymous. */
export interface ContractFacts {
  readonly contractRef: string;
  /** The provider (brand or sub-provider) that owns the contract, e.g. `DE-EMP`. */
  readonly providerId: string;
  readonly customerRef: string;
  readonly tariffPlanId: string;
  readonly status: 'active' | 'blocked';
  /** RFC 3339 instants; `validUntil` is exclusive, `null` = open end. */
  readonly validFrom: string;
  readonly validUntil: string | null;
  /** Keyed hash of the EvcoID, for records that carry nothing else. */
  readonly evcoFingerprint: string;
}

const contractSample: ContractFacts = {
  contractRef: 'con-0001', providerId: 'DE-EMP', customerRef: 'cus-0001', tariffPlanId: 'standard', status: 'active',
  validFrom: '2026-01-01T00:00:00.000Z', validUntil: null, evcoFingerprint: '4f2a',
};

export const ContractRegisteredV1 = defineEvent({
  type: 'ContractRegistered',
  topic: 'emp.contract.v1',
  about: 'A contract was registered, or registered anew with other facts: always the whole of it.',
  key: (data: ContractFacts) => data.contractRef,
  samples: [contractSample],
});

export interface CardFacts {
  readonly cardRef: string;
  readonly contractRef: string;
  /** Keyed hash of the normalised UID. */
  readonly fingerprint: string;
  readonly status: 'active' | 'blocked';
  readonly validUntil: string | null;
}

export const CardRegisteredV1 = defineEvent({
  type: 'CardRegistered',
  topic: 'emp.contract.v1',
  about: 'A card was registered, blocked, freed or given another end: always the whole of it.',
  key: (data: CardFacts) => `${data.contractRef}/${data.cardRef}`,
  samples: [{ cardRef: 'card-0001', contractRef: 'con-0001', fingerprint: '9c1e', status: 'active', validUntil: null } as CardFacts],
});
