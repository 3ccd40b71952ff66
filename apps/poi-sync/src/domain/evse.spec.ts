import type { EvseRecord } from './evse-record.ts';
import { readEvse } from './evse.ts';
import { qualityOf } from './quality.ts';

const sound: EvseRecord = {
  EvseID: 'CH*CCI*E22078', OperatorID: 'CH*CCI', OperatorName: 'SIG',
  Address: { Country: 'CHE', HouseNum: '7' },
  GeoCoordinates: { Google: '46.23432 6.055602' },
  ChargingFacilities: [{ Power: '22.0', PowerType: 'AC_3_PHASE' }],
  PaymentOptions: ['Direct'], ValueAddedServices: ['None'], AuthenticationModes: ['REMOTE'],
  ChargingStationNames: [{ lang: 'en', value: 'x' }],
  CalibrationLawDataAvailability: 'External', IsHubjectCompatible: true,
};

const codesOf = (record: EvseRecord) => qualityOf(record, readEvse(record)).map(
  ({ code, pointer }) => `${code} ${pointer}`
);

describe('an EVSE', () => {
  it('is read from a record with everything that others need', () => {
    expect(readEvse(sound).evse).toEqual({
      evseId: 'CH*CCI*E22078', evseKey: 'CHCCIE22078', operatorId: 'CH*CCI', operatorName: 'SIG', country: 'CH',
      timeZone: 'Europe/Zurich', latitude: '46.23432', longitude: '6.055602', maximumPowerKw: '22.0',
      powerType: 'AC_3_PHASE',
      calibrationLaw: 'External', hubjectCompatible: true,
    });
    expect(codesOf(sound)).toEqual([]);
  });

  it('is read from a record that has nothing but an id', () => {
    const bare: EvseRecord = { EvseID: 'de*abc*Emixed*1' };
    expect(readEvse(bare).evse).toEqual({
      evseId: 'de*abc*Emixed*1', evseKey: 'DEABCEMIXED1', operatorId: '', operatorName: null, country: 'DE',
      timeZone: 'Europe/Berlin', latitude: null, longitude: null, maximumPowerKw: null, powerType: null,
      calibrationLaw: null, hubjectCompatible: null,
    });
    expect(codesOf(bare)).toEqual([
      'position-missing /GeoCoordinates', 'house-number-missing /Address/HouseNum', 'attribute-missing /PaymentOptions',
      'attribute-missing /ValueAddedServices', 'attribute-missing /AuthenticationModes',
      'attribute-missing /ChargingStationNames',
      'operator-missing /OperatorID',
    ]);
  });

  it('at a placeholder has no position, but the time zone of its country', () => {
    const record = { ...sound, GeoCoordinates: { Google: '50.0 -15.0' } };
    expect(readEvse(record).evse).toMatchObject({ latitude: null, longitude: null, timeZone: 'Europe/Zurich' });
    expect(codesOf(record)).toEqual(['position-placeholder /GeoCoordinates/Google']);
  });

  it('keeps an implausible position, named, and does not take the time zone from it', () => {
    const record = { ...sound, GeoCoordinates: { DecimalDegree: { Latitude: '38.04843', Longitude: '114.62462' } } };
    expect(readEvse(record).evse).toMatchObject({ latitude: '38.04843', timeZone: 'Europe/Zurich' });
    expect(codesOf(record)).toEqual(['position-outside-country /GeoCoordinates/DecimalDegree']);
    const swapped = { ...sound, GeoCoordinates: { Google: '6.055602 46.23432' } };
    expect(codesOf(swapped)).toEqual(['position-swapped /GeoCoordinates/Google']);
  });

  it('whose clock nobody can tell says so', () => {
    const record = {
      ...sound, EvseID: '+1*555*1', OperatorID: '+1*555', Address: { HouseNum: '1' }, GeoCoordinates: { Google: 'here' }
    };
    expect(codesOf(record)).toEqual([
      'position-unreadable /GeoCoordinates/Google', 'time-zone-unknown /GeoCoordinates/Google',
      'country-unknown /Address/Country',
    ]);
  });

  it('of another operator than its id says is a finding; another spelling of the same operator is none', () => {
    expect(codesOf({ ...sound, OperatorID: 'CH*SUI' })).toEqual(['operator-differs-from-id /OperatorID']);
    expect(codesOf({ ...sound, OperatorID: 'chcci' })).toEqual([]);
    expect(codesOf({ ...sound, OperatorID: 'CH*FASTNED' })).toEqual([]);
    expect(codesOf({ ...sound, EvseID: '+41*031*1868*1', OperatorID: '41*031' })).toEqual([]);
  });

  it('without power, with power zero or without type is a finding per facility', () => {
    const record = { ...sound, ChargingFacilities: [{ Power: '0', PowerType: 'DC' }, { Power: '50' }] };
    expect(readEvse(record).evse).toMatchObject({ maximumPowerKw: '50', powerType: 'DC' });
    expect(codesOf(record)).toEqual(
      ['power-missing /ChargingFacilities/0', 'power-type-missing /ChargingFacilities/1']
    );
  });

  it('that closes at night without saying when is a finding', () => {
    expect(codesOf({ ...sound, IsOpen24Hours: false })).toEqual(['opening-times-missing /OpeningTimes']);
    expect(
      codesOf({ ...sound, IsOpen24Hours: false, OpeningTimes: [] })
    ).toEqual(['opening-times-missing /OpeningTimes']);
    expect(codesOf({ ...sound, IsOpen24Hours: false, OpeningTimes: [{}] })).toEqual([]);
    expect(codesOf({ ...sound, IsOpen24Hours: true })).toEqual([]);
  });
});
