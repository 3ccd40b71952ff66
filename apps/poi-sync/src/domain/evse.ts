import { evseKey, operatorKey } from '@emp/oicp';
import { readChargingPower, type ChargingPower } from './charging-power.ts';
import { countryOf } from './country.ts';
import type { EvseRecord } from './evse-record.ts';
import { judgePosition, type PositionVerdict } from './plausible-position.ts';
import { readPosition, type PositionReading } from './position.ts';
import { timeZoneOf } from './time-zone.ts';

/** What the other services need to know of an EVSE. */
export interface Evse {
  /** Exactly the spelling that was pulled. */
  readonly evseId: string;
  readonly evseKey: string;
  /** As the record names it; never derived from the id: one in seven differs. */
  readonly operatorId: string;
  readonly operatorName: string | null;
  readonly country: string | null;
  readonly timeZone: string | null;
  readonly latitude: string | null;
  readonly longitude: string | null;
  readonly maximumPowerKw: string | null;
  readonly powerType: string | null;
  readonly calibrationLaw: string | null;
  readonly hubjectCompatible: boolean | null;
}

/** How the record was understood, for the quality findings. */
export interface EvseReading {
  readonly evse: Evse;
  readonly operatorKey: string;
  readonly position: PositionReading;
  readonly positionVerdict: PositionVerdict | 'missing' | 'unreadable';
  readonly power: ChargingPower;
}

/** Reads a record into our EVSE, any record that has an id: what is missing or wrong becomes `null` and a finding. */
export function readEvse(record: EvseRecord): EvseReading {
  const country = countryOf(record.Address?.Country, record.EvseID);
  const position = readPosition(record.GeoCoordinates);
  const verdict = position.kind === 'read' ? judgePosition(position.position, country) : position.kind;
  const believed = position.kind === 'read' && verdict !== 'placeholder' ? position.position : null;
  const power = readChargingPower(record.ChargingFacilities);
  const operatorId = record.OperatorID ?? '';
  const evse: Evse = {
    evseId: record.EvseID,
    evseKey: evseKey(record.EvseID),
    operatorId,
    operatorName: record.OperatorName ?? null,
    country,
    timeZone: timeZoneOf(believed, verdict, country),
    latitude: believed?.latitude ?? null,
    longitude: believed?.longitude ?? null,
    maximumPowerKw: power.maximumPowerKw,
    powerType: power.powerType,
    calibrationLaw: record.CalibrationLawDataAvailability ?? null,
    hubjectCompatible: record.IsHubjectCompatible ?? null,
  };
  return { evse, operatorKey: operatorKey(operatorId), position, positionVerdict: verdict, power };
}
