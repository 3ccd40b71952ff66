import { MESSAGE_KINDS, type MessageKind } from '@emp/oicp';
import { nearest } from '../command-line/nearest.ts';
import { WrongUse } from '../command-line/wrong-use.ts';

/** What OICP calls its replies, and people its records. */
const OTHER_NAMES: ReadonlyMap<string, MessageKind> = new Map([
  ['cdr', 'ChargeDetailRecord'],
  ['chargedetailrecords', 'ChargeDetailRecordPage'],
  ['evsedata', 'EvseDataPage'],
  ['chargingnotifications', 'ChargingNotification'],
]);

/** The kind a word means: `ChargeDetailRecord`, `charge-detail-record`, `eRoamingChargeDetailRecord_V2.2`, `cdr`. */
export function messageKindNamed(word: string): MessageKind {
  const kind = OTHER_NAMES.get(bare(word)) ?? MESSAGE_KINDS.find((each) => bare(each) === bare(word));
  if (kind !== undefined) return kind;
  const meant = nearest(bare(word), MESSAGE_KINDS);
  throw new WrongUse(
    `there is no message ${word}`,
    meant === undefined ? `known are ${MESSAGE_KINDS.join(', ')}` : `did you mean ${meant}?`,
  );
}

const bare = (word: string): string =>
  word
    .toLowerCase()
    .replace(/^eroaming/, '')
    .replace(/_v\d+(\.\d+)?$/, '')
    .replaceAll(/[^a-z0-9]/g, '');
