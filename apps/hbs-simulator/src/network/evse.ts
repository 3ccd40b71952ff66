import { Decimal } from '@emp/money';
import { evseKey } from '@emp/oicp';
import { isObject, textIn } from '../json.ts';

export type RawRecord = Readonly<Record<string, unknown>>;

/** One EVSE as HBS knows it: what it serves, and what a station needs to know to charge a car. */
export interface Evse {
  /** As HBS stores it: upper case (OICP §3). */
  readonly evseId: string;
  readonly key: string;
  readonly operatorId: string;
  readonly operatorName: string;
  /** The element of `content[]` as JSON text: the record in its own spelling, absent members as nulls. */
  readonly text: string;
  readonly country: string;
  /** kW; `undefined` if the record names none. */
  readonly powerKw: Decimal | undefined;
  readonly direct: boolean;
  readonly hubjectCompatible: boolean;
  readonly changedAtMs: number;
  readonly deltaType: 'insert' | 'update' | 'delete';
}

/** The members of a PullEvseDataRecord (OICP §9.1); HBS writes those that are absent as null. */
const MEMBERS = [
  'deltaType', 'lastUpdate', 'EvseID', 'ChargingPoolID', 'ChargingStationID', 'ChargingStationNames', 'HardwareManufacturer',
  'ChargingStationImage', 'SubOperatorName', 'Address', 'GeoCoordinates', 'Plugs', 'DynamicPowerLevel', 'ChargingFacilities',
  'RenewableEnergy', 'EnergySource', 'EnvironmentalImpact', 'CalibrationLawDataAvailability', 'AuthenticationModes',
  'MaxCapacity', 'PaymentOptions', 'ValueAddedServices', 'Accessibility', 'AccessibilityLocation', 'HotlinePhoneNumber',
  'AdditionalInfo', 'ChargingStationLocationReference', 'GeoChargingPointEntrance', 'IsOpen24Hours', 'OpeningTimes',
  'HubOperatorID', 'ClearinghouseID', 'IsHubjectCompatible', 'DynamicInfoAvailable', 'OperatorID', 'OperatorName',
] as const;

export interface OperatorOfGroup {
  readonly operatorId: string;
  readonly operatorName: string;
}

/** `undefined` for a record without EvseID. */
export function evseOf(record: RawRecord, operator: OperatorOfGroup, changedAtMs: number): Evse | undefined {
  const id = textIn(record, 'EvseID', 'EvseId');
  if (id === undefined) return undefined;
  const served = { ...record, OperatorID: operator.operatorId, OperatorName: operator.operatorName };
  const present = new Set(Object.keys(served).map((name) => name.toLowerCase()));
  const nulls = Object.fromEntries(MEMBERS.filter((name) => !present.has(name.toLowerCase())).map((name) => [name, null]));
  const facilities = facilitiesOf(record);
  const powers = facilities.flatMap((facility) => facility.power ?? []).filter((power) => power.isGreaterThan(Decimal.zero));
  return {
    ...operator,
    evseId: id.toUpperCase(),
    key: evseKey(id),
    text: JSON.stringify({ ...served, ...nulls }),
    country: isObject(record['Address']) ? textIn(record['Address'], 'Country') ?? '' : '',
    powerKw: powers.reduce<Decimal | undefined>((most, power) => (most?.isGreaterThan(power) === true ? most : power), undefined),
    direct: facilities.some((facility) => facility.direct),
    hubjectCompatible: record['IsHubjectCompatible'] !== false,
    changedAtMs,
    deltaType: 'insert',
  };
}

function facilitiesOf(record: RawRecord): readonly { readonly power: Decimal | undefined; readonly direct: boolean }[] {
  const list = Array.isArray(record['ChargingFacilities']) ? record['ChargingFacilities'] as unknown[] : [];
  return list.filter(isObject).map((facility) => {
    const power = facility['Power'] ?? facility['power'];
    return {
      power: typeof power === 'number' || typeof power === 'string' ? Decimal.tryParse(String(power)) : undefined,
      direct: (facility['PowerType'] ?? facility['powertype']) === 'DC',
    };
  });
}
