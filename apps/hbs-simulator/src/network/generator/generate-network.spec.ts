import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isObject } from '../../json.ts';
import type { RawRecord } from '../evse.ts';
import { DEFECT_SHARES, type Defect } from './defects.ts';
import { generateGroups } from './generate-network.ts';

interface Counted {
  readonly operatorId: string;
  readonly record: RawRecord;
}

const member = (holder: unknown, name: string): unknown => (isObject(holder) ? holder[name] : undefined);
const empty = (value: unknown): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
const facilities = (record: RawRecord): readonly unknown[] => (Array.isArray(record['ChargingFacilities']) ? record['ChargingFacilities'] as unknown[] : []);
const google = (record: RawRecord, name: string): string => String(member(record[name], 'Google') ?? '');
const bare = (id: string): string => id.replaceAll(/[*+-]/g, '').toUpperCase();
const validOperator = (id: string): boolean => /^[A-Za-z]{2}\*?[A-Za-z0-9]{3}$/.test(id);
const id = (record: RawRecord): string => String(record['EvseID']);

/** How each share of the published table was counted. */
const COUNTS: Readonly<Record<Exclude<Defect, 'outsideCountry'>, (counted: Counted) => boolean>> = {
  entranceNone: ({ record }) => google(record, 'GeoChargingPointEntrance') === 'None None',
  houseNumberMissing: ({ record }) => empty(member(record['Address'], 'HouseNum')),
  mandatoryMissing: ({ record }) =>
    ['PaymentOptions', 'ValueAddedServices', 'AuthenticationModes', 'ChargingStationNames'].some((name) => empty(record[name])),
  foreignPrefix: ({ record, operatorId }) => validOperator(operatorId) && !bare(id(record)).startsWith(bare(operatorId)),
  powerAsText: ({ record }) => facilities(record).some((one) => typeof member(one, 'power') === 'string'),
  powerFractional: ({ record }) => facilities(record).some((one) => typeof member(one, 'power') === 'number' && Number(member(one, 'power')) % 1 !== 0),
  manyDecimals: ({ record }) => google(record, 'GeoCoordinates').split(' ').some((text) => (text.split('.')[1] ?? '').length > 6),
  openingTimesMissing: ({ record }) => record['IsOpen24Hours'] === false && empty(record['OpeningTimes']),
  powerZero: ({ record }) => facilities(record).some((one) => !empty(member(one, 'power')) && Number(member(one, 'power')) === 0),
  largeAmperage: ({ record }) => facilities(record).some((one) => Number(member(one, 'Amperage') ?? 0) > 99),
  mixedCase: ({ record }) => id(record) !== id(record).toUpperCase(),
  powerTypeMissing: ({ record }) => facilities(record).some((one) => empty(member(one, 'powertype'))),
  powerMissing: ({ record }) => facilities(record).some((one) => empty(member(one, 'power'))),
  zoneMissing: ({ record }) => typeof record['lastUpdate'] === 'string' && !/(Z|[+-]\d\d:?\d\d)$/.test(record['lastUpdate']),
  brokenOperator: ({ operatorId }) => !validOperator(operatorId),
  placeholderPosition: ({ record }) => google(record, 'GeoCoordinates').startsWith('50.0 -15'),
  namesAsObject: ({ record }) => isObject(record['ChargingStationNames']),
};

function expectMeasuredShares(records: readonly Counted[], tolerance: number): void {
  for (const [defect, counts] of Object.entries(COUNTS) as [keyof typeof COUNTS, (counted: Counted) => boolean][]) {
    const share = records.filter(counts).length / records.length;
    expect({ defect, share: Math.abs(share - DEFECT_SHARES[defect]) <= tolerance ? 'as measured' : share }).toEqual({ defect, share: 'as measured' });
  }
}

const doubled = (records: readonly Counted[]): readonly string[] => {
  const seen = new Map<string, Set<string>>();
  for (const { record, operatorId } of records) seen.set(id(record), (seen.get(id(record)) ?? new Set()).add(operatorId));
  return [...seen].filter(([, operators]) => operators.size > 1).map(([evseId]) => evseId);
};

const generated = (seed: string, size: number): readonly Counted[] =>
  generateGroups(seed, size).flatMap(({ operator, records }) => records.map((record) => ({ operatorId: operator.operatorId, record })));

describe('the generated network', () => {
  const records = generated('emp', 3_000);

  it('has the defects of real data in their measured shares', () => {
    expect(records).toHaveLength(3_000);
    expectMeasuredShares(records, 0.003);
  });

  it('has two EvseIDs that two operators claim with different content, and no other twice', () => {
    expect(doubled(records)).toHaveLength(2);
    expect(new Set(records.map(({ record }) => id(record))).size).toBe(3_000 - 2);
  });

  it('has a few dozen operators in several countries', () => {
    expect(new Set(records.map(({ operatorId }) => operatorId)).size).toBeGreaterThan(24);
    expect(new Set(records.map(({ record }) => member(record['Address'], 'Country'))).size).toBeGreaterThan(4);
  });

  it('is the same for the same seed and another for another', () => {
    expect(JSON.stringify(generateGroups('emp', 200))).toBe(JSON.stringify(generateGroups('emp', 200)));
    expect(JSON.stringify(generateGroups('other', 200))).not.toBe(JSON.stringify(generateGroups('emp', 200)));
  });

  const feed = path.resolve(import.meta.dirname, '../../../../../../shared/data/poi/ch-2026-04-03-evse-data.json.gz');
  (existsSync(feed) ? it : it.skip)('agrees with a real feed, counted in the same way', () => {
    const parsed = JSON.parse(gunzipSync(readFileSync(feed)).toString()) as { EVSEData: { OperatorID: string; EVSEDataRecord: RawRecord[] }[] };
    const real = parsed.EVSEData.flatMap((group) => group.EVSEDataRecord.map((record) => ({ operatorId: group.OperatorID, record })));
    expectMeasuredShares(real, 0.0006);
    expect(doubled(real)).toHaveLength(2);
  });
});
