import type { OffsetDateTime } from '@emp/kernel';

/** A calendar day `YYYY-MM-DD` where the EVSE stands, and what had to be assumed. */
export interface LocalDay {
  readonly day: string;
  readonly notes: readonly string[];
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

/** The day of an instant in the EVSE's zone; without a known zone, by the offset the operator wrote. */
export function localDay(at: OffsetDateTime, timeZone: string | null): LocalDay {
  const format = timeZone === null ? null : formatOf(timeZone);
  if (format) return { day: format.format(at.epochMillis), notes: [] };
  const shifted = new Date(at.epochMillis + (at.offsetMinutes ?? 0) * 60_000);
  const why = timeZone === null ? 'the time zone of the EVSE is unknown' : `"${timeZone}" is not a time zone`;
  return { day: shifted.toISOString().slice(0, 10), notes: [`${why}: the day was taken from "${at.text}"`] };
}

/** `en-CA` writes days as ISO 8601 does. A format costs 50 µs to make and half a microsecond to use. */
function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = madeFormat(timeZone);
  formats.set(timeZone, made);
  return made;
}

function madeFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  } catch {
    return null;
  }
}
