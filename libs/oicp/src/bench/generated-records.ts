/** EVSE records for measurements: no randomness, so that every run reads the same page. */

/** A conformant record with most members filled. */
export const cleanRecord = (index: number): object => ({
  deltaType: 'insert',
  lastUpdate: `2026-04-0${index % 9 + 1}T08:00:00Z`,
  EvseID: `DE*SIM*E${100_000 + index}*${index % 2 + 1}`,
  ChargingPoolID: `DE*SIM*P${index % 500}`,
  ChargingStationID: `DE*SIM*S${100_000 + index}`,
  ChargingStationNames: [{ lang: 'de', value: `Musterstraße ${index}` }, { lang: 'en', value: `Sample Street ${index}` }],
  HardwareManufacturer: 'Nobody',
  SubOperatorName: 'City of Sample',
  Address: { Country: 'DEU', City: 'Musterstadt', Street: `Musterstraße ${index}`, PostalCode: '12345', HouseNum: String(index % 99 + 1), TimeZone: 'UTC+01:00' },
  GeoCoordinates: { DecimalDegree: { Longitude: `13.${356_000 + index}`, Latitude: `52.${480_000 + index}` } },
  Plugs: ['CCS Combo 2 Plug (Cable Attached)', 'CHAdeMO'],
  DynamicPowerLevel: false,
  ChargingFacilities: [{ PowerType: 'DC', Power: 150, Voltage: 920, Amperage: 99, ChargingModes: ['Mode_4'] }],
  RenewableEnergy: true,
  CalibrationLawDataAvailability: 'External',
  AuthenticationModes: ['NFC RFID Classic', 'REMOTE', 'PnC'],
  MaxCapacity: 50,
  PaymentOptions: ['Contract', 'Direct'],
  ValueAddedServices: ['Reservation'],
  Accessibility: 'Paying publicly accessible',
  AccessibilityLocation: 'OnStreet',
  HotlinePhoneNumber: '+4930123456',
  IsOpen24Hours: true,
  IsHubjectCompatible: true,
  DynamicInfoAvailable: 'true',
  OperatorID: 'DE*SIM',
  OperatorName: 'Simulated Charging',
});

/** The defects of a real national feed, in about their shares. */
export const dirtyRecord = (index: number): object => {
  const { ChargingStationID, SubOperatorName, PaymentOptions, ...record } = cleanRecord(index) as Record<string, unknown>;
  return {
    ...record,
    ChargingStationId: ChargingStationID,
    SuboperatorName: SubOperatorName,
    EvseID: index % 28 === 0 ? `CH*SIM*E*Alexandra*${index}` : record.EvseID,
    Address: { ...(record.Address as object), HouseNum: index % 10 === 0 ? '7' : index % 2 === 0 ? '' : null, Floor: null, Region: null },
    GeoCoordinates: { Google: index % 12 === 0 ? '46.9488321 7.4391111' : '46.94883 7.43911' },
    GeoChargingPointEntrance: { Google: 'None None' },
    ChargingFacilities: [index % 7 === 0
      ? { power: '22.0', powertype: 'AC_3_PHASE', Amperage: '32', Voltage: '230' }
      : { power: index % 25 === 0 ? 0 : 22, powertype: index % 38 === 0 ? null : 'AC_3_PHASE' }],
    ...(index % 2 === 0 ? { PaymentOptions } : {}),
    AuthenticationModes: index % 5 < 2 ? [] : ['NFC RFID Classic', 'REMOTE'],
    IsOpen24Hours: index % 16 !== 0,
    OpeningTimes: null,
    AdditionalInfo: null,
    AccessibilityLocation: null,
    LocationImage: null,
    EnergySource: null,
    EnvironmentalImpact: null,
    HubOperatorID: null,
    ClearinghouseID: null,
  };
};
