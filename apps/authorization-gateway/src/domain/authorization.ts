import { assertNever } from '@emp/kernel';
import { isoOf, type EpochMillis } from './instant.ts';
import type { Card, Contract, ProviderMode } from './contract.ts';

/** What the driver showed, and what we know of it. `undefined` = we have no such thing. */
export type PresentedMedium =
  | { readonly kind: 'rfid'; readonly card: Card | undefined; readonly contract: Contract | undefined }
  | { readonly kind: 'qr'; readonly contract: Contract | undefined; readonly pin: PinVerdict }
  | { readonly kind: 'plug-and-charge'; readonly contract: Contract | undefined }
  | { readonly kind: 'remote' }
  | { readonly kind: 'none' };

export type PinVerdict = 'correct' | 'wrong' | 'absent' | 'none-on-record';

export interface AuthorizationFacts {
  readonly medium: PresentedMedium;
  /** The mode of the contract's provider; `undefined` if we do not act for it. */
  readonly providerMode: ProviderMode | undefined;
}

export type AuthorizationCode = '000' | '022' | '101' | '102' | '120' | '200' | '210';

export type AuthorizationRule =
  | 'everything-in-order'
  | 'no-identification'
  | 'identification-not-for-authorization'
  | 'card-unknown'
  | 'contract-of-qr-unknown'
  | 'pin-not-correct'
  | 'contract-of-vehicle-unknown'
  | 'provider-not-online'
  | 'card-blocked'
  | 'contract-missing'
  | 'contract-blocked'
  | 'contract-not-yet-valid'
  | 'contract-ended'
  | 'card-ended';

/** Which rule decided, and the facts it looked at: readable years later, without card number, contract id or PIN. */
export interface Explanation {
  readonly rule: AuthorizationRule;
  readonly facts: Readonly<Record<string, string | null>>;
}

export type AuthorizationDecision =
  | {
      readonly status: 'Authorized';
      readonly code: '000';
      readonly contract: Contract;
      readonly card: Card | null;
      readonly explanation: Explanation;
    }
  | {
      readonly status: 'NotAuthorized';
      readonly code: Exclude<AuthorizationCode, '000'>;
      readonly explanation: Explanation;
    };

/**
 * Whether this driver may charge now, by the answer table of OICP §6.3 as far as cards and contracts go. What is
 * blocked is told before what has ended: a thief learns nothing from it, and the support sees the stronger reason.
 */
export function decideAuthorization(facts: AuthorizationFacts, now: EpochMillis): AuthorizationDecision {
  const { medium } = facts;
  switch (medium.kind) {
    case 'none':
      return refuse('022', 'no-identification', {});
    case 'remote':
      return refuse('022', 'identification-not-for-authorization', { identification: 'remote' });
    case 'rfid':
      if (!medium.card) return refuse('102', 'card-unknown', { identification: 'rfid' });
      return decideByContract(facts, { card: medium.card, contract: medium.contract }, now);
    case 'qr':
      if (!medium.contract) return refuse('101', 'contract-of-qr-unknown', { identification: 'qr' });
      if (medium.pin !== 'correct')
        return refuse('101', 'pin-not-correct', { identification: 'qr', pin: medium.pin });
      return decideByContract(facts, { card: null, contract: medium.contract }, now);
    case 'plug-and-charge':
      if (!medium.contract)
        return refuse('120', 'contract-of-vehicle-unknown', { identification: 'plug-and-charge' });
      return decideByContract(facts, { card: null, contract: medium.contract }, now);
    default:
      return assertNever(medium, 'medium');
  }
}

function decideByContract(
  { medium, providerMode }: AuthorizationFacts,
  { card, contract }: { readonly card: Card | null; readonly contract: Contract | undefined },
  now: EpochMillis,
): AuthorizationDecision {
  const seen = {
    identification: medium.kind,
    at: isoOf(now),
    ...(card && { cardRef: card.cardRef, cardStatus: card.status, cardValidUntil: isoOf(card.validUntil) }),
    ...(contract && {
      contractRef: contract.contractRef,
      providerId: contract.providerId,
      providerMode: providerMode ?? null,
      contractStatus: contract.status,
      contractValidFrom: isoOf(contract.validFrom),
      contractValidUntil: isoOf(contract.validUntil),
    }),
  };
  // The list at HBS decides for offline providers; to the online door their cards do not exist.
  if (contract && providerMode !== 'online')
    return refuse(unknownMediumCode(medium.kind), 'provider-not-online', seen);
  if (card?.status === 'blocked') return refuse('200', 'card-blocked', seen);
  if (!contract) return refuse('210', 'contract-missing', seen);
  if (contract.status === 'blocked') return refuse('200', 'contract-blocked', seen);
  if (now < contract.validFrom) return refuse('210', 'contract-not-yet-valid', seen);
  if (contract.validUntil !== null && now >= contract.validUntil) return refuse('210', 'contract-ended', seen);
  if (card !== null && card.validUntil !== null && now >= card.validUntil) return refuse('210', 'card-ended', seen);
  return {
    status: 'Authorized',
    code: '000',
    contract,
    card,
    explanation: { rule: 'everything-in-order', facts: seen },
  };
}

/** The code that says "we do not know this medium" for its kind (OICP §6.3). */
export function unknownMediumCode(kind: PresentedMedium['kind']): '022' | '101' | '102' | '120' {
  switch (kind) {
    case 'rfid':
      return '102';
    case 'qr':
      return '101';
    case 'plug-and-charge':
      return '120';
    case 'remote':
    case 'none':
      return '022';
    default:
      return assertNever(kind, 'kind of medium');
  }
}

function refuse(
  code: Exclude<AuthorizationCode, '000'>,
  rule: AuthorizationRule,
  facts: Explanation['facts'],
): AuthorizationDecision {
  return { status: 'NotAuthorized', code, explanation: { rule, facts } };
}
