import type { ChargingSession, SessionNotification, SessionRecord } from '@emp/prisma-authorization-gateway';
import { NOTIFIED } from '../charging-notification/notified.ts';
import type { CommandView } from '../commands/command-view.ts';

/** One thing that happened to a session: when we heard of it, what it was, and what else is known of it. */
export interface StoryEntry {
  readonly at: string;
  readonly what: string;
  readonly [more: string]: unknown;
}

export interface HeardOfSession {
  readonly notifications: readonly SessionNotification[];
  readonly records: readonly SessionRecord[];
  readonly commands: readonly CommandView[];
}

/** The story of a session in the order in which we heard of it. */
export function storyOf(
  session: ChargingSession,
  { notifications, records, commands }: HeardOfSession,
  open: (sealed: string) => string,
): readonly StoryEntry[] {
  const starts = commands.filter(isStartView);
  const entries: (StoryEntry | undefined)[] = [
    ...starts.map(asked),
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
    refused(session),
    moment(session.reservedAt, 'reserved', { until: session.reservedUntil?.toISOString() ?? null }),
    ...starts.flatMap(outcome),
    ...notifications.toSorted(asTheyHappen).map(
      ({ receivedAt, kind, occurredAt, energyKwh, chargingSeconds, errorType, sealedDetail, evseId, processId }) => ({
        at: receivedAt.toISOString(),
        what: NOTIFIED[kind as keyof typeof NOTIFIED] ?? kind,
        occurredAt,
        energyKwh,
        chargingSeconds,
        evseId,
        processId,
        ...(kind === 'failed' && { errorType, detail: sealedDetail === null ? null : open(sealedDetail) }),
      }),
    ),
    ...commands.filter((command) => !isStartView(command)).flatMap((stop) => [asked(stop), ...outcome(stop)]),
    session.stopProcessId === null && commands.some(({ kind, state }) => kind === 'remote-stop' && state === 'accepted')
      ? undefined
      : moment(session.stopAuthorizedAt, 'stop authorized', { processId: session.stopProcessId }),
    moment(session.cancelledAt, 'reservation cancelled'),
    session.deniedAt === null
      ? moment(session.expiredAt, session.reservedAt === null ? 'expired in silence' : 'reservation expired')
      : undefined,
    moment(session.recordMissingAt, 'record missing'),
    records.length === 0 ? moment(session.recordHeardAt, 'record pulled') : undefined,
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

const RANK: Readonly<Record<string, number>> = { started: 0, progressed: 1, failed: 2, ended: 3 };

/** What came in the same millisecond is told in the order of charging. */
const asTheyHappen = (one: SessionNotification, other: SessionNotification): number =>
  one.receivedAt.getTime() - other.receivedAt.getTime() || (RANK[one.kind] ?? 0) - (RANK[other.kind] ?? 0);

const moment = (at: Date | null, what: string, more: object = {}): StoryEntry | undefined =>
  at === null ? undefined : { at: at.toISOString(), what, ...more };

const isStartView = ({ kind }: CommandView): boolean => kind === 'remote-start' || kind === 'reservation-start';

const nameOf = ({ kind }: CommandView): string => kind.replace('-', ' ');

const asked = (command: CommandView): StoryEntry => ({
  at: command.requestedAt, what: `${nameOf(command)} asked`, commandId: command.commandId, caller: command.caller,
});

/** Since when nobody knew what became of a command, and how it was settled. */
function outcome(command: CommandView): readonly StoryEntry[] {
  const { commandId, state, unknownSince, unknownReason, settledAt, settledBy, settledHow, code, processId } = command;
  const name = nameOf(command);
  const { driver, resolution } = command;
  return [
    ...(unknownSince === null
      ? []
      : [{ at: unknownSince, what: `${name} unanswered`, commandId, reason: unknownReason }]),
    ...(settledAt === null
      ? []
      : [{
          at: settledAt,
          what: `${name} ${state}`,
          commandId, by: settledBy, how: settledHow, code, processId, driver, resolution,
        }]),
  ];
}

/** What HBS was told instead of a yes; 021 even if a yes was found good (decision record 0006). */
function refused(session: ChargingSession): StoryEntry | undefined {
  const { deniedAt, refusalCode, identification, evseId, operatorId, processId, explanation } = session;
  if (deniedAt === null) return undefined;
  const told = { at: deniedAt.toISOString(), what: 'refused', code: refusalCode ?? '021' };
  return refusalCode === null ? told : { ...told, identification, evseId, operatorId, processId, explanation };
}
