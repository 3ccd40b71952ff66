import { OPERATOR_ID } from '../ids/patterns.ts';
import { EvseDataRecord } from '../messages/evse-data-record.ts';
import { PricingProductDataRecord } from '../messages/pricing-product-data.ts';
import { positionOf } from '../position-of.ts';
import type { GeoCoordinates } from '../types/geo-coordinates.ts';
import { crossRules } from './cross-rules.ts';

const isEmpty = (list: readonly unknown[] | undefined): boolean => list === undefined || list === null || list.length === 0;

crossRules(EvseDataRecord, {
  code: 'opening-times-missing', severity: 'error', source: '§9.1, §9.5',
  check: ({ IsOpen24Hours, OpeningTimes }, complain) => {
    if (IsOpen24Hours === false && isEmpty(OpeningTimes)) complain('OpeningTimes', 'opening times, as it is not always open');
  },
}, {
  code: 'payment-contradictory', severity: 'warning', source: '§9.1', erratum: 'E-58',
  check: ({ PaymentOptions: options }, complain) => {
    if (Array.isArray(options) && options.length > 1 && options.includes('No Payment')) {
      complain('PaymentOptions', '"No Payment" alone, or ways to pay');
    }
  },
}, {
  code: 'energy-sources-exceed', severity: 'warning', source: '§9.1', erratum: 'E-16',
  check: ({ EnergySource: sources }, complain) => {
    if (!Array.isArray(sources) || sources.length === 0) return;
    const percent = sources.reduce((sum: number, source: { Percentage?: number }) => sum + (source?.Percentage ?? 0), 0);
    if (percent > 100) complain('EnergySource', 'shares of 100 % altogether');
  },
}, {
  code: 'coordinates-empty', severity: 'error', source: '§9.3',
  check: ({ GeoCoordinates: place }, complain) => {
    if (place && !place.Google && !place.DecimalDegree && !place.DegreeMinuteSeconds) {
      complain('GeoCoordinates', 'one of the three notations');
    }
  },
}, {
  code: 'coordinates-implausible', severity: 'warning', source: '§9.3',
  check: ({ GeoCoordinates: place }, complain) => {
    if (place && isImplausible(place)) complain('GeoCoordinates', 'a place on Earth that somebody meant');
  },
}, {
  // Legal: sub-operators have their own prefix. It forbids to derive the operator from the id.
  code: 'operator-prefix-differs', severity: 'note', source: '§6.5',
  check: ({ EvseID, OperatorID }, complain) => {
    if (OperatorID === undefined || EvseID.startsWith(OperatorID) || hasPrefix(EvseID, OperatorID)) return;
    if (OPERATOR_ID.test(OperatorID)) complain('EvseID', 'often the operator’s prefix');
  },
});

crossRules(PricingProductDataRecord, {
  code: 'opening-times-missing', severity: 'error', source: '§7.9',
  check: ({ IsValid24hours, ProductAvailabilityTimes }, complain) => {
    if (IsValid24hours === false && isEmpty(ProductAvailabilityTimes)) {
      complain('ProductAvailabilityTimes', 'times, as the product is not always valid');
    }
  },
});

/** Off the globe, in the sea south of Ghana (0, 0), or at the well-known 50.0, −15.0 in the Atlantic. */
function isImplausible({ Google: google, DecimalDegree: decimal }: GeoCoordinates): boolean {
  if (decimal) return isNowhere(Number(decimal.Latitude), Number(decimal.Longitude));
  const text = google?.Coordinates;
  if (text === undefined || isOrdinary(text)) return false;
  const position = positionOf({ Google: { Coordinates: text } });
  return position !== undefined && isNowhere(Number(position.latitude), Number(position.longitude));
}

/** `46.94883 7.43911`: both degrees below 100, the latitude below 90, and none of the two placeholders. Needs no parsing. */
function isOrdinary(text: string): boolean {
  const point = text.indexOf('.');
  const blank = text.indexOf(' ', point);
  const first = text.charCodeAt(0);
  const isPlaceholder = first === ZERO || text.startsWith('50.0');
  return point > 0 && point <= 2 && first !== NINE && !isPlaceholder && blank > 0 && text.indexOf('.', blank) - blank <= 3;
}

const ZERO = 48;
const NINE = 57;

/** Degrees; not-a-number is no finding of this rule. */
const isNowhere = (latitude: number, longitude: number): boolean =>
  Math.abs(latitude) > 90 || Math.abs(longitude) > 180 ||
  (latitude === 0 && longitude === 0) || (latitude === 50 && longitude === -15);

/** Whether the first five letters and digits of both are the same; `*`, `+` and case do not count. */
function hasPrefix(evseId: string, operatorId: string): boolean {
  let at = 0;
  let compared = 0;
  for (let place = 0; place < operatorId.length; place += 1) {
    const expected = operatorId.charCodeAt(place);
    if (!isWordChar(expected)) continue;
    while (at < evseId.length && !isWordChar(evseId.charCodeAt(at))) at += 1;
    if (folded(evseId.charCodeAt(at)) !== folded(expected)) return false;
    at += 1;
    compared += 1;
  }
  return compared > 0;
}

const isWordChar = (code: number): boolean => code !== 42 && code !== 43 && code !== 45;
const folded = (code: number): number => (code >= 97 && code <= 122 ? code - 32 : code);
