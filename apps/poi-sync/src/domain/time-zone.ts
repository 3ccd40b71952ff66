import zoneAt from '@photostructure/tz-lookup';
import type { CountryCode } from './country.ts';
import type { PositionVerdict } from './plausible-position.ts';
import type { Position } from './position.ts';

/** IANA name, e.g. `Europe/Zurich`. */
export type TimeZone = string;

/**
 * The zone in which tariffs by time of day run. OICP's own `TimeZone` is a fixed offset without daylight saving (E-48),
 * so the position decides; where it cannot be believed, the country, if its clocks agree all over.
 */
export function timeZoneOf(
  position: Position | null, verdict: PositionVerdict | 'missing' | 'unreadable', country: CountryCode | null,
): TimeZone | null {
  if (position && (verdict === 'plausible' || verdict === 'unchecked')) {
    return zoneAt(Number(position.latitude), Number(position.longitude));
  }
  if (position && verdict === 'swapped') return zoneAt(Number(position.longitude), Number(position.latitude));
  return country === null ? null : timeZoneOfCountry(country);
}

const zonesOfCountries = new Map<CountryCode, TimeZone | null>();

/** The zone of a country where it is the same time everywhere, today in winter and in summer; else `null`. */
export function timeZoneOfCountry(country: CountryCode): TimeZone | null {
  const known = zonesOfCountries.get(country);
  if (known !== undefined) return known;
  const zones = zonesNamed(country);
  const [first] = zones;
  const zone = first !== undefined && zones.every((each) => sameClock(each, first)) ? first : null;
  zonesOfCountries.set(country, zone);
  return zone;
}

function zonesNamed(country: CountryCode): readonly TimeZone[] {
  // A getter in Node 20, a method in newer ones.
  type WithZones = Intl.Locale & { timeZones?: string[]; getTimeZones?: () => string[] };
  const locale: WithZones = new Intl.Locale(`und-${country}`);
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}

const SAMPLES = [Date.UTC(2026, 0, 15, 12), Date.UTC(2026, 6, 15, 12)];

function sameClock(one: TimeZone, other: TimeZone): boolean {
  const clock = (zone: TimeZone, at: number): string =>
    new Intl.DateTimeFormat('en', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at);
  return SAMPLES.every((at) => clock(one, at) === clock(other, at));
}
