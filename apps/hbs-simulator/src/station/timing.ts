/** The instants of a session as its record tells them, milliseconds since 1970, whole seconds. */
export interface SessionTimes {
  readonly sessionStart: number;
  readonly chargingStart: number;
  readonly chargingEnd: number;
  readonly sessionEnd: number;
}

const wholeSeconds = (ms: number): number => Math.floor(ms / 1_000) * 1_000;

/**
 * A session that ends now and took `realMs × speed`. It may not begin before `notBefore`, when the EVSE and the card
 * were free again; a session always takes at least a second.
 */
export function layBack(of: {
  readonly endMs: number;
  readonly realMs: number;
  readonly speed: number;
  readonly notBefore: number;
  /** Share of the session for which the car stands there fully charged. */
  readonly idleShare: number;
}): SessionTimes {
  const sessionEnd = wholeSeconds(of.endMs);
  const wished = wholeSeconds(of.endMs - of.realMs * of.speed);
  const sessionStart = Math.min(Math.max(wished, Math.ceil(of.notBefore / 1_000) * 1_000), sessionEnd - 1_000);
  const length = sessionEnd - sessionStart;
  const chargingStart = sessionStart + wholeSeconds(Math.min(length * 0.05, 60_000));
  const chargingEnd = Math.max(chargingStart, sessionEnd - wholeSeconds(length * of.idleShare));
  return { sessionStart, chargingStart, chargingEnd, sessionEnd };
}

/**
 * How long a session may be played, real milliseconds, so that what it claims does not overlap what the EVSE or the
 * card did until `freeSince`: a session of `d` real time that starts now begins at now − d × (speed − 1).
 */
export function longestRealMs(now: number, freeSince: number, speed: number): number {
  return speed <= 1 ? Number.POSITIVE_INFINITY : (now - freeSince) / (speed - 1);
}
