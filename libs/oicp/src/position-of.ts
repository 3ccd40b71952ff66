import type { GeoCoordinates } from './types/geo-coordinates.ts';

/** Degrees as decimal texts, as precise as they came. */
export interface Position {
  readonly latitude: string;
  readonly longitude: string;
}

const GOOGLE = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;
const DEGREE = /^\s*-?\d{1,3}(?:\.\d+)?\s*$/;
const SEXAGESIMAL = /^\s*(-?)(\d{1,3})\s*°\s*(\d{1,2})\s*'\s*(\d{1,2}(?:\.\d+)?)\s*(?:''|"|″)?\s*$/;

/** The place of any of the three notations, also with fewer or more decimals than specified; `undefined` if none is readable. */
export function positionOf(coordinates: GeoCoordinates | undefined): Position | undefined {
  const { Google: google, DecimalDegree: decimal, DegreeMinuteSeconds: sexagesimal } = coordinates ?? {};
  const match = typeof google?.Coordinates === 'string' ? GOOGLE.exec(google.Coordinates) : null;
  if (match) return { latitude: match[1]!, longitude: match[2]! };
  if (decimal && DEGREE.test(decimal.Latitude) && DEGREE.test(decimal.Longitude)) {
    return { latitude: decimal.Latitude.trim(), longitude: decimal.Longitude.trim() };
  }
  const latitude = degreesOf(sexagesimal?.Latitude);
  const longitude = degreesOf(sexagesimal?.Longitude);
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
}

/** Seven decimals are a centimetre. */
function degreesOf(text: string | undefined): string | undefined {
  const match = SEXAGESIMAL.exec(text ?? '');
  if (!match) return undefined;
  const [, sign = '', degrees = '', minutes = '', seconds = ''] = match;
  const value = Number(degrees) + Number(minutes) / 60 + Number(seconds) / 3600;
  return `${sign}${value.toFixed(7)}`;
}
