import { refused, granted, type Decision } from './decision.ts';

/** An instant together with the text it came as: OICP forwards the original text unchanged, and its offset is evidence. */
export interface OffsetDateTime {
  /** As it arrived, e.g. `2026-03-29T01:30:00+01:00`. */
  readonly text: string;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly epochMillis: number;
  /** Minutes east of UTC as written; `null` if the text had no zone and was read as UTC. */
  readonly offsetMinutes: number | null;
}

const PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * Reads ISO 8601 date-times as they occur on the wire: `Z`, `+02:00`, `+0200`, `+02`, with or without fractions
 * (kept to the millisecond), with a blank instead of `T`. A text without zone is read as UTC and says so.
 */
export function parseOffsetDateTime(text: string): Decision<OffsetDateTime, 'not-a-date-time'> {
  const known = parsed.get(text);
  if (known) return known;
  const decision = parse(text);
  if (text.length > LONGEST_KEPT) return decision;
  if (parsed.size === MOST_KEPT) parsed.clear();
  parsed.set(text, decision);
  return decision;
}

/** Rules, checks and facts look at the moments of one message again and again. */
const parsed = new Map<string, Decision<OffsetDateTime, 'not-a-date-time'>>();
const MOST_KEPT = 500;
const LONGEST_KEPT = 40;

function parse(text: string): Decision<OffsetDateTime, 'not-a-date-time'> {
  const match = PATTERN.exec(text.trim());
  if (!match) return refused('not-a-date-time', `"${text.slice(0, 40)}" is not an ISO 8601 date-time`);
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = match;
  const offsetMinutes = zone === undefined ? null : minutesOf(zone);
  const utc = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second, +fraction.padEnd(3, '0').slice(0, 3));
  const date = new Date(utc);
  const real =
    date.getUTCFullYear() === +year! && date.getUTCMonth() === +month! - 1 && date.getUTCDate() === +day! &&
    date.getUTCHours() === +hour! && date.getUTCMinutes() === +minute! && +second < 60;
  if (!real) return refused('not-a-date-time', `"${text.slice(0, 40)}" names a moment that does not exist`);
  return granted({ text, epochMillis: utc - (offsetMinutes ?? 0) * 60_000, offsetMinutes });
}

function minutesOf(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}
