import { unknownMediumCode, type PresentedMedium } from './authorization.ts';
import type { SessionState } from './charging-session.ts';

/** The session a stop is asked for, as far as the rule needs it. */
export interface StoppableSession {
  readonly state: SessionState;
  /** `null`: we never authorized it (heard of by a notification only). */
  readonly contractRef: string | null;
  readonly cardRef: string | null;
}

export type StopRule =
  | 'same-card'
  | 'same-contract'
  | 'session-unknown'
  | 'session-not-authorized-by-us'
  | 'session-closed'
  | 'no-identification'
  | 'pin-not-correct'
  | 'other-medium';

export type StopDecision =
  | { readonly status: 'Authorized'; readonly code: '000'; readonly rule: StopRule }
  | {
      readonly status: 'NotAuthorized';
      readonly code: '022' | '101' | '102' | '120' | '400';
      readonly rule: StopRule;
    };

/**
 * Whether the driver may stop (OICP §8.2): with the medium that started the session, or another one of the same
 * contract. Whether card or contract are still good does not matter: a driver must be able to end what was begun.
 */
export function decideStop(session: StoppableSession | undefined, medium: PresentedMedium): StopDecision {
  if (medium.kind === 'none' || medium.kind === 'remote') return refuse('022', 'no-identification');
  if (!session) return refuse('400', 'session-unknown');
  if (session.state === 'closed') return refuse('400', 'session-closed');
  if (session.contractRef === null) return refuse('400', 'session-not-authorized-by-us');
  const cardRef = medium.kind === 'rfid' ? medium.card?.cardRef : undefined;
  if (cardRef !== undefined && cardRef === session.cardRef)
    return { status: 'Authorized', code: '000', rule: 'same-card' };
  const contractRef = medium.contract?.contractRef ?? (medium.kind === 'rfid' ? medium.card?.contractRef : undefined);
  if (contractRef !== session.contractRef) return refuse(unknownMediumCode(medium.kind), 'other-medium');
  if (medium.kind === 'qr' && medium.pin !== 'correct') return refuse('101', 'pin-not-correct');
  return { status: 'Authorized', code: '000', rule: 'same-contract' };
}

function refuse(code: '022' | '101' | '102' | '120' | '400', rule: StopRule): StopDecision {
  return { status: 'NotAuthorized', code, rule };
}
