/** A calendar day in a zone, as two instants; the night when clocks change makes it 23 or 25 hours long. */
export interface ProofDay {
  /** `2026-05-01` */
  readonly day: string;
  /** IANA, e.g. `Europe/Berlin`. */
  readonly zone: string;
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
}

const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** The day's instants; `undefined` if there is no such day. */
export function proofDay(day: string, zone: string): ProofDay | undefined {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (!DAY_FORM.test(day) || Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  return { day, zone, from: startOf(midnight, zone), to: startOf(midnight + DAY_MS, zone) };
}

/** The day that an instant falls on. */
export function dayOf(instant: Date, zone: string): string {
  return new Date(instant.getTime() + offsetAt(instant.getTime(), zone)).toISOString().slice(0, 10);
}

/** The day so many days before (or after, if negative). */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The first instant whose local time is that midnight or later. */
function startOf(localMidnight: number, zone: string): Date {
  // The offset before a change of clocks and after it: at most one of the two guesses comes out at its own offset.
  const guesses = [-DAY_MS, DAY_MS].map((away) => localMidnight - offsetAt(localMidnight + away, zone)).sort((one, other) => one - other);
  const exact = guesses.find((guess) => guess + offsetAt(guess, zone) === localMidnight);
  return new Date(exact ?? Math.max(...guesses));
}

/** Local time less UTC, milliseconds. */
function offsetAt(epochMillis: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).formatToParts(new Date(epochMillis));
  const number = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(number('year'), number('month') - 1, number('day'), number('hour'), number('minute'), number('second'));
  return local - Math.floor(epochMillis / 1000) * 1000;
}
