import { sample } from '../../test/samples.ts';
import { readOicp, registeredRules, validateOicp, type MessageKind } from '../index.ts';

const cdr = sample('ChargeDetailRecord.signed');
const evse = sample('EvseDataRecord.complete');
const progress = sample('ChargingNotification.progress');
const card = { RFIDMifareFamilyIdentification: { UID: '04B7C1D2E35A80' } };
const remote = { RemoteIdentification: { EvcoID: 'DE-EMP-C00000047-X' } };
const signed = (...statuses: string[]): object[] => statuses.map((MeteringStatus) => ({ SignedMeteringValue: 'OCMF|{}|{}', MeteringStatus }));
const qr = (credential: object): object => ({
  ActionType: 'insert',
  ProviderAuthenticationData: {
    ProviderID: 'DE-EMP',
    AuthenticationDataRecord: [{ Identification: { QRCodeIdentification: { EvcoID: 'DE-EMP-C00000047-X', ...credential } } }],
  },
});
const bcrypt = { Value: '$2a$10$abcdefghijklmnopqrstuv', Function: 'Bcrypt' };
const inRecord = '/ProviderAuthenticationData/AuthenticationDataRecord/0/Identification/QRCodeIdentification';
const withId = (EvcoID: string): object => ({ ...sample('AuthorizeRemoteStart.app'), Identification: { RemoteIdentification: { EvcoID } } });

type Case = readonly [about: string, kind: MessageKind, document: object, findings: readonly string[]];

const CASES: readonly Case[] = [
  ['energy that is end − start', 'ChargeDetailRecord', { ...cdr, ConsumedEnergy: 21.887 }, []],
  ['energy off by more than 0.01 kWh', 'ChargeDetailRecord', { ...cdr, ConsumedEnergy: 21.8871 }, ['/ConsumedEnergy too-many-decimals', '/ConsumedEnergy energy-differs']],
  ['more than 1000 kWh', 'ChargeDetailRecord', { ...cdr, MeterValueEnd: null, ConsumedEnergy: 1000.001 }, ['/ConsumedEnergy energy-implausible']],
  ['negative energy', 'ChargeDetailRecord', { ...cdr, MeterValueEnd: null, ConsumedEnergy: -1 }, ['/ConsumedEnergy below-minimum']],
  ['a meter that runs backwards', 'ChargeDetailRecord', { ...cdr, MeterValueInBetween: { meterValues: [12056.75, 12048.2] } }, ['/MeterValueInBetween meter-values-disordered']],
  ['an end below the start', 'ChargeDetailRecord', { ...cdr, MeterValueInBetween: null, MeterValueEnd: 12000, ConsumedEnergy: 1 }, ['/ConsumedEnergy energy-differs', '/MeterValueEnd meter-values-disordered']],
  ['charging that ends before it begins', 'ChargeDetailRecord', { ...cdr, ChargingEnd: '2026-05-01T09:59:00+02:00' }, ['/ChargingEnd instants-disordered']],
  ['moments compared as instants, not as texts', 'ChargeDetailRecord', { ...cdr, ChargingEnd: '2026-05-01T08:31:30Z' }, []],
  ['a night with two hours of the same name', 'ChargeDetailRecord', { ...cdr, SessionStart: '2026-10-25T02:40:00+02:00', ChargingStart: '2026-10-25T02:50:00+02:00', ChargingEnd: '2026-10-25T02:10:00+01:00', SessionEnd: '2026-10-25T02:20:00+01:00' }, []],
  ['charging outside of the session', 'ChargeDetailRecord', { ...cdr, SessionStart: '2026-05-01T10:10:00+02:00', SessionEnd: '2026-05-01T10:20:00+02:00' }, ['/ChargingStart instants-disordered', '/SessionEnd instants-disordered']],
  ['eleven signed values', 'ChargeDetailRecord', { ...cdr, SignedMeteringValues: signed('Start', ...Array<string>(9).fill('Progress'), 'End') }, ['/SignedMeteringValues signed-values-too-many']],
  ['ten signed values', 'ChargeDetailRecord', { ...cdr, SignedMeteringValues: signed('Start', ...Array<string>(8).fill('Progress'), 'End') }, []],
  ['signed values in another order', 'ChargeDetailRecord', { ...cdr, SignedMeteringValues: signed('End', 'Start') }, ['/SignedMeteringValues signed-values-disordered']],
  ['two beginnings', 'ChargeDetailRecord', { ...cdr, SignedMeteringValues: signed('Start', 'Start', 'End') }, ['/SignedMeteringValues signed-values-disordered']],

  ['no identification at all', 'AuthorizeStart', { OperatorID: 'DE*SIM', Identification: { RemoteIdentification: null } }, ['/Identification identification-missing']],
  ['two identifications', 'ChargeDetailRecord', { ...cdr, Identification: { ...card, ...remote } }, ['/Identification identification-ambiguous']],
  ['a card with data in authorization', 'AuthorizeStart', { OperatorID: 'DE*SIM', Identification: { RFIDIdentification: { UID: '04B7C1D2E35A80', RFID: 'nfc' } } }, ['/Identification/RFIDIdentification identification-not-allowed']],
  ['a card in a remote start', 'AuthorizeRemoteStart', { ...sample('AuthorizeRemoteStart.app'), Identification: card }, ['/Identification/RFIDMifareFamilyIdentification identification-not-allowed']],
  ['a hashed PIN in authorization', 'AuthorizeStart', { OperatorID: 'DE*SIM', Identification: { QRCodeIdentification: { EvcoID: 'DE-EMP-C00000047-X', HashedPIN: bcrypt } } }, ['/Identification/QRCodeIdentification/HashedPIN member-not-allowed']],
  ['a QR record without PIN', 'PushAuthenticationData', qr({}), [`${inRecord} credential-missing`]],
  ['a QR record with PIN and hash', 'PushAuthenticationData', qr({ PIN: '1', HashedPIN: bcrypt }), [`${inRecord} credential-ambiguous`]],
  ['a hash of OICP 2.1', 'PushAuthenticationData', qr({ HashedPIN: { ...bcrypt, LegacyHashData: { Function: 'MD5' } } }), [`${inRecord}/HashedPIN/LegacyHashData member-not-allowed`]],
  ['an insert of nothing', 'PushAuthenticationData', { ...sample('PushAuthenticationData.delete-everything'), ActionType: 'insert' }, ['/ProviderAuthenticationData/AuthenticationDataRecord list-empty']],
  ['a check character that does not fit', 'AuthorizeRemoteStart', withId('DE-EMP-C00000047-0'), ['/Identification/RemoteIdentification/EvcoID evco-check-digit']],

  ['Authorized without provider', 'AuthorizationStart', { ...sample('AuthorizationStart.authorized'), ProviderID: null }, ['/ProviderID member-missing']],
  ['Authorized with a reason against it', 'AuthorizationStop', { ...sample('AuthorizationStop.authorized'), StatusCode: { Code: '102' } }, ['/StatusCode/Code verdict-contradictory']],
  ['NotAuthorized with success', 'AuthorizationStart', { AuthorizationStatus: 'NotAuthorized', StatusCode: { Code: '000' } }, ['/StatusCode/Code verdict-contradictory']],
  ['a text that is not the code’s', 'Acknowledgement', { Result: true, StatusCode: { Code: '000', Description: 'VCP Remote Start' } }, ['/StatusCode/Description status-text-differs']],

  ['LastCall with a filter', 'PullEvseData', { ...sample('PullEvseData.delta'), SearchCenter: { GeoCoordinates: { Google: { Coordinates: '1.0 1.0' } }, Radius: 1 } }, ['/SearchCenter filter-not-allowed']],
  ['a radius of four digits and two decimals', 'PullEvseData', { ...sample('PullEvseData.full'), SearchCenter: { GeoCoordinates: { Google: { Coordinates: '1.0 1.0' } }, Radius: 1000 } }, ['/SearchCenter/Radius above-maximum']],
  ['a window that ends before it begins', 'GetChargeDetailRecords', { ProviderID: 'DE-EMP', From: '2026-05-02T00:00:00Z', To: '2026-05-01T00:00:00Z' }, ['/To window-reversed']],
  ['101 ids', 'PullEvseStatusById', { ProviderID: 'DE-EMP', EvseID: Array<string>(101).fill('DE*SIM*E1') }, ['/EvseID list-too-long']],

  ...['0.000000 0.000000', '50.000000 -15.000000', '95.123456 7.123456', '-95.123456 7.123456', '46.948832 190.439111', '46.948832,190.439111'].map(
    (Coordinates): Case => [`a charge point at ${Coordinates}`, 'EvseDataRecord', { ...evse, GeoCoordinates: { Google: { Coordinates } } }, ['/GeoCoordinates coordinates-implausible']],
  ),
  ...['46.948832 7.439111', '9.123456 -9.123456', '0.313611 32.581111', '50.000001 14.420000', '-33.860000 151.200000', '5.550000 0.200000'].map(
    (Coordinates): Case => [`a charge point at ${Coordinates}`, 'EvseDataRecord', { ...evse, GeoCoordinates: { Google: { Coordinates } } }, []],
  ),
  ['not always open and no times', 'EvseDataRecord', { ...evse, OpeningTimes: [] }, ['/OpeningTimes opening-times-missing']],
  ['shares of more than 100 %', 'EvseDataRecord', { ...evse, EnergySource: [{ Percentage: 60 }, { Percentage: 60 }] }, ['/EnergySource energy-sources-exceed']],
  ['coordinates of no notation', 'EvseDataRecord', { ...evse, GeoCoordinates: { Google: null } }, ['/GeoCoordinates coordinates-empty']],
  ['the placeholder in the Atlantic', 'EvseDataRecord', { ...evse, GeoCoordinates: { Google: { Coordinates: '50.0 -15.0' } } }, ['/GeoCoordinates coordinates-implausible']],
  ['latitude and longitude off the globe', 'EvseDataRecord', { ...evse, GeoCoordinates: { DecimalDegree: { Latitude: '113.35', Longitude: '52.48' } } }, ['/GeoCoordinates coordinates-implausible']],
  ['the id of a sub-operator', 'EvseDataRecord', { ...evse, EvseID: 'DE*SUB*E1' }, ['/EvseID operator-prefix-differs']],
  ['an id without separators', 'EvseDataRecord', { ...evse, EvseID: 'DESIME1' }, []],
  ['a product that is not always valid and has no times', 'PricingProductData', { PricingProductData: [{ ...(sample('PricingProductData.night-tariff').PricingProductData as object[])[0], PricingProductDataRecords: [{ ProductID: 'DC', ReferenceUnit: 'MINUTE', ProductPriceCurrency: 'EUR', PricePerReferenceUnit: 1, MaximumProductChargingPower: 50, IsValid24hours: false, ProductAvailabilityTimes: [] }] }] }, ['/PricingProductData/0/PricingProductDataRecords/0/ProductAvailabilityTimes opening-times-missing']],

  ['a start without its moment', 'ChargingNotification', { ...sample('ChargingNotification.start'), ChargingStart: null }, ['/ChargingStart member-missing']],
  ['progress that says nothing', 'ChargingNotification', { ...progress, ChargingDuration: null, ConsumedEnergyProgress: null }, ['/ConsumedEnergyProgress member-missing']],
  ['a duration in seconds', 'ChargingNotification', { ...progress, ChargingDuration: 300 }, ['/ChargingDuration duration-differs']],
  ['an end with the members of an error', 'ChargingNotification', { ...sample('ChargingNotification.end'), ErrorType: 'CriticalError' }, ['/ErrorType member-not-allowed']],
  ['an error without its type', 'ChargingNotification', { ...sample('ChargingNotification.error'), ErrorType: null }, ['/ErrorType member-missing']],
  ['a type of another version', 'ChargingNotification', { ...sample('ChargingNotification.error'), Type: 'Pause' }, ['/Type value-unknown']],

  ['a last page that is not the last', 'EvseDataPage', { ...sample('EvseDataPage.one'), totalPages: 2 }, ['/last page-inconsistent']],
  ['a page that announces more than it has', 'EvseDataPage', { ...sample('EvseDataPage.one'), numberOfElements: 2 }, ['/numberOfElements page-inconsistent']],
];

describe('rules over several members', () => {
  it.each(CASES)('%s', (_, kind, document, expected) => {
    const outcome = readOicp(kind, JSON.stringify(document));
    expect(outcome.ok && outcome.findings.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(expected);
  });

  it.each(CASES)('the validator says the same of the message: %s', (_, kind, document) => {
    const outcome = readOicp(kind, JSON.stringify(document));
    if (!outcome.ok) throw new Error('unreadable');
    const key = ({ pointer, code }: { pointer: string; code: string }): string => `${pointer} ${code}`;
    expect(validateOicp(kind, outcome.message).map(key).sort()).toEqual(outcome.findings.map(key).sort());
  });

  it('have a source each', () => {
    expect(registeredRules().length).toBeGreaterThan(40);
    for (const { source } of registeredRules()) expect(source).toMatch(/^§\d/);
  });

  it('do not stumble over messages of the wrong form', () => {
    for (const [, kind] of CASES) {
      for (const nonsense of [{}, { Identification: 1 }, { StatusCode: 'x' }, { EvseStatuses: [] }, { content: [null, 7] }, null, 5, [], 'x']) {
        expect(validateOicp(kind, nonsense as never).length).toBeGreaterThan(0);
      }
    }
  });
});
