import {
  ACCESSIBILITIES, ACCESSIBILITY_LOCATIONS, AUTHENTICATION_MODES, CALIBRATION_LAW_DATA_AVAILABILITIES, DELTA_TYPES,
  DYNAMIC_INFO_AVAILABLE, PAYMENT_OPTIONS, PLUGS, VALUE_ADDED_SERVICES,
  type Accessibility, type AccessibilityLocation, type AuthenticationMode, type CalibrationLawDataAvailability,
  type DeltaType, type DynamicInfoAvailable, type PaymentOption, type Plug, type ValueAddedService,
} from '../enums/evse.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { chargingPoolId, dateTime, evseId, operatorId, phoneNumber } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { count, flag, list, literal, object, text } from '../member/types.ts';
import { Address } from '../types/address.ts';
import { ChargingFacility } from '../types/charging-facility.ts';
import { EnergySource, EnvironmentalImpact } from '../types/energy.ts';
import { GeoCoordinates } from '../types/geo-coordinates.ts';
import { InfoText } from '../types/info-text.ts';
import { OpeningTimes } from '../types/opening-times.ts';

const loose = { severity: 'warning' } as const;
/** Lists that the table calls mandatory but that come empty. */
const filled = { notEmpty: true, weight: { severity: 'warning', erratum: 'E-51' } } as const;

/** One charge point; PullEvseDataRecord 2.3 (OICP §9.1). Partners on OICP 2.2 leave mandatory members null (§15). */
export class EvseDataRecord {
  /** What became of it since LastCall. §7.6 */
  @Member(literal(DELTA_TYPES), 'optional')
  readonly deltaType?: OpenLiteral<DeltaType>;

  /** Of this record. §9.1 */
  @Member(dateTime, 'optional')
  readonly lastUpdate?: string;

  /** Mixed case occurs: compare by `evseKey`, send back as it came (E-17). §4.2 */
  @Member(evseId, 'essential')
  readonly EvseID!: string;

  /** §4 */
  @Member(chargingPoolId, 'optional', { aliases: ['ChargingPoolId'], erratum: 'E-11' })
  readonly ChargingPoolID?: string;

  /** ≤ 50. §9.1 */
  @Member(text({ max: 50, weight: loose }), 'optional', { aliases: ['ChargingStationId'], erratum: 'E-11' })
  readonly ChargingStationID?: string;

  /** Names of the station by language. §9.1 */
  @Member(list(object(() => InfoText), filled), 'mandatory')
  readonly ChargingStationNames?: readonly InfoText[];

  /** ≤ 50. §9.1 */
  @Member(text({ max: 50, weight: loose }), 'optional')
  readonly HardwareManufacturer?: string;

  /** URL, ≤ 200. §9.1 */
  @Member(text({ max: 200, weight: loose }), 'optional')
  readonly ChargingStationImage?: string;

  /** ≤ 100. §9.1 */
  @Member(text({ max: 100, weight: loose }), 'optional', { aliases: ['SuboperatorName'] })
  readonly SubOperatorName?: string;

  @Member(object(() => Address), 'mandatory')
  readonly Address?: Address;

  /** In the notation the pull asked for. §9.3 */
  @Member(object(() => GeoCoordinates), 'mandatory')
  readonly GeoCoordinates?: GeoCoordinates;

  @Member(list(literal(PLUGS, { erratum: 'E-57' }), filled), 'mandatory')
  readonly Plugs?: readonly OpenLiteral<Plug>[];

  /** Whether the power is shared or limited at times. §9.1 */
  @Member(flag, 'optional')
  readonly DynamicPowerLevel?: boolean;

  @Member(list(object(() => ChargingFacility), filled), 'mandatory')
  readonly ChargingFacilities?: readonly ChargingFacility[];

  /** Null for partners on OICP 2.2. §9.1 */
  @Member(flag, 'mandatory')
  readonly RenewableEnergy?: boolean;

  @Member(list(object(() => EnergySource)), 'optional')
  readonly EnergySource?: readonly EnergySource[];

  @Member(object(() => EnvironmentalImpact), 'optional')
  readonly EnvironmentalImpact?: EnvironmentalImpact;

  /** `External`: the record of a session carries signed values. Null for partners on OICP 2.2. §12 */
  @Member(literal(CALIBRATION_LAW_DATA_AVAILABILITIES), 'mandatory')
  readonly CalibrationLawDataAvailability?: OpenLiteral<CalibrationLawDataAvailability>;

  @Member(list(literal(AUTHENTICATION_MODES), filled), 'mandatory')
  readonly AuthenticationModes?: readonly OpenLiteral<AuthenticationMode>[];

  /** kWh of a stationary storage, whole. §9.1 */
  @Member(count({ min: 0 }), 'optional')
  readonly MaxCapacity?: number;

  /** `No Payment` excludes the others (E-58). §9.1 */
  @Member(list(literal(PAYMENT_OPTIONS), filled), 'mandatory')
  readonly PaymentOptions?: readonly OpenLiteral<PaymentOption>[];

  @Member(list(literal(VALUE_ADDED_SERVICES), filled), 'mandatory')
  readonly ValueAddedServices?: readonly OpenLiteral<ValueAddedService>[];

  @Member(literal(ACCESSIBILITIES), 'mandatory')
  readonly Accessibility?: OpenLiteral<Accessibility>;

  @Member(literal(ACCESSIBILITY_LOCATIONS), 'optional')
  readonly AccessibilityLocation?: OpenLiteral<AccessibilityLocation>;

  /** Of the operator. §4 */
  @Member(phoneNumber, 'mandatory')
  readonly HotlinePhoneNumber?: string;

  @Member(list(object(() => InfoText)), 'optional')
  readonly AdditionalInfo?: readonly InfoText[];

  /** How to find the station. §9.1 */
  @Member(list(object(() => InfoText)), 'optional')
  readonly ChargingStationLocationReference?: readonly InfoText[];

  /** Where to drive in. §9.1 */
  @Member(object(() => GeoCoordinates), 'optional')
  readonly GeoChargingPointEntrance?: GeoCoordinates;

  @Member(flag, 'mandatory')
  readonly IsOpen24Hours?: boolean;

  /** Mandatory unless open around the clock. §9.5 */
  @Member(list(object(() => OpeningTimes)), 'optional')
  readonly OpeningTimes?: readonly OpeningTimes[];

  /** §6.5 */
  @Member(operatorId, 'optional', { aliases: ['HubOperatorId'] })
  readonly HubOperatorID?: string;

  /** ≤ 20. §9.1 */
  @Member(text({ max: 20, weight: loose }), 'optional')
  readonly ClearinghouseID?: string;

  /** `false`: a remote start is refused (604). §9.1 */
  @Member(flag, 'mandatory')
  readonly IsHubjectCompatible?: boolean;

  /** A text, not a boolean. §10 */
  @Member(literal(DYNAMIC_INFO_AVAILABLE), 'mandatory')
  readonly DynamicInfoAvailable?: OpenLiteral<DynamicInfoAvailable>;

  /** Never to be derived from the EvseID (§6.5); the example prints `OperatorId` (E-12). §9.1 */
  @Member(operatorId, 'mandatory', { aliases: ['OperatorId'], erratum: 'E-12' })
  readonly OperatorID?: string;

  /** ≤ 100; null for partners on OICP 2.2. §9.1 */
  @Member(text({ min: 1, max: 100, weight: loose }), 'mandatory')
  readonly OperatorName?: string;
}
