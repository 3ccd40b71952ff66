import { assertNever } from '@emp/kernel';
import { unknownMediumCode, type PinVerdict, type PresentedMedium } from './authorization.ts';
import type { SessionState } from './charging-session.ts';

/** The session a stop is asked for, as far as the rule needs it. */
export interface StoppableSession {
  readonly state: SessionState;
  /** `null`: we never authorized it (heard of by a notification only). */
  readonly contractRef: string | null;
  readonly cardRef: string | null;
  /** HBS was told no: it dropped the session (OICP §5.4). */
  readonly answered: 'yes' | 'no' | 'not-asked';
}

/** Whether the medium is one of those that may stop the contract's sessions beside its own (OICP §8.1). */
export type StopListing = 'listed' | 'not-listed';

export type StopRule =
  | 'same-card'
  | 'same-contract'
  | 'listed-medium'
  | 'session-unknown'
  | 'session-denied'
  | 'session-not-authorized-by-us'
  | 'session-closed'
  | 'no-identification'
  | 'pin-not-correct'
  | 'pin-attempts-used-up'
  | 'pin-check-timed-out'
  | 'pin-check-overloaded'
  | 'other-medium';

type RefusalCode = '022' | '101' | '102' | '106' | '110' | '120' | '400';

export type StopDecision =
  | { readonly status: 'Authorized'; readonly code: '000'; readonly rule: StopRule }
  | { readonly status: 'NotAuthorized'; readonly code: RefusalCode; readonly rule: StopRule };

/**
 * Whether the driver may stop (OICP §8.2): with the medium that started the session, another one of the same contract,
 * or one that is listed. Whether card or contract are still good, or where the station stands, does not matter: a
 * driver must be able to end what was begun.
 */
export function decideStop(
  session: StoppableSession | undefined,
  medium: PresentedMedium,
  listing: StopListing = 'not-listed',
): StopDecision {
  if (medium.kind === 'none' || medium.kind === 'remote') return refuse('022', 'no-identification');
  if (!session) return refuse('400', 'session-unknown');
  if (session.state === 'closed') return refuse('400', 'session-closed');
  if (session.answered === 'no') return refuse('400', 'session-denied');
  if (session.contractRef === null) return refuse('400', 'session-not-authorized-by-us');
  const cardRef = medium.kind === 'rfid' ? medium.card?.cardRef : undefined;
  if (cardRef !== undefined && cardRef === session.cardRef) return allow('same-card');
  if (contractRefOf(medium) === session.contractRef)
    return medium.kind === 'qr' ? decideByPin(medium.pin) : allow('same-contract');
  return listing === 'listed' ? allow('listed-medium') : refuse(unknownMediumCode(medium.kind), 'other-medium');
}

function contractRefOf(medium: PresentedMedium & { readonly kind: 'rfid' | 'qr' | 'plug-and-charge' }): unknown {
  return medium.contract?.contractRef ?? (medium.kind === 'rfid' ? medium.card?.contractRef : undefined);
}

function decideByPin(pin: PinVerdict): StopDecision {
  switch (pin) {
    case 'correct':
      return allow('same-contract');
    case 'wrong':
    case 'absent':
    case 'unchecked':
    case 'none-on-record':
      return refuse('101', 'pin-not-correct');
    case 'locked':
      return refuse('101', 'pin-attempts-used-up');
    case 'timed-out':
      return refuse('110', 'pin-check-timed-out');
    case 'overloaded':
      return refuse('106', 'pin-check-overloaded');
    default:
      return assertNever(pin, 'verdict of a PIN');
  }
}

const allow = (rule: StopRule): StopDecision => ({ status: 'Authorized', code: '000', rule });
const refuse = (code: RefusalCode, rule: StopRule): StopDecision => ({ status: 'NotAuthorized', code, rule });
