import { operatorId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list, object, text } from '../member/types.ts';
import { StatusCode } from '../types/status-code.ts';
import { EvseStatusRecord } from './evse-status-record.ts';

/** The EVSEs of one operator. §7.7 */
export class OperatorEvseStatus {
  @Member(operatorId, 'mandatory', { aliases: ['OperatorId'] })
  readonly OperatorID?: string;

  /** ≤ 100; optional here, mandatory in the EVSE data (E-50). §7.7 */
  @Member(text({ max: 100, weight: { severity: 'warning' } }), 'optional')
  readonly OperatorName?: string;

  @Member(list(object(() => EvseStatusRecord), { records: true }), 'essential', { aliases: ['EVSEStatusRecord'] })
  readonly EvseStatusRecord!: readonly EvseStatusRecord[];
}

export class EvseStatuses {
  @Member(list(object(() => OperatorEvseStatus), { records: true }), 'essential')
  readonly OperatorEvseStatus!: readonly OperatorEvseStatus[];
}

/** The status of the network; the reply to PullEvseStatus. One unpaged document of tens of megabytes (OICP §7.7). */
export class EvseStatus {
  @Member(
    object(() => EvseStatuses, { bareListIs: 'OperatorEvseStatus' }), 'essential', { aliases: ['EVSEStatuses'] },
  )
  readonly EvseStatuses!: EvseStatuses;

  /** Optional in this reply (E-50). */
  @Member(object(() => StatusCode), 'optional')
  readonly StatusCode?: StatusCode;
}
