import type { MessageKind } from '../src/index.ts';
import { sample } from './samples.ts';

/** A document, what is read from it, and which findings belong to the entry. */
export interface Reading {
  readonly kind: MessageKind;
  readonly document: Record<string, unknown>;
  readonly message: Record<string, unknown>;
  readonly findings?: readonly string[];
}

const session = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const cdr = sample('ChargeDetailRecord.signed');
const evse = sample('EvseDataRecord.complete');
const pull = { ProviderID: 'DE-EMP', GeoCoordinatesResponseFormat: 'DecimalDegree' };
const notification = { Type: 'Error', SessionID: session, EvseID: 'DE*SIM*E1', OperatorID: 'DE*SIM' };
const without = (object: object, ...names: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** Entries about what arrives: every spelling is read into the same message. */
export const READINGS: Readonly<Record<string, readonly Reading[]>> = {
  'E-02': [
    { kind: 'EvseStatusById', document: { EVSEStatusRecords: { EvseStatusRecord: [{ EvseID: 'DE*SIM*E1', EvseStatus: 'Available' }] } }, message: { EVSEStatusRecords: { EvseStatusRecord: [{ EvseID: 'DE*SIM*E1', EvseStatus: 'Available' }] } }, findings: [] },
    { kind: 'EvseStatusById', document: sample('EvseStatus.two'), message: { EVSEStatusRecords: { EvseStatusRecord: [{ EvseStatus: 'Available' }, { EvseStatus: 'OutOfService' }] } }, findings: ['/EvseStatuses member-spelling'] },
  ],
  'E-03': [
    { kind: 'PullEvseStatus', document: { ProviderID: 'DE-EMP', EVSEStatus: 'Available' }, message: { EvseStatus: 'Available' }, findings: ['/EVSEStatus member-spelling'] },
    { kind: 'PullEvseStatus', document: { ProviderID: 'DE-EMP', EvseStatus: ['Available'] }, message: { EvseStatus: 'Available' } },
  ],
  'E-04': [
    { kind: 'PullEvseData', document: { ...pull, OperatorIDs: ['DE*SIM'] }, message: { OperatorIds: ['DE*SIM'] }, findings: ['/OperatorIDs member-spelling'] },
    { kind: 'PullEvsePricing', document: { ProviderID: 'DE-EMP', OperatorIds: ['DE*SIM'] }, message: { OperatorIDs: ['DE*SIM'] }, findings: ['/OperatorIds member-spelling'] },
    { kind: 'PullPricingProductData', document: { OperatorIds: ['DE*SIM'] }, message: { OperatorIDs: ['DE*SIM'] }, findings: ['/OperatorIds member-spelling'] },
    { kind: 'PullEvseStatusByOperatorId', document: { ProviderID: 'DE-EMP', OperatorIDs: ['DE*SIM'] }, message: { OperatorID: ['DE*SIM'] }, findings: ['/OperatorIDs member-spelling'] },
  ],
  'E-06': [{ kind: 'PullEvseData', document: pull, message: pull, findings: [] }],
  'E-07': [{ kind: 'PullEvseData', document: { ...pull, LastCall: '2026-05-01T00:00:00Z', CountryCodes: ['DEU'], OperatorIds: ['DE*SIM'] }, message: { LastCall: '2026-05-01T00:00:00Z' }, findings: ['/CountryCodes filter-not-allowed', '/OperatorIds filter-not-allowed'] }],
  'E-08': [{ kind: 'EvseDataRecord', document: { deltaType: 'delete', EvseID: 'DE*SIM*E1' }, message: { deltaType: 'delete' } }],
  'E-11': [{ kind: 'EvseDataRecord', document: { ...without(evse, 'ChargingStationID', 'ChargingPoolID'), ChargingStationId: 'S1', ChargingPoolId: 'DE*SIM*P1' }, message: { ChargingStationID: 'S1', ChargingPoolID: 'DE*SIM*P1' }, findings: ['/ChargingPoolId member-spelling', '/ChargingStationId member-spelling'] }],
  'E-12': [{ kind: 'EvseDataRecord', document: { ...without(evse, 'OperatorID'), OperatorId: 'DE*SIM' }, message: { OperatorID: 'DE*SIM' }, findings: ['/OperatorId member-spelling'] }],
  'E-13': [{ kind: 'EvseDataRecord', document: { ...evse, ChargingFacilities: [{ PowerType: 'DC', Power: 22.5, Voltage: 1000, Amperage: 500 }] }, message: { ChargingFacilities: [{ Power: '22.5', Voltage: 1000, Amperage: 500 }] }, findings: ['/ChargingFacilities/0/Power too-many-decimals', '/ChargingFacilities/0/Voltage above-maximum', '/ChargingFacilities/0/Amperage above-maximum'] }],
  'E-14': [
    { kind: 'EvseDataRecord', document: { ...evse, OpeningTimes: [{ Period: { begin: '08:00', end: '18:00' }, On: 'Monday' }] }, message: { OpeningTimes: [{ Period: [{ begin: '08:00', end: '18:00' }], on: 'Monday' }] }, findings: ['/OpeningTimes/0/Period object-for-list', '/OpeningTimes/0/On member-spelling'] },
  ],
  'E-15': [{ kind: 'PricingProductData', document: { PricingProductData: [{ OperatorID: 'DE*SIM', PricingProductDataRecords: [{ ProductID: 'DC', ProductAvailabilityTimes: [{ Period: { begin: '22:00', end: '06:00' }, on: 'Everyday' }] }] }] }, message: { PricingProductData: [{ PricingProductDataRecords: [{ ProductAvailabilityTimes: [{ Periods: [{ begin: '22:00', end: '06:00' }] }] }] }] }, findings: ['/PricingProductData/0/PricingProductDataRecords/0/ProductAvailabilityTimes/0/Period member-spelling', '/PricingProductData/0/PricingProductDataRecords/0/ProductAvailabilityTimes/0/Period object-for-list'] }],
  'E-16': [{ kind: 'EvseDataRecord', document: { ...evse, EnergySource: [{ Energy: 'Solar', Percentage: 100 }] }, message: { EnergySource: [{ Percentage: 100 }] }, findings: [] }],
  'E-17': [{ kind: 'EvseDataRecord', document: { ...evse, EvseID: 'DE*SIM*e0001a' }, message: { EvseID: 'DE*SIM*e0001a' }, findings: ['/EvseID evse-id-case'] }],
  'E-18': [{ kind: 'AuthorizeStart', document: { OperatorID: 'DE*SIM', Identification: { PlugAndChargeIdentification: { EvcoID: 'DEEMPC00000047' } } }, message: {}, findings: ['/Identification/PlugAndChargeIdentification/EvcoID evco-id-form'] }],
  'E-19': [{ kind: 'AuthorizeStart', document: { OperatorID: 'DE*SIM', Identification: { RFIDMifareFamilyIdentification: { UID: '04:b7:c1:d2' } } }, message: {}, findings: ['/Identification/RFIDMifareFamilyIdentification/UID uid-spelling'] }],
  'E-20': [{ kind: 'PushAuthenticationData', document: sample('PushAuthenticationData.full-load'), message: { ActionType: 'fullLoad' }, findings: [] }],
  'E-23': [{ kind: 'AuthorizeRemoteStart', document: sample('AuthorizeRemoteStart.app'), message: { ProviderID: 'DE-EMP' }, findings: [] }],
  'E-24': [{ kind: 'AuthorizeRemoteReservationStart', document: { ...without(sample('AuthorizeRemoteReservationStart.half-an-hour'), 'EMPPartnerSessionID'), EMPPartnerSessionId: 'x'.repeat(51) }, message: { EMPPartnerSessionID: 'x'.repeat(51) }, findings: ['/EMPPartnerSessionId member-spelling', '/EMPPartnerSessionId too-long'] }],
  'E-26': [{ kind: 'GetChargeDetailRecords', document: { ...sample('GetChargeDetailRecords.not-forwarded'), OperatorID: 'DE*SIM' }, message: { OperatorID: ['DE*SIM'] }, findings: ['/OperatorID object-for-list'] }],
  'E-27': [{ kind: 'GetChargeDetailRecords', document: { ...without(sample('GetChargeDetailRecords.not-forwarded'), 'CDRForwarded'), CDRForwarder: true }, message: { CDRForwarded: true }, findings: ['/CDRForwarder member-spelling'] }],
  'E-28': [{ kind: 'ChargeDetailRecord', document: { ...without(cdr, 'HubProviderID'), HubProviderId: 'DE-EMP' }, message: { HubProviderID: 'DE-EMP' }, findings: ['/HubProviderId member-spelling'] }],
  'E-29': [
    ...[[12048.2, 12056.75], ['12048.2', '12056.75']].flatMap((values): Reading[] => [
      { kind: 'ChargeDetailRecord', document: { ...cdr, MeterValueInBetween: { meterValues: values } }, message: { MeterValueInBetween: { meterValues: ['12048.2', '12056.75'] } }, findings: [] },
      { kind: 'ChargeDetailRecord', document: { ...cdr, MeterValueInBetween: values }, message: { MeterValueInBetween: { meterValues: ['12048.2', '12056.75'] } }, findings: ['/MeterValueInBetween list-for-object'] },
    ]),
  ],
  'E-30': [{ kind: 'ChargeDetailRecord', document: { ...cdr, CPOPartnerSessionID: 'x'.repeat(251) }, message: { CPOPartnerSessionID: 'x'.repeat(251) } }],
  'E-31': [{ kind: 'ChargeDetailRecord', document: { ...cdr, SignedMeteringValues: [{ SignedMeteringValue: 'x'.repeat(9000), MeteringStatus: 'Start' }] }, message: { SignedMeteringValues: [{ SignedMeteringValue: 'x'.repeat(9000) }] }, findings: ['/SignedMeteringValues/0/SignedMeteringValue too-long'] }],
  'E-32': [{ kind: 'ChargeDetailRecord', document: { ...cdr, ChargingStart: null, ChargingEnd: null, ConsumedEnergy: null }, message: { SessionID: session }, findings: ['/ChargingStart member-missing', '/ChargingEnd member-missing', '/ConsumedEnergy member-missing'] }],
  'E-33': [{ kind: 'ChargeDetailRecordPage', document: { ...sample('ChargeDetailRecordPage.one'), StatusCode: null, sort: { sorted: false } }, message: { empty: false, pageable: { paged: true }, sort: { sorted: false } }, findings: [] }],
  'E-34': [{ kind: 'ChargingNotification', document: { ...sample('ChargingNotification.progress'), ChargingDuration: 300 }, message: { ChargingDuration: 300 }, findings: ['/ChargingDuration duration-differs'] }],
  'E-35': [
    { kind: 'ChargingNotification', document: { ...notification, ErrorType: 'Connector Error' }, message: { ErrorType: 'ConnectorError' }, findings: ['/ErrorType value-spelling'] },
    { kind: 'ChargingNotification', document: { ...notification, ErrorClass: 'CriticalError' }, message: { ErrorType: 'CriticalError' }, findings: ['/ErrorClass member-spelling'] },
  ],
  'E-36': [{ kind: 'ChargingNotification', document: without({ ...notification, ErrorType: 'CriticalError' }, 'OperatorID'), message: { Type: 'Error' }, findings: [] }],
  'E-38': [
    { kind: 'PricingProductData', document: { OperatorPricingProducts: [] }, message: { PricingProductData: [] }, findings: ['/OperatorPricingProducts member-spelling'] },
    { kind: 'EvsePricing', document: { OperatorEVSEPricing: [] }, message: { EVSEPricing: [] }, findings: ['/OperatorEVSEPricing member-spelling'] },
  ],
  'E-40': [{ kind: 'PricingProductData', document: sample('PricingProductData.night-tariff'), message: { PricingProductData: [{ PricingProductDataRecords: [{ MaximumProductChargingPower: '22' }, {}] }] }, findings: [] }],
  'E-42': [{ kind: 'EvsePricing', document: sample('EvsePricing.one'), message: { EVSEPricing: [{ EVSEPricing: [{ ProviderID: '*' }, {}] }] }, findings: [] }],
  'E-43': [{ kind: 'ChargeDetailRecord', document: { ...cdr, PartnerProductID: 'Standardpreis '.repeat(5) }, message: { PartnerProductID: 'Standardpreis '.repeat(5) }, findings: ['/PartnerProductID too-long'] }],
  'E-44': [{ kind: 'Acknowledgement', document: { StatusCode: { Code: '000' } }, message: { StatusCode: { Code: '000' } }, findings: ['/Result member-missing'] }],
  'E-46': [{ kind: 'AuthorizationStart', document: { ...sample('AuthorizationStart.unknown-card'), SessionID: null }, message: { AuthorizationStatus: 'NotAuthorized' }, findings: [] }],
  'E-47': [{ kind: 'EvseDataRecord', document: { ...evse, Address: { ...(evse.Address as object), Country: 'DE' } }, message: { Address: { Country: 'DE' } }, findings: ['/Address/Country country-malformed'] }],
  'E-48': [{ kind: 'EvseDataRecord', document: { ...evse, Address: { ...(evse.Address as object), TimeZone: 'UTC,01:00' } }, message: { Address: { TimeZone: 'UTC,01:00' } }, findings: ['/Address/TimeZone time-zone-malformed'] }],
  'E-49': [
    { kind: 'EvseDataRecord', document: { ...evse, GeoCoordinates: { Google: { Coordinatea: '46.9488321 7.4391111' } }, GeoChargingPointEntrance: { Google: 'None None' } }, message: { GeoCoordinates: { Google: { Coordinates: '46.9488321 7.4391111' } } }, findings: ['/GeoCoordinates/Google/Coordinatea member-spelling', '/GeoCoordinates/Google/Coordinatea coordinates-too-precise', '/GeoChargingPointEntrance/Google coordinates-empty'] },
    { kind: 'EvseDataRecord', document: { ...evse, GeoCoordinates: { Google: '46.94,7.43' } }, message: { GeoCoordinates: { Google: { Coordinates: '46.94,7.43' } } }, findings: ['/GeoCoordinates/Google text-for-object'] },
  ],
  'E-50': [{ kind: 'EvseStatus', document: { EvseStatuses: { OperatorEvseStatus: [{ OperatorID: 'DE*SIM', EvseStatusRecord: [] }] } }, message: { EvseStatuses: { OperatorEvseStatus: [{ OperatorID: 'DE*SIM' }] } }, findings: [] }],
  'E-51': [
    { kind: 'PushAuthenticationData', document: sample('PushAuthenticationData.delete-everything'), message: { ProviderAuthenticationData: { AuthenticationDataRecord: [] } }, findings: [] },
    { kind: 'EvseDataRecord', document: { ...evse, AuthenticationModes: [] }, message: { AuthenticationModes: [] }, findings: ['/AuthenticationModes list-empty'] },
  ],
  'E-53': [{ kind: 'AuthorizeStart', document: { OperatorID: 'DE*SIM', Identification: { RFIDMifareFamilyIdentification: { UID: '12345678' }, PlugAndChargeIdentification: { EvcoID: 'DE-EMP-C00000047-X' } } }, message: {}, findings: ['/Identification identification-ambiguous'] }],
  'E-54': [{ kind: 'Acknowledgement', document: { Result: false, StatusCode: { Code: '404' } }, message: { StatusCode: { Code: '404' } }, findings: ['/StatusCode/Code status-code-unknown'] }],
  'E-56': [{ kind: 'PushAuthenticationData', document: sample('PushAuthenticationData.full-load'), message: { ProviderAuthenticationData: { ProviderID: 'DE-EMP' } }, findings: [] }],
  'E-57': [{ kind: 'EvseDataRecord', document: { ...evse, Plugs: ['MCS'] }, message: { Plugs: ['MCS'] }, findings: ['/Plugs/0 value-unknown'] }],
  'E-58': [{ kind: 'EvseDataRecord', document: { ...evse, PaymentOptions: ['No Payment', 'Direct'] }, message: { PaymentOptions: ['No Payment', 'Direct'] }, findings: ['/PaymentOptions payment-contradictory'] }],
  'E-60': [{ kind: 'ChargeDetailRecord', document: { ...cdr, ChargingStart: '2026-05-01T10:50:00+02:00', ChargingEnd: '2026-05-01T10:50:00+02:00', MeterValueStart: '12041.118' }, message: { MeterValueStart: '12041.118' }, findings: ['/SessionEnd instants-disordered', '/ChargingStart instants-disordered'] }],
};
