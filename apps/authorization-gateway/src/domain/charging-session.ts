import { assertNever, granted, refused, type Decision } from '@emp/kernel';
import { Decimal } from '@emp/money';
import type { EpochMillis } from './instant.ts';

export type SessionState = 'authorized' | 'reserved' | 'charging' | 'ended' | 'closed' | 'expired' | 'cancelled';

export type NotificationKind = 'started' | 'progressed' | 'ended' | 'failed';

/**
 * What we have heard of a session. Every fact is merged by a rule that does not care for order (first of, last of,
 * largest of), so that late, repeated and missing messages end in the same place (OICP §5).
 */
export interface ChargingSession {
  readonly authorizedAt: EpochMillis | null;
  /** A reservation (OICP §7.3): since when, and until when its EVSE is kept. */
  readonly reservedAt: EpochMillis | null;
  readonly reservedUntil: EpochMillis | null;
  /** When the reservation was given up. */
  readonly cancelledAt: EpochMillis | null;
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
  /** How long has been charged, as far as notifications told. */
  readonly chargingSeconds: number | null;
}

/** Something that happened to a session; `at` is when we heard of it. */
export type SessionMessage =
  | { readonly type: 'authorized'; readonly at: EpochMillis }
  | { readonly type: 'reserved'; readonly at: EpochMillis; readonly until: EpochMillis }
  | { readonly type: 'cancelled'; readonly at: EpochMillis }
  | { readonly type: 'stop-authorized'; readonly at: EpochMillis }
  | {
      readonly type: 'notified';
      readonly at: EpochMillis;
      readonly kind: NotificationKind;
      readonly energyKwh: Decimal | null;
      readonly chargingSeconds: number | null;
    }
  | { readonly type: 'recorded'; readonly at: EpochMillis }
  | { readonly type: 'silence'; readonly at: EpochMillis };

export type SessionRefusal = 'session-closed' | 'session-not-silent';

export const unheardSession: ChargingSession = {
  authorizedAt: null,
  reservedAt: null,
  reservedUntil: null,
  cancelledAt: null,
  stopAuthorizedAt: null,
  chargingHeardAt: null,
  endHeardAt: null,
  failureHeardAt: null,
  recordHeardAt: null,
  expiredAt: null,
  lastHeardAt: null,
  energyKwh: null,
  chargingSeconds: null,
};

/**
 * Where a session stands: the record always wins, an end beats a start, a reservation that is charged at is a charging
 * session, and whoever was heard of is not expired.
 */
export function stateOf(session: ChargingSession): SessionState {
  if (session.recordHeardAt !== null) return 'closed';
  if (session.endHeardAt !== null) return 'ended';
  if (session.chargingHeardAt !== null) return 'charging';
  if (session.cancelledAt !== null) return 'cancelled';
  if (session.expiredAt !== null && session.stopAuthorizedAt === null) return 'expired';
  return session.reservedAt === null ? 'authorized' : 'reserved';
}

/**
 * Takes one message into the session. After the record nothing but another record, and late answers to what we asked
 * before it, are taken: HBS itself refuses the rest (OICP §5.7).
 */
export function hear(session: ChargingSession, message: SessionMessage): Decision<ChargingSession, SessionRefusal> {
  const heard = { ...session, lastHeardAt: latest(session.lastHeardAt, message.at) };
  const closed = session.recordHeardAt !== null;
  switch (message.type) {
    case 'authorized':
      return granted({ ...heard, authorizedAt: earliest(session.authorizedAt, message.at) });
    case 'reserved':
      return granted({
        ...heard,
        reservedAt: earliest(session.reservedAt, message.at),
        reservedUntil: latest(session.reservedUntil, message.until),
      });
    case 'cancelled':
      return granted({ ...heard, cancelledAt: earliest(session.cancelledAt, message.at) });
    case 'recorded':
      return granted({ ...heard, recordHeardAt: earliest(session.recordHeardAt, message.at) });
    case 'stop-authorized':
      if (closed) return refused('session-closed', 'a stop came after the record');
      return granted({ ...heard, stopAuthorizedAt: earliest(session.stopAuthorizedAt, message.at) });
    case 'notified':
      if (closed) return refused('session-closed', 'a notification came after the record');
      return granted(notified(heard, message));
    case 'silence':
      if (stateOf(session) !== 'authorized' && stateOf(session) !== 'reserved')
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
  const charged = {
    ...session,
    energyKwh: largest(session.energyKwh, message.energyKwh),
    chargingSeconds:
      message.chargingSeconds === null
        ? session.chargingSeconds
        : latest(session.chargingSeconds, message.chargingSeconds),
  };
  switch (message.kind) {
    case 'started':
    case 'progressed':
      return { ...charged, chargingHeardAt: earliest(session.chargingHeardAt, message.at) };
    case 'ended':
      return { ...charged, endHeardAt: earliest(session.endHeardAt, message.at) };
    case 'failed':
      // Neither the start nor the end of charging: an End or a record follows, or the session falls silent.
      return { ...charged, failureHeardAt: earliest(session.failureHeardAt, message.at) };
    default:
      return assertNever(message.kind, 'kind of notification');
  }
}

const earliest = (one: number | null, other: number): number => Math.min(one ?? other, other);
const latest = (one: number | null, other: number): number => Math.max(one ?? other, other);

function largest(one: Decimal | null, other: Decimal | null): Decimal | null {
  if (one === null || other === null) return one ?? other;
  return one.isLessThan(other) ? other : one;
}
