import type { EvseDataPageRead } from '@emp/hbs-client';
import { findingsByRecord, locateInPage } from '../domain/finding-tally.ts';
import { recordEvse, type RecordedEvse } from './recorded-evse.ts';

/** An id longer than twice what the grammar allows is no id, and would not fit into an index. */
const LONGEST_ID = 100;

export interface PageRecords {
  readonly records: readonly RecordedEvse[];
  /** Why each record was left out. */
  readonly rejected: readonly string[];
}

/** The records of a page with their findings; a record that cannot be taken costs only itself. */
export function recordsOf(page: EvseDataPageRead): PageRecords {
  const byRecord = findingsByRecord(page.findings);
  const places = placesOf(page);
  const rejected = page.rejected.map(({ pointer, findings }) =>
    `page ${page.number}, ${pointer}: ${findings.map(({ message }) => message).join('; ') || 'unreadable'}`);
  const records: RecordedEvse[] = [];
  page.message.content.forEach((record, index) => {
    if (record.EvseID.trim() === '' || record.EvseID.length > LONGEST_ID) {
      rejected.push(`page ${page.number}, /content/${places[index]}: no usable EvseID`);
    } else {
      records.push(recordEvse(record, byRecord.get(places[index] ?? index) ?? []));
    }
  });
  return { records, rejected };
}

/** Where each record that was read stood in the list as it arrived: findings point there. */
function placesOf({ message, rejected }: EvseDataPageRead): readonly number[] {
  const missing = new Set(rejected.flatMap(({ pointer }) => locateInPage(pointer)?.index ?? []));
  const places: number[] = [];
  for (let place = 0; places.length < message.content.length; place += 1) if (!missing.has(place)) places.push(place);
  return places;
}
