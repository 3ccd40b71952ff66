import { operatorKey, operatorPrefixOf, parseOperatorId } from '@emp/oicp';
import type { EvseRecord } from './evse-record.ts';
import type { EvseReading } from './evse.ts';

/**
 * What we notice about a record beyond its conformance (which `@emp/oicp` judges): whether a driver could find the
 * station and a bill could be made of it. Codes are only ever added.
 */
export const QUALITY_CODES = {
  'position-missing': 'no position',
  'position-unreadable': 'a position that cannot be read as two numbers',
  'position-placeholder': 'a position at a well-known placeholder, such as 50.0 -15.0',
  'position-outside-country': 'a position outside the country of the record',
  'position-swapped': 'latitude and longitude are most likely exchanged',
  'house-number-missing': 'an address without house number',
  'attribute-missing': 'payment options, value added services, authentication modes or names are absent or empty',
  'operator-differs-from-id': "the EVSE id's prefix is not the operator of the record",
  'opening-times-missing': 'not open around the clock, and no opening times',
  'operator-missing': 'a record without operator',
  'power-missing': 'a charging facility without power, or with power zero',
  'power-type-missing': 'a charging facility without power type',
  'country-unknown': 'neither address nor id tell the country',
  'time-zone-unknown': 'neither position nor country tell the time zone',
} as const;

export type QualityCode = keyof typeof QUALITY_CODES;

/** `pointer` is a JSON pointer into the record. */
export interface QualityFinding {
  readonly code: QualityCode;
  readonly pointer: string;
}

export function qualityOf(record: EvseRecord, reading: EvseReading): readonly QualityFinding[] {
  return [
    ...positionFindings(reading),
    ...addressFindings(record, reading),
    ...attributeFindings(record),
    ...operatorFindings(record, reading),
    ...powerFindings(reading),
  ];
}

function positionFindings({ position, positionVerdict, evse }: EvseReading): QualityFinding[] {
  const pointer = position.kind === 'missing' ? '/GeoCoordinates' : `/GeoCoordinates${position.pointer}`;
  const findings: QualityFinding[] = [];
  if (positionVerdict !== 'plausible' && positionVerdict !== 'unchecked') {
    findings.push({ code: `position-${positionVerdict}`, pointer });
  }
  if (evse.timeZone === null) findings.push({ code: 'time-zone-unknown', pointer });
  return findings;
}

function addressFindings(record: EvseRecord, { evse }: EvseReading): QualityFinding[] {
  const findings: QualityFinding[] = [];
  if (isBlank(record.Address?.HouseNum)) findings.push({ code: 'house-number-missing', pointer: '/Address/HouseNum' });
  if (evse.country === null) findings.push({ code: 'country-unknown', pointer: '/Address/Country' });
  return findings;
}

const MANDATORY_LISTS = [
  'PaymentOptions', 'ValueAddedServices', 'AuthenticationModes', 'ChargingStationNames'
] as const;

function attributeFindings(record: EvseRecord): QualityFinding[] {
  const findings: QualityFinding[] = MANDATORY_LISTS
    .filter((member) => (record[member]?.length ?? 0) === 0)
    .map((member) => ({ code: 'attribute-missing', pointer: `/${member}` }));
  if (record.IsOpen24Hours === false && (record.OpeningTimes ?? []).length === 0) {
    findings.push({ code: 'opening-times-missing', pointer: '/OpeningTimes' });
  }
  return findings;
}

function operatorFindings(record: EvseRecord, reading: EvseReading): QualityFinding[] {
  if (isBlank(record.OperatorID)) return [{ code: 'operator-missing', pointer: '/OperatorID' }];
  const prefix = operatorPrefixOf(record.EvseID);
  // An operator id that is none (`CH*FASTNED`) has a finding of its own and cannot be compared.
  if (prefix === undefined || !parseOperatorId(reading.evse.operatorId).ok) return [];
  if (operatorKey(prefix) === reading.operatorKey) return [];
  return [{ code: 'operator-differs-from-id', pointer: '/OperatorID' }];
}

function powerFindings({ power }: EvseReading): QualityFinding[] {
  const at = (code: QualityCode) => (index: number): QualityFinding =>
    ({ code, pointer: `/ChargingFacilities/${index}` });
  return [
    ...power.facilitiesWithoutPower.map(at('power-missing')),
    ...power.facilitiesWithoutType.map(at('power-type-missing')),
  ];
}

const isBlank = (text: string | null | undefined): boolean => (text ?? '').trim() === '';
