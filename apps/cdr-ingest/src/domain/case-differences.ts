import type { RecordContent } from './record-content.ts';
import { differingMembers } from './record-content.ts';

/** A member in which two versions differ, for a person's eyes. */
export interface Difference {
  readonly pointer: string;
  /** `null` = the version does not say; a hidden value is described instead of shown. */
  readonly old: string | null;
  readonly new: string | null;
  /** It names, or may name, a card or contract. */
  readonly hidden: boolean;
}

/** What of a record is shown: members whose values name nobody. Elsewhere partners write what they like. */
const SHOWN = new RegExp(`^/(?:${[
  'SessionID', 'PartnerProductID', 'EvseID', 'SessionStart', 'SessionEnd', 'ChargingStart', 'ChargingEnd',
  'ConsumedEnergy',
  'MeterValueStart', 'MeterValueEnd', String.raw`MeterValueInBetween/\d+`, 'HubOperatorID', 'HubProviderID',
  String.raw`SignedMeteringValues/\d+/MeteringStatus`, 'CalibrationLawVerificationInfo/CalibrationLawCertificateID',
].join('|')})$`);
const LONGEST_SHOWN = 200;

/** Member by member, what the newer version says instead. */
export function differencesBetween(older: RecordContent, newer: RecordContent): readonly Difference[] {
  return differingMembers(older, newer).map((pointer) => {
    const hidden = !SHOWN.test(pointer);
    const shown = (text: string | undefined): string | null =>
      text === undefined ? null : hidden ? `(${text.length} characters)` : text.slice(0, LONGEST_SHOWN);
    return { pointer, old: shown(older.values.get(pointer)), new: shown(newer.values.get(pointer)), hidden };
  });
}
