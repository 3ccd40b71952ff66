import type { ChargingSession, SessionNotification, SessionRecord } from '@emp/prisma-authorization-gateway';

/** One thing that happened to a session: when we heard of it, what it was, and what else is known of it. */
export interface StoryEntry {
  readonly at: string;
  readonly what: string;
  readonly [more: string]: unknown;
}

const NOTIFIED: Readonly<Record<string, string>> = {
  started: 'charging started',
  progressed: 'charging progressed',
  ended: 'charging ended',
  failed: 'station reported a failure',
};

/** The story of a session in the order in which we heard of it. */
export function storyOf(
  session: ChargingSession,
  notifications: readonly SessionNotification[],
  records: readonly SessionRecord[],
  open: (sealed: string) => string,
): readonly StoryEntry[] {
  const entries: (StoryEntry | undefined)[] = [
    session.authorizedAt === null
      ? undefined
      : {
          at: session.authorizedAt.toISOString(),
          what: 'authorized',
          identification: session.identification,
          evseId: session.evseId,
          operatorId: session.operatorId,
          processId: session.processId,
          explanation: session.explanation,
        },
    ...notifications.map(
      ({ receivedAt, kind, occurredAt, energyKwh, errorType, sealedDetail, evseId, processId }) => ({
        at: receivedAt.toISOString(),
        what: NOTIFIED[kind] ?? kind,
        occurredAt,
        energyKwh,
        evseId,
        processId,
        ...(kind === 'failed' && { errorType, detail: sealedDetail === null ? null : open(sealedDetail) }),
      }),
    ),
    session.stopAuthorizedAt === null
      ? undefined
      : {
          at: session.stopAuthorizedAt.toISOString(),
          what: 'stop authorized',
          processId: session.stopProcessId,
        },
    session.expiredAt === null ? undefined : { at: session.expiredAt.toISOString(), what: 'expired in silence' },
    ...records.map(({ receivedAt, operatorId, processId, eventId }, index) => ({
      at: receivedAt.toISOString(),
      what: index === 0 ? 'record received' : 'another record received',
      operatorId,
      processId,
      eventId,
    })),
  ];
  // Sorting is stable: what came in the same millisecond keeps the order in which sessions pass it.
  return entries.filter((entry) => entry !== undefined).sort((one, other) => one.at.localeCompare(other.at));
}
