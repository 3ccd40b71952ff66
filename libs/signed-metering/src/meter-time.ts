/**
 * How far a meter vouches for a time: `synchronised` absolutely, `relative` for durations only, `informative` and
 * `unsynchronised` not at all; `unstated` when the format does not say.
 */
export type TimeQuality = 'synchronised' | 'relative' | 'informative' | 'unsynchronised' | 'unstated';

export interface MeterTime {
  /** As written; times of EDL meters as ISO 8601. */
  readonly text: string;
  /** Milliseconds since 1970 of the reading on the meter's own clock face, as if it were UTC. */
  readonly wallMillis: number;
  /** Milliseconds since 1970-01-01T00:00Z; `undefined` when the record does not say its time zone. */
  readonly epochMillis: number | undefined;
  readonly quality: TimeQuality;
}

const isoText = (millis: number): string => new Date(millis).toISOString().slice(0, 19);

/**
 * A time given in local seconds. EDL and ISA meters sign only these: offsets that stand beside them could be changed
 * without touching the signature, so they are not used.
 */
export function timeOfLocalSeconds(seconds: number, quality: TimeQuality = 'unstated'): MeterTime {
  return { text: isoText(seconds * 1000), wallMillis: seconds * 1000, epochMillis: undefined, quality };
}

/** A clock that was never set starts in 1970; no signed meter is older than this century. */
export const isClockSet = (time: MeterTime): boolean => time.wallMillis >= Date.UTC(2000, 0, 1);
