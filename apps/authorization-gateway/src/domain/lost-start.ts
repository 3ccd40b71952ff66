import type { CommandKind, CommandState } from './command.ts';
import type { EpochMillis } from './instant.ts';

/** A start whose SessionID we do not know: not answered yet, or never. */
export interface LostStart {
  readonly commandId: string;
  readonly kind: CommandKind;
  readonly state: CommandState;
  readonly contractRef: string | null;
  readonly evseKey: string;
  readonly empPartnerSessionId: string;
  readonly requestedAt: EpochMillis;
}

/** A session that we never authorized, as far as its messages tell. */
export interface SessionOfNobody {
  readonly evseKey: string | null;
  /** The contract its remote identification names; `another-medium` if it was a card, a QR code or a vehicle. */
  readonly contractRef: string | 'another-medium' | null;
  /** EMPPartnerSessionID, if it has the form of ours; mostly it is not repeated (OICP §5.5). */
  readonly empPartnerSessionId: string | null;
  /** When it began, by the station's clock. */
  readonly begunAt: EpochMillis | null;
  readonly heardAt: EpochMillis;
}

export type Likeness = 'same-partner-session' | 'same-contract-and-evse' | 'same-evse';

/** Clocks of stations go wrong. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** A message without any identification belongs to a start at its EVSE only if it comes soon after it. */
const SOON_MS = 60 * 60_000;

/**
 * The start that a session came of. Its own id decides; else contract and EVSE; else the EVSE alone, and only if nothing
 * speaks against it and no other start would do as well. A start that is still waiting for its answer needs more than
 * the EVSE: the answer will tell.
 */
export function lostStartOf(
  session: SessionOfNobody,
  starts: readonly LostStart[],
): { readonly start: LostStart; readonly how: Likeness } | undefined {
  if (session.empPartnerSessionId !== null) {
    const own = starts.find((start) => start.empPartnerSessionId === session.empPartnerSessionId);
    return own && { start: own, how: 'same-partner-session' };
  }
  const begunAt = session.begunAt ?? session.heardAt;
  const here = starts.filter(
    (start) =>
      start.state !== 'refused' &&
      start.evseKey === session.evseKey &&
      begunAt >= start.requestedAt - CLOCK_SKEW_MS,
  );
  if (session.contractRef !== null) {
    const start = onlyOne(here.filter(({ contractRef }) => contractRef === session.contractRef));
    return start && { start, how: 'same-contract-and-evse' };
  }
  const unanswered = here.filter(({ state }) => state !== 'sent');
  const start = here.length === unanswered.length ? onlyOne(unanswered) : undefined;
  return start && session.heardAt <= start.requestedAt + SOON_MS ? { start, how: 'same-evse' } : undefined;
}

/** Of a reservation and the start at the same EVSE, what charges is the start. */
function onlyOne(starts: readonly LostStart[]): LostStart | undefined {
  if (starts.length === 1) return starts[0];
  const charging = starts.filter(({ kind }) => kind === 'remote-start');
  return charging.length === 1 ? charging[0] : undefined;
}
