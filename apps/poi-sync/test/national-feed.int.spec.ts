import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { PullRun } from '../src/pulls/pull-run.ts';
import { PoiSyncUnderTest } from './poi-sync-under-test.ts';

/** The Swiss national feed, where the data for development lies beside the project. */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const feedFile = path.resolve(root, '../shared/data/poi/ch-2026-04-03-evse-data.json.gz');
const statusFile = path.resolve(root, '../shared/data/poi/ch-2026-04-03-evse-status.json.gz');

interface Feed { EVSEData: { OperatorID: string; OperatorName: string; EVSEDataRecord: Record<string, unknown>[] }[] }
interface StatusFeed { EVSEStatuses: { EVSEStatusRecord: { EvseID: string; EVSEStatus: string }[] }[] }

const read = <T>(file: string): T => JSON.parse(gunzipSync(readFileSync(file)).toString()) as T;

/** As aggregators render them: one record of each kind of dirt. */
const DIRTY: readonly Record<string, unknown>[] = [
  {
    EvseID: 'CH*GFT*E*Alexandra*1', Address: {
      Country: 'CHE', City: 'Bern', Street: 'Gasse'
    }, GeoCoordinates: { Google: '46.94809871234567 7.44744' },
    GeoChargingPointEntrance: { Google: 'None None' }, ChargingStationId: 'S', lastUpdate: '2023-08-04T00:29:27',
    IsOpen24Hours: false, OpeningTimes: null,
    ChargingFacilities: [{ power: '22.0', powertype: 'AC_3_PHASE', Amperage: '125', Voltage: '230' }],
    ChargingStationNames: { lang: 'de', value: 'Rathaus' }, AuthenticationModes: [], IsHubjectCompatible: true,
  },
  {
    EvseID: '+41*031*1868*1', Address: { Country: 'CHE' }, GeoCoordinates: { Google: '50.0 -15.0' },
    ChargingFacilities: [{ power: 0, powertype: null }]
  },
];

describe('a dirty feed', () => {
  let poi: PoiSyncUnderTest;
  beforeAll(async () => { poi = await PoiSyncUnderTest.start(); });
  afterAll(() => poi.stop());

  it('loses no record, and every defect is named', async () => {
    poi.hbs.records = DIRTY.map((record) => ({ ...record, OperatorID: 'CH*FASTNED', OperatorName: 'Fastned' }));
    const { counts, findings } = await poi.pull('evse-data');
    expect(counts).toMatchObject({ records: 2, rejected: 0, added: 2 });
    expect(await poi.get('/v1/evses/CHGFTEALEXANDRA1')).toMatchObject({
      latitude: '46.94809871234567', longitude: '7.44744', maximumPowerKw: '22.0', powerType: 'AC_3_PHASE',
      country: 'CH',
      timeZone: 'Europe/Zurich', operatorId: 'CH*FASTNED', record: {
        ChargingStationNames: [{ lang: 'de', value: 'Rathaus' }]
      },
    });
    expect(await poi.get('/v1/evses/+41*031*1868*1')).toMatchObject({
      latitude: null, maximumPowerKw: null, timeZone: 'Europe/Zurich', positionVerdict: 'placeholder',
    });
    expect(findings).toMatchObject({
      'text-for-object': 2, 'coordinates-empty': 1, 'house-number-missing': 2, 'attribute-missing': 2,
      'number-as-text': 1,
      'coordinates-too-precise': 1, 'opening-times-missing': 1, 'zero-power': 1, 'above-maximum': 1, 'evse-id-case': 1,
      'power-type-missing': 1, 'date-time-without-zone': 1, 'operator-id-malformed': 2, 'position-placeholder': 1,
      'object-for-list': 1,
    });
    expect(findings['operator-differs-from-id']).toBeUndefined();
  });
});

const describeWhenThere = existsSync(feedFile) ? describe : null;

describeWhenThere?.('the Swiss national feed', () => {
  let poi: PoiSyncUnderTest;
  let run: PullRun;

  beforeAll(async () => {
    poi = await PoiSyncUnderTest.start();
    poi.hbs.records = read<Feed>(feedFile).EVSEData.flatMap(({ OperatorID, OperatorName, EVSEDataRecord }) =>
      EVSEDataRecord.map((record) => ({ ...record, OperatorID, OperatorName })));
    run = await poi.pull('evse-data');
  }, 120_000);
  afterAll(() => poi.stop());

  it('is stored whole: 18 427 records, 18 425 EVSEs, the two duplicates named', async () => {
    expect(run).toMatchObject(
      { state: 'complete', counts: { records: 18_427, rejected: 0, added: 18_425, duplicates: 2 }, notes: [] }
    );
    expect(run.duplicates).toEqual([
      { evseId: 'CH*SCH*E2OVB556962SCH', operators: ['CH*SCH', 'CH*SUI'] },
      { evseId: 'CH*SCH*EGZ4Z556960SCH', operators: ['CH*SCH', 'CH*SUI'] },
    ]);
    expect(await poi.get('/v1/summary')).toMatchObject({ evses: 18_425, byCountry: { CH: 18_425 } });
    expect(await poi.newEvents()).toHaveLength(18_425);
  });

  it('has the defects that were counted in it, in their shares', () => {
    const percent = (...codes: string[]) => (
      codes.reduce((sum, code) => sum + (run.findings[code] ?? 0), 0) / 184.27
    ).toFixed(1);
    expect({
      bareGooglePosition: percent('text-for-object'), otherSpelling: percent('member-spelling'),
      emptyEntrance: percent('coordinates-empty'),
      houseNumber: percent('house-number-missing'), attribute: percent('attribute-missing'), foreignPrefix: percent(
        'operator-differs-from-id'
      ),
      numberAsText: percent('number-as-text'), decimals: percent(
        'coordinates-too-precise'
      ), openingTimes: percent('opening-times-missing'),
      zeroPower: percent('zero-power'), amperage: percent('above-maximum'), mixedCase: percent('evse-id-case'),
      powerType: percent('power-type-missing'),
      withoutZone: percent('date-time-without-zone'), operatorId: percent('operator-id-malformed'),
      elsewhere: percent('position-placeholder', 'position-outside-country'),
    }).toEqual({
      bareGooglePosition: '100.0', otherSpelling: '100.0', emptyEntrance: '95.2', houseNumber: '89.8',
      attribute: '57.9', foreignPrefix: '14.2',
      numberAsText: '13.3', decimals: '8.0', openingTimes: '6.2', zeroPower: '4.1', amperage: '3.9', mixedCase: '3.6',
      powerType: '2.6',
      withoutZone: '1.5', operatorId: '1.2', elsewhere: '0.8',
    });
  });

  it('is published no second time', async () => {
    await poi.newEvents();
    const again = await poi.pull('evse-data');
    expect(again).toMatchObject({ state: 'complete', counts: { added: 0, changed: 0, unchanged: 18_425 } });
    expect(await poi.newEvents()).toEqual([]);
  }, 60_000);

  it('has a status for each EVSE, and of the second answer only the differences count', async () => {
    poi.hbs.statuses = read<StatusFeed>(statusFile).EVSEStatuses.flatMap(({ EVSEStatusRecord }) =>
      EVSEStatusRecord.map(({ EvseID, EVSEStatus }) => ({ EvseID, EvseStatus: EVSEStatus })));
    const first = await poi.pull('evse-status');
    expect(first).toMatchObject({ state: 'complete', counts: { rejected: 0 } });
    expect(first.counts['changed']).toBe(first.counts['evses']);
    await poi.newEvents();
    const [one, ...others] = poi.hbs.statuses;
    poi.hbs.statuses = [{ EvseID: one!.EvseID, EvseStatus: 'OutOfService' }, ...others];
    await poi.pull('evse-status');
    expect(await poi.newEvents()).toHaveLength(1);
  }, 60_000);
});
