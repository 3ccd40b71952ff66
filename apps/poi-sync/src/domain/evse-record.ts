/**
 * What we look at in a PullEvseDataRecord (OICP §9.1). Everything may be absent: operators on older versions of OICP
 * leave out what is mandatory today (§15), and HBS writes `null` for it.
 */
export interface EvseRecord {
  readonly EvseID: string;
  readonly OperatorID?: string | null | undefined;
  readonly OperatorName?: string | null | undefined;
  readonly Address?: { readonly Country?: Optional; readonly HouseNum?: Optional } | null | undefined;
  readonly GeoCoordinates?: GeoCoordinates | null | undefined;
  readonly ChargingFacilities?: readonly ChargingFacility[] | null | undefined;
  readonly CalibrationLawDataAvailability?: Optional;
  readonly IsHubjectCompatible?: boolean | null | undefined;
  readonly IsOpen24Hours?: boolean | null | undefined;
  readonly OpeningTimes?: readonly unknown[] | null | undefined;
  readonly PaymentOptions?: readonly unknown[] | null | undefined;
  readonly ValueAddedServices?: readonly unknown[] | null | undefined;
  readonly AuthenticationModes?: readonly unknown[] | null | undefined;
  readonly ChargingStationNames?: readonly unknown[] | null | undefined;
}

type Optional = string | null | undefined;

/** One of three formats is filled (OICP §9.3); aggregators write the Google one as a bare text (E-49). */
export interface GeoCoordinates {
  readonly Google?: { readonly Coordinates?: Optional } | string | null | undefined;
  readonly DecimalDegree?: LatitudeLongitude | null | undefined;
  readonly DegreeMinuteSeconds?: LatitudeLongitude | null | undefined;
}

export interface LatitudeLongitude {
  readonly Latitude?: Optional;
  readonly Longitude?: Optional;
}

export interface ChargingFacility {
  /** kW, decimal text. */
  readonly Power?: string | number | null | undefined;
  readonly PowerType?: Optional;
}
