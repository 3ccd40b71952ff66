import { Member } from '../member/member.ts';
import { list, object } from '../member/types.ts';
import { StatusCode } from '../types/status-code.ts';
import { EvseStatusRecord } from './evse-status-record.ts';

export class EvseStatusRecords {
  @Member(list(object(() => EvseStatusRecord), { records: true }), 'essential', { aliases: ['EVSEStatusRecord'] })
  readonly EvseStatusRecord!: readonly EvseStatusRecord[];
}

/**
 * The status of the EVSEs asked for; the reply to PullEvseStatusByID (OICP §7.7). The text describes the shape of the
 * other pulls; that is read too (E-02).
 */
export class EvseStatusById {
  @Member(
    object(() => EvseStatusRecords, { bareListIs: 'EvseStatusRecord' }), 'essential',
    { aliases: ['EvseStatusRecords'], erratum: 'E-02' },
  )
  readonly EVSEStatusRecords!: EvseStatusRecords;

  @Member(object(() => StatusCode), 'optional')
  readonly StatusCode?: StatusCode;
}
