import type { ContractRules } from './contract-rules.ts';
import type { EpochMillis } from './instant.ts';

/** A contract as a decision needs it; who stands behind it is not part of it. */
export interface Contract {
  readonly contractRef: string;
  readonly providerId: string;
  readonly tariffPlanId: string;
  readonly status: 'active' | 'blocked';
  readonly validFrom: EpochMillis;
  /** Exclusive; `null` = open end. */
  readonly validUntil: EpochMillis | null;
  readonly rules: ContractRules;
}

/** An RFID card. Its number is not here: cards are found by the keyed fingerprint of it. */
export interface Card {
  readonly cardRef: string;
  readonly contractRef: string;
  readonly status: 'active' | 'blocked';
  /** Exclusive; `null` = as long as its contract. */
  readonly validUntil: EpochMillis | null;
}

/** How a provider works with HBS (OICP §1): it asks us, it decides by the list we uploaded, or first the one, then the other. */
export type ProviderMode = 'online' | 'offline' | 'hybrid';
