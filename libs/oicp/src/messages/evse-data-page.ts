import { Member } from '../member/member.ts';
import { list, object } from '../member/types.ts';
import { Page } from '../types/page.ts';
import { EvseDataRecord } from './evse-data-record.ts';

/** A page of the network; the reply to PullEvseData (OICP §7.6, §2.10). */
export class EvseDataPage extends Page {
  /** Up to 2000 records. Records may shift between pages: dedupe by EvseID. §2.10 */
  @Member(list(object(() => EvseDataRecord), { records: true }), 'essential')
  readonly content!: readonly EvseDataRecord[];
}
