/** OICP §10, enumerations of EVSE data and status. Exact literals, blanks and brackets included. */
export const DELTA_TYPES = ['insert', 'update', 'delete'] as const;
export type DeltaType = (typeof DELTA_TYPES)[number];

export const EVSE_STATUSES = ['Available', 'Reserved', 'Occupied', 'OutOfService', 'EvseNotFound', 'Unknown'] as const;
export type EvseStatusLiteral = (typeof EVSE_STATUSES)[number];

/** No MCS and no NACS: `Tesla Connector` is used for both generations (E-57). */
export const PLUGS = [
  'Small Paddle Inductive', 'Large Paddle Inductive', 'AVCON Connector', 'Tesla Connector', 'NEMA 5-20',
  'Type E French Standard', 'Type F Schuko', 'Type G British Standard', 'Type J Swiss Standard',
  'Type 1 Connector (Cable Attached)', 'Type 2 Outlet', 'Type 2 Connector (Cable Attached)', 'Type 3 Outlet',
  'IEC 60309 Single Phase', 'IEC 60309 Three Phase', 'CCS Combo 2 Plug (Cable Attached)',
  'CCS Combo 1 Plug (Cable Attached)', 'CHAdeMO',
] as const;
export type Plug = (typeof PLUGS)[number];

export const POWER_TYPES = ['AC_1_PHASE', 'AC_3_PHASE', 'DC'] as const;
export type PowerType = (typeof POWER_TYPES)[number];

export const CHARGING_MODES = ['Mode_1', 'Mode_2', 'Mode_3', 'Mode_4', 'CHAdeMO'] as const;
export type ChargingMode = (typeof CHARGING_MODES)[number];

export const AUTHENTICATION_MODES = [
  'NFC RFID Classic', 'NFC RFID DESFire', 'PnC', 'REMOTE', 'Direct Payment', 'No Authentication Required',
] as const;
export type AuthenticationMode = (typeof AUTHENTICATION_MODES)[number];

/** `No Payment` excludes the others (E-58). */
export const PAYMENT_OPTIONS = ['No Payment', 'Direct', 'Contract'] as const;
export type PaymentOption = (typeof PAYMENT_OPTIONS)[number];

export const ACCESSIBILITIES = [
  'Free publicly accessible', 'Restricted access', 'Paying publicly accessible', 'Test Station',
] as const;
export type Accessibility = (typeof ACCESSIBILITIES)[number];

export const ACCESSIBILITY_LOCATIONS = ['OnStreet', 'ParkingLot', 'ParkingGarage', 'UndergroundParkingGarage'] as const;
export type AccessibilityLocation = (typeof ACCESSIBILITY_LOCATIONS)[number];

export const VALUE_ADDED_SERVICES = [
  'Reservation', 'DynamicPricing', 'ParkingSensors', 'MaximumPowerCharging', 'PredictiveChargePointUsage',
  'ChargingPlans', 'RoofProvided', 'None',
] as const;
export type ValueAddedService = (typeof VALUE_ADDED_SERVICES)[number];

/** `External`: signed values come with the charge detail record. `Local`: they can only be seen at the station. */
export const CALIBRATION_LAW_DATA_AVAILABILITIES = ['Local', 'External', 'Not Available'] as const;
export type CalibrationLawDataAvailability = (typeof CALIBRATION_LAW_DATA_AVAILABILITIES)[number];

/** Strings, not booleans. */
export const DYNAMIC_INFO_AVAILABLE = ['true', 'false', 'auto'] as const;
export type DynamicInfoAvailable = (typeof DYNAMIC_INFO_AVAILABLE)[number];

export const ENERGIES = [
  'Solar', 'Wind', 'HydroPower', 'GeothermalEnergy', 'Biomass', 'Coal', 'NuclearEnergy', 'Petroleum', 'NaturalGas',
] as const;
export type Energy = (typeof ENERGIES)[number];

/** `Workdays` are Monday to Friday. */
export const OPENING_DAYS = [
  'Everyday', 'Workdays', 'Weekend', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday',
] as const;
export type OpeningDay = (typeof OPENING_DAYS)[number];

export const GEO_COORDINATES_FORMATS = ['Google', 'DegreeMinuteSeconds', 'DecimalDegree'] as const;
export type GeoCoordinatesFormat = (typeof GEO_COORDINATES_FORMATS)[number];
