/** What a finding leads to: nothing, a mark that travels with the record, or the quarantine. */
export type CheckAction = 'accept' | 'flag' | 'quarantine';

export interface CheckEntry {
  /** For a person who reads the list of checks. */
  readonly about: string;
  /** What happens unless CHECK_POLICY says otherwise. */
  readonly action: CheckAction;
  /** Where the rule comes from. */
  readonly source: string;
  /** Nothing could be billed, or it is not the check's to decide: no policy changes it. */
  readonly fixed?: true;
}

const CDR = 'OICP §8.3';
const ORDER = 'OICP §8.3 (validation to run afterwards)';
const LIMIT = 'our limit';
const NETWORK = 'OICP §8.3, §9.1';
const SIGNED = 'OICP §12, calibration law';

/** Every code that a check gives, by topic. The one list that policy, API and README are made of. */
export const CHECKS = {
  'unreadable': { about: 'the text is no charge detail record', action: 'quarantine', source: CDR, fixed: true },
  'other-content': { about: 'another content came for the session before', action: 'quarantine', source: 'OICP §5', fixed: true },
  'contract-unknown': { about: 'no contract of ours', action: 'quarantine', source: CDR, fixed: true },
  'evse-missing': { about: 'the record names no EVSE', action: 'quarantine', source: CDR, fixed: true },
  'identification-of-other-contract': {
    about: 'we authorized one contract, the record names the card of another', action: 'quarantine', source: CDR,
  },
  'identification-kind-differs': {
    about: 'the session began with another kind of identification', action: 'accept', source: 'OICP §6.4',
  },
  'session-evse-differs': { about: 'the session was authorized at another EVSE', action: 'flag', source: 'OICP §5' },

  'session-time-missing': { about: 'SessionStart or SessionEnd is missing', action: 'quarantine', source: CDR, fixed: true },
  'charging-times-missing': { about: 'ChargingStart or ChargingEnd is missing', action: 'accept', source: 'OICP §15' },
  'time-without-offset': { about: 'an instant has no time-zone offset', action: 'flag', source: 'OICP §3' },
  'offset-differs': { about: 'the offset is not that of the EVSE\'s time zone', action: 'flag', source: ORDER },
  'session-ends-before-start': { about: 'the session ends before it starts', action: 'quarantine', source: ORDER },
  'charging-ends-before-start': { about: 'charging ends before it starts', action: 'quarantine', source: ORDER },
  'charging-outside-session': {
    about: 'charging lies outside the session; within the clock skew only a flag', action: 'quarantine', source: ORDER,
  },
  'ends-in-future': { about: 'the session ends after its record came', action: 'quarantine', source: CDR },
  'session-too-long': { about: 'longer than a car is plugged in', action: 'quarantine', source: LIMIT },
  'record-old': { about: 'the session ended long before its record came', action: 'flag', source: 'OICP §7.8' },
  'overlap-evse': { about: 'another session was on this EVSE at the time', action: 'flag', source: LIMIT },
  'overlap-card': { about: 'the same card was in another session at the time', action: 'flag', source: LIMIT },

  'energy-missing': { about: 'neither ConsumedEnergy nor meter readings', action: 'quarantine', source: CDR, fixed: true },
  'energy-from-meter': { about: 'ConsumedEnergy is missing, taken from the readings', action: 'flag', source: 'OICP §15' },
  'energy-negative': { about: 'the energy is negative', action: 'quarantine', source: CDR },
  'energy-zero': { about: 'no energy was charged', action: 'accept', source: 'OICP §5' },
  'energy-absurd': { about: 'more energy than any car takes', action: 'quarantine', source: CDR },
  'energy-without-duration': { about: 'energy flowed in no time', action: 'flag', source: LIMIT },
  'energy-identity': { about: 'ConsumedEnergy is not what the meter readings say', action: 'quarantine', source: ORDER },
  'meter-runs-backwards': { about: 'MeterValueEnd is below MeterValueStart', action: 'quarantine', source: ORDER },
  'meter-negative': { about: 'a meter reading is negative', action: 'flag', source: LIMIT },
  'in-between-not-monotonic': { about: 'the readings in between do not rise', action: 'flag', source: ORDER },
  'in-between-outside': { about: 'a reading in between lies outside start and end', action: 'flag', source: ORDER },
  'energy-exceeds-power': {
    about: 'more energy than the EVSE can give in the time', action: 'quarantine', source: NETWORK,
  },

  'evse-unknown': { about: 'no EVSE of this id is listed', action: 'quarantine', source: NETWORK },
  'evse-removed': { about: 'the EVSE was not listed any more when the session began', action: 'flag', source: NETWORK },
  'product-not-listed': { about: 'the operator lists prices, but not of this product', action: 'flag', source: 'OICP §7.9' },
  'product-below-power': {
    about: 'the product is for EVSEs of less power than this one has', action: 'flag', source: 'OICP §7.10',
  },

  'metering-missing': {
    about: 'the EVSE declares External, the record has no signed values', action: 'flag', source: 'OICP §8.3, §12',
  },
  'metering-invalid': { about: 'the signed values are not genuine', action: 'quarantine', source: SIGNED },
  'metering-unverifiable': { about: 'nobody can tell whether the signed values are genuine', action: 'flag', source: SIGNED },
  'metering-not-billable': {
    about: 'the meter itself forbids billing the energy', action: 'quarantine', source: SIGNED,
  },
  'metering-energy-differs': {
    about: 'the record bills other energy than was signed; unproven values only flag', action: 'quarantine', source: SIGNED,
  },
  'metering-reading-differs': { about: 'a meter reading is not the signed one', action: 'flag', source: SIGNED },
  'metering-begin-differs': { about: 'the record begins at another time than was signed', action: 'flag', source: SIGNED },
  'metering-end-differs': { about: 'the record ends at another time than was signed', action: 'flag', source: SIGNED },
  'metering-evse-differs': { about: 'the signed values name another EVSE', action: 'flag', source: SIGNED },
  'meter-key-first-use': { about: 'the meter\'s key was seen for the first time', action: 'accept', source: SIGNED },
  'meter-key-changed': {
    about: 'signed with another key than known; than one of first use only a flag', action: 'quarantine', source: SIGNED,
  },
  'meter-key-revoked': { about: 'signed with a key that was revoked', action: 'quarantine', source: SIGNED },
  'meter-key-not-valid-then': { about: 'the key was not valid at the time of the session', action: 'flag', source: SIGNED },
} as const satisfies Readonly<Record<string, CheckEntry>>;

export type CheckCode = keyof typeof CHECKS;

export const checkEntry = (code: CheckCode): CheckEntry => CHECKS[code];

export const isCheckCode = (code: string): code is CheckCode => Object.hasOwn(CHECKS, code);
