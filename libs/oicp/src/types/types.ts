/** The shared types of messages, for those who build them. */
export type { Address } from './address.ts';
export type { CalibrationLawVerificationInfo, SignedMeteringValue } from './calibration-law.ts';
export type { ChargingFacility } from './charging-facility.ts';
export type { EnergySource, EnvironmentalImpact } from './energy.ts';
export type { GeoCoordinates } from './geo-coordinates.ts';
export type { Identification } from './identification.ts';
export type { InfoText } from './info-text.ts';
export type { MeterValueInBetween } from './meter-values.ts';
export type { OpeningTimes, Period, ProductAvailabilityTimes } from './opening-times.ts';
export type { Page } from './page.ts';
export type { SearchCenter } from './search-center.ts';
export type { StatusCode } from './status-code.ts';
