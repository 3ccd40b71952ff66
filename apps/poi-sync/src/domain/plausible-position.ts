import { iso1A2Codes, isIn } from '@rapideditor/country-coder';
import type { CountryCode } from './country.ts';
import type { Position } from './position.ts';

/**
 * - `placeholder`: what systems write when nobody entered a position.
 * - `swapped`: outside the country, but inside it with latitude and longitude exchanged: a known operators' mistake.
 * - `outside-country`: elsewhere, at sea, or not on the globe.
 * - `unchecked`: the record names no country to compare with.
 */
export type PositionVerdict = 'plausible' | 'placeholder' | 'swapped' | 'outside-country' | 'unchecked';

/** The first was counted 55 times in the Swiss feed of 2026. */
const PLACEHOLDERS: readonly (readonly [latitude: number, longitude: number])[] = [[50, -15], [0, 0]];
/** Borders are simplified by up to about two kilometres, and harbours lie on the water. */
const TOLERANCE_DEGREES = 0.02;

export function judgePosition({ latitude, longitude }: Position, country: CountryCode | null): PositionVerdict {
  const [lat, lon] = [Number(latitude), Number(longitude)];
  if (PLACEHOLDERS.some(([atLat, atLon]) => lat === atLat && lon === atLon)) return 'placeholder';
  if (country === null) return onTheGlobe(lat, lon) ? 'unchecked' : 'outside-country';
  if (isWithin(lat, lon, country)) return 'plausible';
  return isWithin(lon, lat, country) ? 'swapped' : 'outside-country';
}

function isWithin(lat: number, lon: number, country: CountryCode): boolean {
  if (!onTheGlobe(lat, lon)) return false;
  if (isIn([lon, lat], country) === true) return true;
  const d = TOLERANCE_DEGREES;
  const [west, south] = [Math.max(lon - d, -180), Math.max(lat - d, -90)];
  const [east, north] = [Math.min(lon + d, 180), Math.min(lat + d, 90)];
  return iso1A2Codes([west, south, east, north]).includes(country);
}

const onTheGlobe = (lat: number, lon: number): boolean => Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
