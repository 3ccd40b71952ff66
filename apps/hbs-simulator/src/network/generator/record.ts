import type { Random } from '../../random.ts';
import type { RawRecord } from '../evse.ts';
import type { Defect, Defects } from './defects.ts';
import type { GeneratedOperator } from './operators.ts';
import type { Town } from './places.ts';

export interface RecordRequest {
  readonly random: Random;
  readonly operator: GeneratedOperator;
  /** Whose prefix the id has if it is a foreign one. */
  readonly other: GeneratedOperator;
  readonly index: number;
  readonly defects: Defects;
}

const STREETS = ['Bahnhofstrasse', 'Hauptstrasse', 'Rue de la Gare', 'Marktplatz', 'Via Roma', 'Stationsplein', 'Parkhaus Nord', 'Industriestrasse'] as const;
const SITES = ['Rathaus', 'Bahnhof', 'Supermarkt', 'Parkhaus', 'Rastplatz', 'Hotel', 'Stadion'] as const;

/** One EVSE record in the spelling of a national feed: 100 % of real ones deviate in it. */
export function generateRecord({ random, operator, other, index, defects }: RecordRequest): RawRecord {
  const has = (defect: Defect): boolean => defects[defect].has(index);
  const { country } = operator;
  const town = random.pick(country.towns);
  const station = index - (index % 2);
  const evseId = evseIdOf({ random, operator: has('foreignPrefix') ? other : operator, index, mixedCase: has('mixedCase') });
  const names = namesOf(random, town, country.language, station);
  const open24 = !has('openingTimesMissing') && !random.chance(0.03);
  return withoutUndefined({
    Accessibility: random.weighted({ 'Free publicly accessible': 55, 'Restricted access': 26, 'Paying publicly accessible': 19 }),
    AccessibilityLocation: random.chance(0.5) ? 'OnStreet' : null,
    AdditionalInfo: null,
    Address: addressOf(random, town, country.alpha3, has('houseNumberMissing')),
    AuthenticationModes: ['NFC RFID Classic', 'NFC RFID DESFire', 'REMOTE'],
    CalibrationLawDataAvailability: 'Not Available',
    ChargingFacilities: [facilityOf(random, has)],
    ChargingPoolID: null,
    ChargingStationId: `${operator.operatorId}*S${station}`,
    ChargingStationLocationReference: null,
    ChargingStationNames: has('namesAsObject') ? names[0] : names,
    ClearinghouseID: null,
    DynamicInfoAvailable: random.weighted({ true: 57, auto: 40, false: 3 }),
    DynamicPowerLevel: null,
    EnergySource: null,
    EnvironmentalImpact: null,
    EvseID: evseId,
    GeoChargingPointEntrance: { Google: has('entranceNone') ? 'None None' : positionOf(random, town, 6) },
    GeoCoordinates: { Google: googleOf(random, town, has) },
    HardwareManufacturer: random.chance(0.05) ? 'Keba AG' : null,
    HotlinePhoneNumber: `${country.phone}${random.digits(9, '123456789')}`,
    HubOperatorID: null,
    IsHubjectCompatible: random.chance(0.6),
    IsOpen24Hours: open24,
    LocationImage: null,
    MaxCapacity: null,
    OpeningTimes: open24 || has('openingTimesMissing') ? null : [{ Period: [{ begin: '06:00', end: '22:00' }], on: 'Everyday' }],
    PaymentOptions: ['Contract'],
    Plugs: ['Type 2 Outlet'],
    RenewableEnergy: random.chance(0.3),
    SuboperatorName: null,
    ValueAddedServices: ['None'],
    ...(has('zoneMissing') ? { lastUpdate: '2026-04-03T07:31:51.301000' } : {}),
    ...(has('mandatoryMissing') ? missingOf(random) : {}),
  });
}

const withoutUndefined = (record: RawRecord): RawRecord =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/** At least one of the four attributes that are missing most often. */
function missingOf(random: Random): RawRecord {
  const missing: Record<string, unknown> = {};
  if (random.chance(0.858)) missing['PaymentOptions'] = undefined;
  if (random.chance(0.675)) missing['ValueAddedServices'] = random.chance(0.93) ? undefined : [];
  if (random.chance(0.676)) missing['AuthenticationModes'] = [];
  if (random.chance(0.045)) missing['ChargingStationNames'] = null;
  return Object.keys(missing).length > 0 ? missing : { PaymentOptions: undefined };
}

function evseIdOf(of: { random: Random; operator: GeneratedOperator; index: number; mixedCase: boolean }): string {
  const { random, operator, index, mixedCase } = of;
  const [country = 'DE', short = 'XXX'] = operator.operatorId.split('*');
  const local = mixedCase ? `${random.pick(['Alexandra', 'Bahnhof', 'Seeblick'])}*${index}` : `${100_000 + index}`;
  return `${country}*${short.slice(0, 3)}*E*${local}`;
}

function namesOf(random: Random, town: Town, lang: string, station: number): readonly { lang: string; value: string }[] {
  const value = `${town.name} ${random.pick(SITES)} ${station}`;
  return random.chance(0.5) ? [{ lang, value }] : [{ lang, value }, { lang: 'en', value }];
}

function addressOf(random: Random, town: Town, country: string, withoutHouseNumber: boolean): RawRecord {
  return {
    City: town.name,
    Country: country,
    Floor: null,
    ...(withoutHouseNumber ? (random.chance(0.58) ? {} : { HouseNum: '' }) : { HouseNum: String(random.integer(1, 140)) }),
    ParkingFacility: null,
    ParkingSpot: null,
    PostalCode: town.postalCode,
    Region: null,
    Street: random.pick(STREETS),
  };
}

function facilityOf(random: Random, has: (defect: Defect) => boolean): RawRecord {
  const direct = has('largeAmperage') || (!has('powerFractional') && random.chance(0.2));
  const power = powerOf(random, direct, has);
  return {
    ...(direct
      ? { Amperage: has('largeAmperage') ? random.pick([125, 200, 261, 375, 500]) : 80, Voltage: 400 }
      : random.chance(0.5) ? { Amperage: 32, Voltage: 230 } : {}),
    ...(power === undefined ? {} : { power }),
    powertype: has('powerTypeMissing') ? null : direct ? 'DC' : power === 3.7 || power === 7.4 ? 'AC_1_PHASE' : 'AC_3_PHASE',
  };
}

function powerOf(random: Random, direct: boolean, has: (defect: Defect) => boolean): number | string | undefined {
  if (has('powerMissing')) return undefined;
  if (has('powerZero')) return 0;
  if (has('powerFractional')) return random.pick([3.7, 7.4, 22.5]);
  const power = direct ? random.pick([50, 75, 150, 300]) : random.pick([11, 22, 22, 22]);
  return has('powerAsText') ? `${power}.0` : power;
}

function googleOf(random: Random, town: Town, has: (defect: Defect) => boolean): string {
  if (has('placeholderPosition')) return '50.0 -15.0';
  if (has('outsideCountry')) return random.pick(['31.230416 121.473701', '51.507351 -0.127758']);
  return positionOf(random, town, has('manyDecimals') ? 14 : 6);
}

/** "lat lon", within some kilometres of the town. */
function positionOf(random: Random, { latitude, longitude }: Town, places: 6 | 14): string {
  const near = (degrees: number): string => {
    const text = (degrees + (random.next() - 0.5) * 0.08).toFixed(6);
    return places === 6 ? text : text + random.digits(places - 7) + random.digits(1, '123456789');
  };
  return `${near(latitude)} ${near(longitude)}`;
}
