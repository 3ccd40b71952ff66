import { Member } from '../member/member.ts';
import { list, object } from '../member/types.ts';
import { Page } from '../types/page.ts';
import { ChargeDetailRecord } from './charge-detail-record.ts';

/** A page of what HBS keeps for us; the reply to GetChargeDetailRecords (OICP §7.8, §2.10). */
export class ChargeDetailRecordPage extends Page {
  /** Up to 2000 records. Repeats across pages are normal: dedupe by SessionID. §2.10 */
  @Member(list(object(() => ChargeDetailRecord), { records: true }), 'essential')
  readonly content!: readonly ChargeDetailRecord[];
}
