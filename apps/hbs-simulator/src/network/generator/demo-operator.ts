import { evseOf, type Evse, type RawRecord } from '../evse.ts';

/** Where stories are played. */
export const DEMO_OPERATOR = { operatorId: 'DE*SIM', operatorName: 'Simulated Stations' } as const;
export const DEMO_EVSE_ID = 'DE*SIM*E0001*1';

/** The demo operator's stations, without any defect but the feed's spelling: two DC points and two AC points in Berlin. */
export function demoEvses(now: Date): readonly Evse[] {
  return [record('E0001*1', 'DC'), record('E0001*2', 'DC'), record('E0002*1', 'AC'), record('E0002*2', 'AC')]
    .flatMap((raw) => evseOf(raw, DEMO_OPERATOR, now.getTime()) ?? []);
}

function record(local: string, kind: 'AC' | 'DC'): RawRecord {
  const dc = kind === 'DC';
  return {
    EvseID: `DE*SIM*${local}`,
    ChargingStationId: `DE*SIM*S${local.slice(1, 5)}`,
    ChargingStationNames: [{ lang: 'de', value: 'Berlin Musterplatz' }, { lang: 'en', value: 'Berlin Musterplatz' }],
    Address: { Country: 'DEU', City: 'Berlin', Street: 'Musterplatz', PostalCode: '10115', HouseNum: local.endsWith('1') ? '1' : '2', TimeZone: 'UTC+01:00' },
    GeoCoordinates: { Google: '52.520008 13.404954' },
    GeoChargingPointEntrance: { Google: '52.520010 13.404960' },
    Plugs: dc ? ['CCS Combo 2 Plug (Cable Attached)'] : ['Type 2 Outlet'],
    ChargingFacilities: [dc
      ? { power: 150, powertype: 'DC', Voltage: 400, Amperage: 99, ChargingModes: ['Mode_4'] }
      : { power: 22, powertype: 'AC_3_PHASE', Voltage: 230, Amperage: 32, ChargingModes: ['Mode_3'] }],
    RenewableEnergy: true,
    CalibrationLawDataAvailability: 'Not Available',
    AuthenticationModes: ['NFC RFID Classic', 'NFC RFID DESFire', 'PnC', 'REMOTE'],
    PaymentOptions: ['Contract'],
    ValueAddedServices: ['Reservation'],
    Accessibility: 'Free publicly accessible',
    AccessibilityLocation: 'OnStreet',
    HotlinePhoneNumber: '+4930123456789',
    IsOpen24Hours: true,
    IsHubjectCompatible: true,
    DynamicInfoAvailable: 'true',
  };
}
