import { Decimal } from '@emp/money';
import type { GeoCoordinates, LatitudeLongitude } from './evse-record.ts';

/** WGS 84, degrees, the exact decimal text that was sent. */
export interface Position {
  readonly latitude: string;
  readonly longitude: string;
}

export type PositionReading =
  | { readonly kind: 'read'; readonly position: Position; readonly pointer: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly text: string; readonly pointer: string };

/** "lat lon", separated by blanks, a comma or a semicolon. */
const PAIR = /^\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[\s,;]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*$/;
/** The one that OICP prints (`52°31'12.03''`), with the other quotation marks and compass letters found in the wild. */
const DEGREES = /^\s*(-?)(\d{1,3})°\s*(\d{1,2})['′]\s*(\d{1,2}(?:\.\d+)?)(?:''|["″])\s*([NSEW]?)\s*$/i;
/** What systems without a value write: "None None", "null null", blanks. */
const NOTHING = /^(?:\s|none|null|undefined|nan|,|;)*$/i;
/** A tenth of a metre is 0.000001°: more digits of a converted position would only pretend. */
const CONVERTED_PLACES = 7;

/** Reads whichever of the three formats is filled, OICP §9.3. */
export function readPosition(coordinates: GeoCoordinates | null | undefined): PositionReading {
  const { Google, DecimalDegree, DegreeMinuteSeconds } = coordinates ?? {};
  if (DecimalDegree) {
    const read = readPair(DecimalDegree, '/DecimalDegree', degreesOf);
    if (read.kind !== 'missing') return read;
  }
  const google = typeof Google === 'string' ? { text: Google, pointer: '/Google' }
    : { text: Google?.Coordinates ?? '', pointer: '/Google/Coordinates' };
  if (!NOTHING.test(google.text)) return readGoogle(google.text, google.pointer);
  if (DegreeMinuteSeconds) return readPair(DegreeMinuteSeconds, '/DegreeMinuteSeconds', fromMinutesOf);
  return { kind: 'missing' };
}

function readGoogle(text: string, pointer: string): PositionReading {
  const [, latitude, longitude] = PAIR.exec(text) ?? [];
  return positionOf(degreesOf(latitude), degreesOf(longitude), text, pointer);
}

function readPair(
  { Latitude, Longitude }: LatitudeLongitude,
  pointer: string,
  read: (text: string | undefined) => string | undefined,
): PositionReading {
  const text = `${Latitude ?? ''} ${Longitude ?? ''}`;
  if (NOTHING.test(text)) return { kind: 'missing' };
  return positionOf(read(Latitude ?? undefined), read(Longitude ?? undefined), text, pointer);
}

function positionOf(
  latitude: string | undefined, longitude: string | undefined, text: string, pointer: string,
): PositionReading {
  const readable = latitude !== undefined && longitude !== undefined && isDegree(latitude) && isDegree(longitude);
  if (!readable) return { kind: 'unreadable', text: text.trim().slice(0, 80), pointer };
  return { kind: 'read', position: { latitude, longitude }, pointer };
}

/** Both within ±180: a latitude beyond 90 may be a swapped pair and is judged later. */
function isDegree(text: string): boolean {
  return Math.abs(Number(text)) <= 180;
}

function degreesOf(text: string | undefined): string | undefined {
  const plain = text?.trim().replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1');
  return plain === undefined ? undefined : Decimal.tryParse(plain)?.toString();
}

function fromMinutesOf(text: string | undefined): string | undefined {
  const match = DEGREES.exec(text ?? '');
  if (!match) return undefined;
  const [, minus, degrees, minutes, seconds, compass = ''] = match;
  const arcSeconds = Decimal.parse(String(Number(degrees) * 3600 + Number(minutes) * 60)).plus(secondsOf(seconds));
  const value = arcSeconds.dividedBy(Decimal.of(3600), CONVERTED_PLACES);
  return (minus === '-' || /[SW]/i.test(compass) ? value.negate() : value).toString();
}

const secondsOf = (text = '0'): Decimal => Decimal.parse(text.replace(/^0+(?=\d)/, ''));
