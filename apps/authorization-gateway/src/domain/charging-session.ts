import { assertNever, granted, refused, type Decision } from '@emp/kernel';
import { Decimal } from '@emp/money';
import type { EpochMillis } from './instant.ts';

export type SessionState = 'authorized' | 'charging' | 'ended' | 'closed' | 'expired';

export type NotificationKind = 'started' | 'progressed' | 'ended' | 'failed';

/**
 * What we have heard of a session. Every fact is merged by a rule that does not care for order (first of, last of,
 * largest of), so that late, repeated and missing messages end in the same place (OICP §5).
 */
export interface ChargingSession {
  readonly authorizedAt: EpochMillis | null;
  readonly stopAuthorizedAt: EpochMillis | null;
  /** When the first notification came that says energy flows, or flowed. */
  readonly chargingHeardAt: EpochMillis | null;
  readonly endHeardAt: EpochMillis | null;
  readonly failureHeardAt: EpochMillis | null;
  readonly recordHeardAt: EpochMillis | null;
  readonly expiredAt: EpochMillis | null;
  readonly lastHeardAt: EpochMillis | null;
  /** kWh as far as notifications told; never billed. */
  readonly energyKwh: Decimal | null;
}

/** Something that happened to a session; `at` is when we heard of it. */
export type SessionMessage =
  | { readonly type: 'authorized'; readonly at: EpochMillis }
  | { readonly type: 'stop-authorized'; readonly at: EpochMillis }
  | {
      readonly type: 'notified';
      readonly at: EpochMillis;
      readonly kind: NotificationKind;
      readonly energyKwh: Decimal | null;
    }
  | { readonly type: 'recorded'; readonly at: EpochMillis }
  | { readonly type: 'silence'; readonly at: EpochMillis };

export type SessionRefusal = 'session-closed' | 'session-not-silent';

export const unheardSession: ChargingSession = {
  authorizedAt: null,
  stopAuthorizedAt: null,
  chargingHeardAt: null,
  endHeardAt: null,
  failureHeardAt: null,
  recordHeardAt: null,
  expiredAt: null,
  lastHeardAt: null,
  energyKwh: null,
};

/** Where a session stands: the record always wins, an end beats a start, and whoever was heard of is not expired. */
export function stateOf(session: ChargingSession): SessionState {
  if (session.recordHeardAt !== null) return 'closed';
  if (session.endHeardAt !== null) return 'ended';
  if (session.chargingHeardAt !== null) return 'charging';
  return session.expiredAt !== null && session.stopAuthorizedAt === null ? 'expired' : 'authorized';
}

/**
 * Takes one message into the session. After the record nothing but another record or a late authorization is taken:
 * HBS itself refuses the rest (OICP §5.7).
 */
export function hear(session: ChargingSession, message: SessionMessage): Decision<ChargingSession, SessionRefusal> {
  const heard = { ...session, lastHeardAt: latest(session.lastHeardAt, message.at) };
  const closed = session.recordHeardAt !== null;
  switch (message.type) {
    case 'authorized':
      return granted({ ...heard, authorizedAt: earliest(session.authorizedAt, message.at) });
    case 'recorded':
      return granted({ ...heard, recordHeardAt: earliest(session.recordHeardAt, message.at) });
    case 'stop-authorized':
      if (closed) return refused('session-closed', 'a stop came after the record');
      return granted({ ...heard, stopAuthorizedAt: earliest(session.stopAuthorizedAt, message.at) });
    case 'notified':
      if (closed) return refused('session-closed', 'a notification came after the record');
      return granted(notified(heard, message));
    case 'silence':
      if (stateOf(session) !== 'authorized')
        return refused('session-not-silent', `the session is ${stateOf(session)}`);
      return granted({ ...session, expiredAt: earliest(session.expiredAt, message.at) });
    default:
      return assertNever(message, 'session message');
  }
}

function notified(
  session: ChargingSession,
  message: SessionMessage & { readonly type: 'notified' },
): ChargingSession {
  const energyKwh = largest(session.energyKwh, message.energyKwh);
  switch (message.kind) {
    case 'started':
    case 'progressed':
      return { ...session, energyKwh, chargingHeardAt: earliest(session.chargingHeardAt, message.at) };
    case 'ended':
      return { ...session, energyKwh, endHeardAt: earliest(session.endHeardAt, message.at) };
    case 'failed':
      // Neither the start nor the end of charging: an End or a record follows, or the session falls silent.
      return { ...session, energyKwh, failureHeardAt: earliest(session.failureHeardAt, message.at) };
    default:
      return assertNever(message.kind, 'kind of notification');
  }
}

const earliest = (one: EpochMillis | null, other: EpochMillis): EpochMillis => Math.min(one ?? other, other);
const latest = (one: EpochMillis | null, other: EpochMillis): EpochMillis => Math.max(one ?? other, other);

function largest(one: Decimal | null, other: Decimal | null): Decimal | null {
  if (one === null || other === null) return one ?? other;
  return one.isLessThan(other) ? other : one;
}
