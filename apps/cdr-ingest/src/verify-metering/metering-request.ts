/** The signed values of a record as they came, and what the record bills. Plain values: they travel between threads. */
export interface SignedRecord {
  /** `SignedMeteringValue` of each element, byte for byte. */
  readonly values: readonly string[];
  /** `CalibrationLawVerificationInfo.PublicKey`. */
  readonly publicKey: string | null;
  /** `MeteringSignatureEncodingFormat`: a hint. */
  readonly encodingFormat: string | null;
}

export interface MeteringRequest extends SignedRecord {
  /** Keys that somebody registered for the station, the likeliest first. */
  readonly registeredKeys: readonly string[];
  readonly billed: BilledFigures;
}

/** What the record says: kWh as decimal texts, date-times with offset; empty = it does not say. */
export interface BilledFigures {
  readonly energyKwh: string;
  readonly meterStartKwh: string;
  readonly meterEndKwh: string;
  readonly chargingStart: string;
  readonly chargingEnd: string;
  readonly sessionStart: string;
  readonly sessionEnd: string;
}

export const NOT_SIGNED: SignedRecord = { values: [], publicKey: null, encodingFormat: null };
