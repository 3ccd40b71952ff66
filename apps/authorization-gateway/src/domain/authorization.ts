import { assertNever } from '@emp/kernel';
import { placeOf, ruleAgainst, type PlaceRule } from './contract-rules.ts';
import { isoOf, type EpochMillis } from './instant.ts';
import { limitReached, usageFacts, type ContractUsage, type LimitRule } from './limits.ts';
import type { Card, Contract, ProviderMode } from './contract.ts';

/** What the driver showed, and what we know of it. `undefined` = we have no such thing. */
export type PresentedMedium =
  | { readonly kind: 'rfid'; readonly card: Card | undefined; readonly contract: Contract | undefined }
  | { readonly kind: 'qr'; readonly contract: Contract | undefined; readonly pin: PinVerdict }
  | { readonly kind: 'plug-and-charge'; readonly contract: Contract | undefined }
  | { readonly kind: 'remote' }
  | { readonly kind: 'none' };

/**
 * `unchecked`: nobody has looked at it yet; as good as wrong. `locked`: too many wrong ones before, this one was not
 * looked at. `timed-out`: the look took too long.
 */
export type PinVerdict =
  | 'correct'
  | 'wrong'
  | 'absent'
  | 'unchecked'
  | 'none-on-record'
  | 'locked'
  | 'timed-out'
  | 'overloaded';

export interface AuthorizationFacts {
  readonly medium: PresentedMedium;
  /** The mode of the contract's provider; `undefined` if we do not act for it. */
  readonly providerMode: ProviderMode | undefined;
  readonly operatorId: string;
  /** `null`: the card was shown before a socket was chosen. */
  readonly evseId: string | null;
  /** Keys of operators that the contract's provider has an agreement with; `undefined` = with all. */
  readonly subscribed: ReadonlySet<string> | undefined;
}

export type AuthorizationCode = '000' | '022' | '101' | '102' | '106' | '110' | '120' | '121' | '200' | '210' | '320';

export type AuthorizationRule =
  | 'everything-in-order'
  | 'no-identification'
  | 'identification-not-for-authorization'
  | 'card-unknown'
  | 'contract-of-qr-unknown'
  | 'pin-not-correct'
  | 'pin-attempts-used-up'
  | 'pin-check-timed-out'
  | 'pin-check-overloaded'
  | 'contract-of-vehicle-unknown'
  | 'provider-not-online'
  | 'card-blocked'
  | 'contract-missing'
  | 'contract-blocked'
  | 'contract-not-yet-valid'
  | 'contract-ended'
  | 'card-ended'
  | 'vehicle-certificate-revoked'
  | PlaceRule
  | LimitRule;

/** Which rule decided, and the facts it looked at: readable years later, without card number, contract id or PIN. */
export interface Explanation {
  readonly rule: AuthorizationRule;
  readonly facts: Readonly<Record<string, string | null>>;
}

export interface Granted {
  readonly status: 'Authorized';
  readonly code: '000';
  readonly contract: Contract;
  readonly card: Card | null;
  readonly explanation: Explanation;
}

export type AuthorizationDecision =
  | Granted
  | {
      readonly status: 'NotAuthorized';
      readonly code: Exclude<AuthorizationCode, '000'>;
      readonly explanation: Explanation;
    };

/**
 * Whether this driver may charge here and now, by the answer table of OICP §6.3. What is blocked is told before what
 * has ended: a thief learns nothing from it, and the support sees the stronger reason. A yes holds within the contract's
 * limits: whoever grants it counts what is used (`decideWithinLimits`).
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
      return (
        refusalOfPin(medium.pin, medium.contract.contractRef) ??
        decideByContract(facts, { card: null, contract: medium.contract }, now)
      );
    case 'plug-and-charge':
      if (!medium.contract)
        return refuse('120', 'contract-of-vehicle-unknown', { identification: 'plug-and-charge' });
      return decideByContract(facts, { card: null, contract: medium.contract }, now);
    default:
      return assertNever(medium, 'medium');
  }
}

/** A yes, once it is known how much of the contract is in use. */
export function decideWithinLimits(yes: Granted, usage: ContractUsage): AuthorizationDecision {
  const facts = { ...yes.explanation.facts, ...usageFacts(usage) };
  const rule = limitReached(usage);
  // The contract is good, but does not cover one more session: "no valid contract".
  return rule ? refuse('210', rule, facts) : { ...yes, explanation: { rule: yes.explanation.rule, facts } };
}

function refusalOfPin(pin: PinVerdict, contractRef: string): AuthorizationDecision | undefined {
  const facts = { identification: 'qr', contractRef, pin };
  switch (pin) {
    case 'correct':
      return undefined;
    case 'wrong':
    case 'absent':
    case 'unchecked':
    case 'none-on-record':
      return refuse('101', 'pin-not-correct', facts);
    case 'locked':
      return refuse('101', 'pin-attempts-used-up', facts);
    case 'timed-out':
      return refuse('110', 'pin-check-timed-out', facts);
    case 'overloaded':
      return refuse('106', 'pin-check-overloaded', facts);
    default:
      return assertNever(pin, 'verdict of a PIN');
  }
}

function decideByContract(
  { medium, providerMode, operatorId, evseId, subscribed }: AuthorizationFacts,
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
  if (contract && (providerMode === undefined || providerMode === 'offline'))
    return refuse(unknownMediumCode(medium.kind), 'provider-not-online', seen);
  if (card?.status === 'blocked') return refuse('200', 'card-blocked', seen);
  if (!contract) return refuse('210', 'contract-missing', seen);
  if (contract.status === 'blocked') return refuse('200', 'contract-blocked', seen);
  if (now < contract.validFrom) return refuse('210', 'contract-not-yet-valid', seen);
  if (contract.validUntil !== null && now >= contract.validUntil) return refuse('210', 'contract-ended', seen);
  if (card !== null && card.validUntil !== null && now >= card.validUntil) return refuse('210', 'card-ended', seen);
  if (medium.kind === 'plug-and-charge' && contract.rules.vehicleCertificate === 'revoked')
    return refuse('121', 'vehicle-certificate-revoked', seen);
  const { rules } = contract;
  const yes = { status: 'Authorized', code: '000', contract, card } as const;
  if (subscribed === undefined && rules.operators === null && rules.countries === null)
    return { ...yes, explanation: { rule: 'everything-in-order', facts: seen } };
  const place = placeOf(operatorId, evseId);
  const { operatorKeys, country, namedBy } = place;
  const seenHere = { ...seen, operators: operatorKeys.join(' '), country, placeNamedBy: namedBy };
  const rule = ruleAgainst(place, rules, subscribed);
  return rule
    ? refuse('320', rule, seenHere)
    : { ...yes, explanation: { rule: 'everything-in-order', facts: seenHere } };
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
